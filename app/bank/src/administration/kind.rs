//! The interface of a kind of change.

use std::sync::LazyLock;

use super::model::Touch;
use super::refusals::ChangeRefusal;
use crate::branches::Reference;
use crate::cases::BoxFuture;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Form, Values};
use crate::kernel::time::{At, Day};
use crate::sessions::Permission;

/// What stands now; `None`: there is no such subject.
pub type Standing<'a> = BoxFuture<'a, Result<Option<Values>, Failure>>;

/// A valid proposal, or every reason against it.
pub type Judged<'a> = BoxFuture<'a, Result<Judgement, Rejected<Vec<ChangeRefusal>>>>;

/// The end of applying a change; a refusal rolls everything back.
pub type Applied<'a> = BoxFuture<'a, Result<(), Rejected<Vec<ChangeRefusal>>>>;

/// A kind of change that administrators propose.
pub trait ChangeKind: Send + Sync {
    /// The code stored with a request.
    fn code(&self) -> &'static str;

    /// Who proposes and decides it.
    fn permission(&self) -> Permission {
        Permission::ChangeSettings
    }

    /// Its form, made by [`super::change_form`].
    fn form(&self) -> &'static LazyLock<Form>;

    /// Whether its judgement counts cases, such as what is booked. Then no case is opened between the judgement and the commit.
    fn counts_cases(&self) -> bool {
        false
    }

    /// What stands now, as values of the form; empty for something that does not exist yet. `None`: there is no such subject.
    /// Read from rows in the given transaction, because it decides whether a request is outdated.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a>;

    /// Validates the values and says what they would touch. Changes nothing. Called for the preview, for the proposal and again
    /// for the approval.
    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a>;

    /// Applies what [`ChangeKind::judge`] has just accepted in the same transaction.
    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a>;
}

impl dyn ChangeKind {
    /// The kind with this code.
    pub fn parse(code: &str) -> Option<&'static Self> {
        crate::CHANGES.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A proposal to be judged.
pub struct Proposal<'p> {
    /// What is changed; empty for something new.
    pub subject: &'p str,
    /// As typed.
    pub values: &'p Values,
    /// Branches, calendar and parameters, read in the same transaction.
    pub reference: &'p Reference,
    pub now: At,
    /// Who proposes it.
    pub proposed_by: &'p str,
}

/// A proposal that is valid.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The values in their stored form.
    pub values: Values,
    /// `None`: from the moment it is applied.
    pub effective_from: Option<Day>,
    /// Why a second administrator has to approve it; `None`: it is applied at once.
    pub second: Option<Second>,
    pub touches: Vec<Touch>,
}

/// Why a change needs a second administrator (docs/domain.md §12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// Amounts and stocks.
    Money,
    /// What staff may do, and how they sign in.
    Rights,
    /// Parameters of sign-in and of keeping personal data.
    Guard,
    /// Another risk level of a product.
    RiskLevel,
    /// A new branch.
    BranchOpens,
    /// A branch closes for good.
    BranchCloses,
    /// Appointments stand in time that would be closed.
    Booked,
}
