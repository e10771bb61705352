//! What a kind of case is. Each kind implements [`Kind`] in its own folder and stands once in [`crate::KINDS`]; everything
//! shared asks here and names no kind.

use std::hash::{Hash, Hasher};

#[cfg(feature = "records")]
pub use registered::{Change, Effect, Kind, Later, Told};

/// The handle of a kind: the stable code of the database and of addresses, and the two letters its numbers begin with.
/// The constant stands in the kind's folder.
#[derive(Clone, Copy, Debug)]
pub struct CaseKind {
    code: &'static str,
    prefix: &'static str,
}

impl CaseKind {
    /// A kind; the letters are of the alphabet of [`crate::kernel::ids::CaseNumber`].
    pub const fn new(code: &'static str, prefix: &'static str) -> Self {
        Self { code, prefix }
    }

    /// As stored and as the desk's filter `kind` names it.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The two letters its numbers begin with.
    pub const fn prefix(self) -> &'static str {
        self.prefix
    }
}

// A kind is its code.
impl PartialEq for CaseKind {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}
impl Eq for CaseKind {}
impl Hash for CaseKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

#[cfg(feature = "records")]
impl CaseKind {
    /// Every kind, as the desk lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        crate::KINDS.iter().map(|kind| kind.case_kind())
    }

    /// From storage or a query.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code == code)
    }

    /// Its states, actions and effects.
    pub fn registered(self) -> &'static dyn Kind {
        // A handle is made by a kind of the registry; the first one keeps this total.
        *crate::KINDS.iter().find(|kind| kind.case_kind() == self).unwrap_or(&crate::KINDS[0])
    }
}

#[cfg(feature = "records")]
mod registered {
    use std::pin::Pin;

    use serde_json::Value;

    use super::CaseKind;
    use crate::branches::Reference;
    use crate::cases::table::{Facts, Line, Phase, State};
    use crate::cases::{CaseLine, DeskRefusal};
    use crate::kernel::audit::Actor;
    use crate::kernel::database::{Conn, Tx};
    use crate::kernel::failure::{Failure, Rejected};
    use crate::kernel::forms::Values;

    /// A boxed future: the asynchronous methods of a trait object.
    pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    /// A kind of case: its states, who may do what in them, and what an action does.
    pub trait Kind: Send + Sync {
        /// Its handle.
        fn case_kind(&self) -> CaseKind;

        /// Every state; a new case is in the first.
        fn states(&self) -> &'static [State];

        /// Who may do what, in the order of the desk's buttons.
        fn table(&self) -> &'static [Line];

        /// Whether its cases take the customer's time: then no two of one customer overlap.
        fn takes_time(&self) -> bool;

        /// Parameters that decide about it.
        fn parameters(&self) -> &'static [&'static str];

        /// Messages its customers get, `<code>_<what>`; the receipt of a new case first.
        fn messages(&self) -> &'static [&'static str];

        /// One of each of its own refusals at the desk, so that the tests that walk the kinds find what has no words.
        fn refusals(&self) -> Vec<DeskRefusal>;

        /// What the guards of the table are decided on.
        fn facts<'a>(
            &'a self,
            conn: &'a mut Conn,
            reference: &'a Reference,
            case: &'a CaseLine,
        ) -> Later<'a, Result<Facts, Failure>>;

        /// What the action does beside the change of state, in the same transaction. A refusal rolls everything back.
        fn apply<'a>(&'a self, tx: &'a mut Tx, change: &'a Change<'a>) -> Later<'a, Result<Effect, Rejected<Vec<DeskRefusal>>>>;
    }

    impl dyn Kind {
        /// The phase of a state; `None` for a code that is none of its states.
        pub fn phase(&self, state: &str) -> Option<Phase> {
            self.states().iter().find(|known| known.code == state).map(|known| known.phase)
        }
    }

    /// A change of state that the table allows, for [`Kind::apply`].
    pub struct Change<'c> {
        /// The case as it stands, its row locked.
        pub case: &'c CaseLine,
        /// The action's code.
        pub action: &'static str,
        /// The state it leads to.
        pub to: &'static str,
        /// Who acts.
        pub actor: &'c Actor,
        /// The reason that was asked for.
        pub reason: Option<&'c str>,
        /// The posted fields.
        pub posted: &'c Values,
        /// Branches, calendar and parameters.
        pub reference: &'c Reference,
    }

    /// What an action leaves to the engine to write.
    #[derive(Debug, Default)]
    pub struct Effect {
        /// Said to the customer in place of the reason that was asked for.
        pub reason: Option<String>,
        /// Further facts of the change, shown to staff and customer alike.
        pub detail: Option<Value>,
        /// What the customer is told; `None`: it stays inside the bank.
        pub told: Option<Told>,
    }

    /// A message to the case's customer.
    #[derive(Debug)]
    pub struct Told {
        /// One of [`Kind::messages`].
        pub kind: &'static str,
        /// Values for the text.
        pub details: Value,
        /// The number the customer gave for this case; `None`: the one the bank holds.
        pub phone: Option<String>,
    }
}
