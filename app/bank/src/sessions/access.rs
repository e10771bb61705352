//! What a role allows ([`Permission`]) and which rows it reaches ([`Scope`]), see docs/domain.md §12. Roles are data:
//! `roles` holds the reach, `role_permissions` the permissions with their effective days.

use serde::{Deserialize, Serialize};

#[cfg(feature = "records")]
use crate::kernel::database::Arg;

/// An action a role may allow. A permission is listed here once some operation checks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Customer's user: book, apply, suggest and cancel for the account holder.
    ActForHolder,
    /// A company's approver: agree to what its operator has booked.
    ApproveForHolder,
    /// Staff: the queue and the cases in scope, with masked personal data.
    SeeCases,
    /// Staff: confirm, decline, answer, cancel, write internal notes.
    AnswerCases,
    /// Staff: actions at the counter (prepare, arrive, pay out, not collected).
    ServeCounter,
    /// Staff: approve or return what another staff member has confirmed.
    ApproveCases,
    /// Staff: read the parameters in force.
    SeeSettings,
    /// Administrator: propose and approve changes of branches, calendar, parameters, products and receptions.
    ChangeSettings,
    /// Branch staff: enter a customer, look one up by number, hand out activation codes.
    EnterCustomers,
    /// Branch head: reset a customer's sign-in after checking the ID.
    ResetSignIn,
    /// Administrator: joiners, movers, leavers, unlocking and resets of staff, and what roles may.
    ManageStaff,
}

impl Permission {
    pub const ALL: [Self; 11] = [
        Self::ActForHolder,
        Self::ApproveForHolder,
        Self::SeeCases,
        Self::AnswerCases,
        Self::ServeCounter,
        Self::ApproveCases,
        Self::SeeSettings,
        Self::ChangeSettings,
        Self::EnterCustomers,
        Self::ResetSignIn,
        Self::ManageStaff,
    ];

    /// The code stored in `role_permissions`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ActForHolder => "holder.act",
            Self::ApproveForHolder => "holder.approve",
            Self::SeeCases => "cases.see",
            Self::AnswerCases => "cases.answer",
            Self::ServeCounter => "counter.serve",
            Self::ApproveCases => "cases.approve",
            Self::SeeSettings => "settings.see",
            Self::ChangeSettings => "settings.change",
            Self::EnterCustomers => "customers.enter",
            Self::ResetSignIn => "sign_in.reset",
            Self::ManageStaff => "staff.manage",
        }
    }

    /// Whether a role with this reach can hold it (docs/domain.md §12): who administers sees no customer, and the counter is at a
    /// branch.
    pub const fn suits(self, reach: Reach) -> bool {
        match self {
            Self::ActForHolder | Self::ApproveForHolder => matches!(reach, Reach::Own),
            Self::SeeCases | Self::AnswerCases | Self::ApproveCases => matches!(reach, Reach::Branch | Reach::Bank),
            Self::ServeCounter | Self::EnterCustomers | Self::ResetSignIn => matches!(reach, Reach::Branch),
            Self::SeeSettings => !matches!(reach, Reach::Own),
            Self::ChangeSettings | Self::ManageStaff => matches!(reach, Reach::Nothing),
        }
    }

    /// Parses a stored code. `None` for a code written by a later version, which therefore allows nothing here.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.code() == code)
    }
}

/// The role that manages the others. Only a second administrator may give it or take it away.
pub const ADMINISTRATOR: &str = "administrator";

/// Which rows a role reaches, as stored in `roles.reach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Customer's user: the rows of the account holder.
    Own,
    /// Branch staff: the rows of their branch.
    Branch,
    /// Head office: the rows of all branches.
    Bank,
    /// Staff without access to any customer's rows.
    Nothing,
}

impl Reach {
    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Branch => "branch",
            Self::Bank => "bank",
            Self::Nothing => "none",
        }
    }

    /// Parses a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "own" => Some(Self::Own),
            "branch" => Some(Self::Branch),
            "bank" => Some(Self::Bank),
            "none" => Some(Self::Nothing),
            _ => None,
        }
    }
}

