//! The interface of a kind of case. Each kind implements [`Kind`] in its own folder and is listed once in [`crate::KINDS`];
//! shared code uses this interface and knows no kind by name.

use std::hash::{Hash, Hasher};

#[cfg(feature = "records")]
pub use registered::{BoxFuture, Change, CustomerMessage, Effect, Kind, Moved, ParameterReach};

/// The handle of a kind: its code in the database and in URLs, and the two letters at the beginning of its case numbers. The
/// constant is in the kind's folder.
#[derive(Clone, Copy, Debug)]
pub struct CaseKind {
    code: &'static str,
    prefix: &'static str,
}

impl CaseKind {
    /// `prefix` must use the alphabet of [`crate::kernel::ids::CaseNumber`].
    pub const fn new(code: &'static str, prefix: &'static str) -> Self {
        Self { code, prefix }
    }

    /// The code stored and used by the desk's filter.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The two letters at the beginning of its case numbers.
    pub const fn prefix(self) -> &'static str {
        self.prefix
    }
}

// Kinds are compared by their code.
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
    /// Every kind, in the order of the desk.
    pub fn all() -> impl Iterator<Item = Self> {
        crate::KINDS.iter().map(|kind| kind.case_kind())
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code == code)
    }

    /// The implementation of the kind.
    pub fn registered(self) -> &'static dyn Kind {
        // A handle belongs to a registered kind; falling back to the first one keeps this function total.
        *crate::KINDS.iter().find(|kind| kind.case_kind() == self).unwrap_or(&crate::KINDS[0])
    }
}

#[cfg(feature = "records")]
mod registered {
    use std::pin::Pin;

    use serde_json::Value;

    use super::CaseKind;
    use crate::administration::Touch;
    use crate::branches::Reference;
    use crate::cases::board::{BoardDay, OnBoard};
    use crate::cases::table::{Facts, Phase, State, Transition};
    use crate::cases::{CaseLine, DeskRefusal};
    use crate::kernel::audit::Actor;
    use crate::kernel::check::Check;
    use crate::kernel::database::{Conn, Tx};
    use crate::kernel::failure::{Failure, Rejected};
    use crate::kernel::forms::Values;
    use crate::kernel::money::Fen;
    use crate::kernel::parameters::Declaration;
    use crate::kernel::time::{At, Day};

    /// A boxed future, for asynchronous methods of trait objects.
    pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    /// A kind of case: states, table of actions, and effects.
    pub trait Kind: Send + Sync {
        fn case_kind(&self) -> CaseKind;

        /// All states; a new case is in the first unless it says otherwise.
        fn states(&self) -> &'static [State];

        /// The table of actions, in the order of the desk's buttons.
        fn table(&self) -> &'static [Transition];

        /// The states in which the customer is at the branch.
        fn present(&self) -> &'static [&'static str] {
            &[]
        }

