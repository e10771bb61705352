//! Types of a case, whatever its kind. States are codes of the kind.

use serde::{Deserialize, Serialize};

/// Counts shown on the desk's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Cases waiting for an answer, whatever the filter.
    pub waiting: i64,
}

#[cfg(feature = "records")]
pub use stored::{Alarm, BookedTime, CaseLine, EventMark, HistoryLine, NewCase};

#[cfg(feature = "records")]
mod stored {
    use crate::cases::kind::CaseKind;
    use crate::cases::table::{Facts, Phase};
    use crate::kernel::money::Fen;
    use crate::kernel::time::At;

    /// A case for lists and pages.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CaseLine {
        pub number: String,
        pub kind: CaseKind,
        /// The account holder.
        pub customer_id: String,
        /// The holder's name, unmasked; pages for staff must mask it.
        pub customer_name: String,
        /// The branch; `None`: head office.
        pub branch_id: Option<String>,
        /// Code of the state.
        pub state: String,
        /// Raised by every change of state.
        pub version: i64,
        /// Whether it waits for an answer of the bank.
        pub waiting: bool,
        /// When the answer is due (service time).
        pub due_at: At,
        /// The last alarm that was raised.
        pub alarm: Option<Alarm>,
        /// Start and end of the appointment.
        pub time: Option<(At, At)>,
        /// Amount of a cash booking.
        pub amount: Option<Fen>,
        /// Topic of a reception, category of a suggestion.
        pub topic: String,
        pub created_at: At,
    }

    impl CaseLine {
        /// The phase of its state; `None` for a state that its kind does not have.
        pub fn phase(&self) -> Option<Phase> {
            self.kind.registered().phase(&self.state)
        }
    }

    /// A live appointment.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct BookedTime {
        pub number: String,
        pub kind: CaseKind,
        /// Code of the state.
        pub state: String,
        pub branch_id: String,
        pub start: At,
        pub end: At,
    }

    /// An alarm of a clock; each is also an event (docs/domain.md §1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Alarm {
        /// The due time is near.
        Warning,
        /// The due time has passed.
        Breach,
        /// The due time passed so long ago that the superior takes over.
        Escalation,
    }

    impl Alarm {
        /// All alarms in the order in which they are raised.
        pub const ALL: [Self; 3] = [Self::Warning, Self::Breach, Self::Escalation];

        /// The action code in events and audit.
        pub const fn code(self) -> &'static str {
            match self {
                Self::Warning => "warn",
                Self::Breach => "breach",
                Self::Escalation => "escalate",
            }
        }

        /// Parses the action code of an event.
        pub fn parse(action: &str) -> Option<Self> {
            Self::ALL.into_iter().find(|alarm| alarm.code() == action)
        }
    }

    /// A new case. It gets its number on insertion.
    #[derive(Clone, Debug)]
    pub struct NewCase {
        pub kind: CaseKind,
        /// The account holder.
        pub customer_id: String,
        /// The branch, if the kind has one; `None`: the customer's usual branch.
        pub branch_id: Option<String>,
        /// The state it begins in; `None`: the first one of its kind.
        pub state: Option<&'static str>,
        /// When the answer is due; in a state in which the bank is not asked yet, until when it can stay there.
        pub due_at: At,
        /// Start and end of the appointment.
        pub time: Option<(At, At)>,
        /// The facts for the guards of the kind's table.
        pub facts: Facts,
        /// Amount of a cash booking.
        pub amount: Option<Fen>,
        /// Topic of a reception, category of a suggestion.
        pub topic: String,
    }

    /// One event of a case.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct HistoryLine {
        /// Version of the case after the event. A state change increments it; other events leave it unchanged.
        pub version: i64,
        pub at: At,
        /// Role code of the author; `system` for the worker.
        pub role: String,
        /// Name of the author, for staff.
        pub user_name: String,
        /// Code of the action.
        pub action: String,
        /// State before; `None` for the first entry.
        pub from: Option<String>,
        /// State after; `None` if the event is not a state change.
        pub to: Option<String>,
        /// Text entered by the author: the reason of a state change, or the content of a note.
        pub reason: Option<String>,
        /// Additional facts, as a JSON object.
        pub detail: serde_json::Value,
    }

    /// Identifies one event to the live stream of a desk page.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EventMark {
        /// Sequence number of the event.
        pub seq: i64,
        /// Number of the case.
        pub number: String,
    }
}