/// The rows that a query for staff may return. It is created in this folder from a live session. Queries take it and
/// restrict their SQL with it, so that a row out of scope is not even read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(ScopeBounds);

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "records"), expect(dead_code, reason = "the browser makes no scope"))]
enum ScopeBounds {
    Nothing,
    Branch(String),
    Everything,
}

impl Scope {
    /// All rows: for the worker, and for a customer's own case, which is looked up by its owner.
    #[cfg(feature = "records")]
    pub(crate) const EVERYTHING: Self = Self(ScopeBounds::Everything);

    /// No rows.
    pub(super) const NOTHING: Self = Self(ScopeBounds::Nothing);

    /// The scope of a staff member with this reach who works at this branch. Branch staff without a branch see nothing.
    #[cfg(feature = "records")]
    pub(super) fn of(reach: Reach, branch_id: Option<&str>) -> Self {
        match (reach, branch_id) {
            (Reach::Bank, _) => Self(ScopeBounds::Everything),
            (Reach::Branch, Some(branch)) => Self(ScopeBounds::Branch(branch.to_owned())),
            (Reach::Branch, None) | (Reach::Own | Reach::Nothing, _) => Self::NOTHING,
        }
    }

    /// Whether it covers all branches, so that a filter by branch is useful.
    pub fn is_whole_bank(&self) -> bool {
        self.0 == ScopeBounds::Everything
    }

    /// The one branch it covers.
    #[cfg(feature = "records")]
    pub(crate) fn branch(&self) -> Option<&str> {
        match &self.0 {
            ScopeBounds::Branch(branch) => Some(branch),
            ScopeBounds::Nothing | ScopeBounds::Everything => None,
        }
    }

    /// Whether it covers the rows of this branch.
    #[cfg(feature = "records")]
    pub(crate) fn covers(&self, branch: &str) -> bool {
        self.is_whole_bank() || self.branch() == Some(branch)
    }

    /// Whether it covers no row.
    #[cfg(feature = "records")]
    pub(crate) fn is_nothing(&self) -> bool {
        self.0 == ScopeBounds::Nothing
    }

    /// The SQL condition on a column that holds a branch id; its bound values are appended to `args`. A row without a branch
    /// belongs to head office.
    #[cfg(feature = "records")]
    pub(crate) fn condition(&self, column: &str, args: &mut Vec<Arg>) -> String {
        match &self.0 {
            ScopeBounds::Nothing => "FALSE".to_owned(),
            ScopeBounds::Everything => "TRUE".to_owned(),
            ScopeBounds::Branch(branch) => {
                args.push(Arg::from(branch));
                format!("{column} = ${}", args.len())
            }
        }
    }
}

#[cfg(all(test, feature = "records"))]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_condition_on_the_branch_and_denies_by_default() {
        let condition = |reach, branch| {
            let mut args = vec![Arg::from(7_i64)];
            (Scope::of(reach, branch).condition("k.branch_id", &mut args), args.len())
        };
        assert_eq!(condition(Reach::Branch, Some("shiqi")), ("k.branch_id = $2".to_owned(), 2));
        assert_eq!(condition(Reach::Bank, Some("shiqi")), ("TRUE".to_owned(), 1));
        for (reach, branch) in [(Reach::Branch, None), (Reach::Nothing, Some("shiqi")), (Reach::Own, Some("shiqi"))] {
            assert_eq!(condition(reach, branch), ("FALSE".to_owned(), 1), "{reach:?}");
        }
    }

    #[test]
    fn a_permission_of_a_later_version_allows_nothing() {
        assert!(Permission::ALL.into_iter().all(|permission| Permission::parse(permission.code()) == Some(permission)));
        assert_eq!(Permission::parse("vault.open"), None);
    }
}