        /// The states in which the branch has to make something ready before the customer comes.
        fn to_prepare(&self) -> &'static [&'static str] {
            &[]
        }

        /// What the day board shows of these cases besides their lines, read for all of them at once; nothing by default.
        fn on_board<'a>(
            &'a self,
            _conn: &'a mut Conn,
            _day: &'a BoardDay<'a>,
        ) -> BoxFuture<'a, Result<Vec<(String, OnBoard)>, Failure>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        /// Whether its cases reserve the customer's time, so that they must not overlap.
        fn takes_time(&self) -> bool;

        /// The parameters that the kind declares.
        fn parameters(&self) -> &'static [Declaration];

        /// The message kinds, `<code>_<what>`; the confirmation of a new case comes first.
        fn messages(&self) -> &'static [&'static str];

        /// Those of the messages that repeat what the customer has just done, so that they are no answer of the bank: the
        /// confirmation of a new case, and of what else customers do themselves.
        fn echoes(&self) -> &'static [&'static str] {
            self.messages().get(..1).unwrap_or_default()
        }

        /// One value of each refusal that only this kind has, for the tests that check texts for all kinds.
        fn refusals(&self) -> Vec<DeskRefusal>;

        /// What `lobby check` verifies of the rows of this kind.
        fn check(&self) -> Check;

        /// The facts for the guards of the table.
        fn facts<'a>(
            &'a self,
            conn: &'a mut Conn,
            reference: &'a Reference,
            case: &'a CaseLine,
        ) -> BoxFuture<'a, Result<Facts, Failure>>;

        /// The effects of an action besides the change of state, in the same transaction. A refusal rolls everything back.
        fn apply<'a>(
            &'a self,
            tx: &'a mut Tx,
            change: &'a Change<'a>,
        ) -> BoxFuture<'a, Result<Effect, Rejected<Vec<DeskRefusal>>>>;

        /// The phone number given for the case; `None`: it has none of its own, so the one on file counts.
        fn contact<'a>(&'a self, _tx: &'a mut Tx, _number: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>> {
            Box::pin(async { Ok(None) })
        }

        /// Whether an appointment of this time cannot take place, because the branch is not open for it (docs/domain.md §2).
        fn is_shut(&self, reference: &Reference, branch: &str, start: At, end: At) -> bool {
            !reference.works(branch, start, end)
        }

        /// What must be settled before a branch is closed for good, besides booked times and open cases. Nothing by default.
        fn hangs_on_branch<'a>(
            &'a self,
            _conn: &'a mut Conn,
            _branch: &'a str,
            _from: Day,
        ) -> BoxFuture<'a, Result<Vec<Touch>, Failure>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        /// What a new value of one of its parameters touches: appointments, booked days. Nothing by default.
        fn touched_by_parameter<'a>(
            &'a self,
            _conn: &'a mut Conn,
            _reach: &'a ParameterReach<'a>,
        ) -> BoxFuture<'a, Result<Vec<Touch>, Failure>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    /// A new value of a parameter: at which branches it would apply, and on which days.
    pub struct ParameterReach<'p> {
        pub name: &'static str,
        pub branches: &'p [String],
        pub from: Day,
        /// The day on which a later value replaces it, exclusive.
        pub until: Option<Day>,
        /// The stored text.
        pub value: &'p str,
    }

    impl dyn Kind {
        /// The phase of a state; `None` for an unknown code.
        pub fn phase(&self, state: &str) -> Option<Phase> {
            self.states().iter().find(|known| known.code == state).map(|known| known.phase)
        }
    }

    /// A change of state that the table allows, passed to [`Kind::apply`].
    pub struct Change<'c> {
        /// The case before the change; its row is locked.
        pub case: &'c CaseLine,
        /// Code of the action.
        pub action: &'static str,
        /// Code of the next state.
        pub to: &'static str,
        pub actor: &'c Actor,
        /// The reason for the customer, if the action needs one.
        pub reason: Option<&'c str>,
        /// The posted fields.
        pub posted: &'c Values,
        /// Branches, calendar and parameters.
        pub reference: &'c Reference,
    }

    /// What the engine writes for an action.
    #[derive(Debug, Default)]
    pub struct Effect {
        /// Text for the customer that replaces the reason given.
        pub reason: Option<String>,
        /// Further facts for the history, visible to staff and customer.
        pub detail: Option<Value>,
        /// The message to the customer; `None` if the customer is not informed.
        pub message: Option<CustomerMessage>,
        /// When the bank's answer is due, if it is asked for it from now on.
        pub due_at: Option<At>,
        /// Where and when the appointment is from now on, if it was moved.
        pub moved: Option<Moved>,
        /// The facts for the guards of the kind's table from now on, if they are others.
        pub facts: Option<Facts>,
    }

    /// The place and the time of an appointment that was moved.
    #[derive(Debug)]
    pub struct Moved {
        pub branch_id: String,
        /// Start and end.
        pub time: (At, At),
        /// Amount of a cash booking; `None`: unchanged.
        pub amount: Option<Fen>,
    }

    /// A message to the case's customer.
    #[derive(Debug)]
    pub struct CustomerMessage {
        /// One of [`Kind::messages`].
        pub kind: &'static str,
        /// Values for the text.
        pub details: Value,
        /// The phone number given for this case; `None`: the number on file.
        pub phone: Option<String>,
    }
}
