//! Types of a case, whatever its kind. States are the kind's own stable codes.

use serde::{Deserialize, Serialize};

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 大额取款预约
    Cash,
    /// 客户接待日
    Reception,
    /// 建议
    Suggestion,
}

impl CaseKind {
    /// Every kind, as the desk lists them.
    pub const ALL: [Self; 3] = [Self::Cash, Self::Reception, Self::Suggestion];

    /// As stored and as the desk's filter `kind` names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Reception => "reception",
            Self::Suggestion => "suggestion",
        }
    }

    /// From storage or a query.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The two letters its numbers begin with: 取款, 接待, 建议.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Cash => "QK",
            Self::Reception => "JD",
            Self::Suggestion => "JY",
        }
    }
}

/// What the desk's list is told when something has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Cases waiting for an answer, whatever the filter.
    pub waiting: i64,
}

#[cfg(feature = "records")]
pub use stored::{CaseLine, CaseMove, HistoryLine, NewCase, NoteLine};

#[cfg(feature = "records")]
mod stored {
    use super::CaseKind;
    use crate::kernel::audit::Actor;
    use crate::kernel::money::Fen;
    use crate::kernel::time::At;

    /// A case as lists show it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CaseLine {
        /// Read-out number.
        pub number: String,
        /// What it is about.
        pub kind: CaseKind,
        /// The holder.
        pub customer_id: String,
        /// The holder's name, unmasked: pages for staff mask it.
        pub customer_name: String,
        /// The branch it belongs to; `None`: head office.
        pub branch_id: Option<String>,
        /// Code of the kind's state.
        pub state: String,
        /// Raised by every change.
        pub version: i64,
        /// Whether the bank owes an answer.
        pub waiting: bool,
        /// When the answer is due (service time).
        pub due_at: At,
        /// When it was escalated for being late.
        pub escalated_at: Option<At>,
        /// When the appointment begins and ends.
        pub time: Option<(At, At)>,
        /// Amount of a cash booking.
        pub amount: Option<Fen>,
        /// Topic of a reception, category of a suggestion.
        pub topic: String,
        /// When it was recorded.
        pub created_at: At,
    }

    /// A case to be recorded.
    #[derive(Clone, Debug)]
    pub struct NewCase {
        /// A fresh number.
        pub number: String,
        /// What it is about.
        pub kind: CaseKind,
        /// The holder.
        pub customer_id: String,
        /// The branch, where the kind has one; `None`: the customer's usual branch.
        pub branch_id: Option<String>,
        /// Code of the first state; the bank owes an answer in it.
        pub state: &'static str,
        /// When the answer is due.
        pub due_at: At,
        /// When the appointment begins and ends.
        pub time: Option<(At, At)>,
        /// When the system acts by itself if nothing happens.
        pub acts_at: Option<At>,
        /// Amount of a cash booking.
        pub amount: Option<Fen>,
        /// Topic of a reception, category of a suggestion.
        pub topic: String,
    }

    /// One change of state, as it is stored and told.
    #[derive(Clone, Debug)]
    pub struct CaseMove<'m> {
        /// Which case.
        pub number: &'m str,
        /// The version it was decided on.
        pub version: i64,
        /// The state it was decided on.
        pub from: &'m str,
        /// The new state.
        pub to: &'m str,
        /// The action's stable code.
        pub action: &'static str,
        /// Who.
        pub actor: &'m Actor,
        /// Whether the bank owes an answer in the new state.
        pub waiting: bool,
        /// When the system acts by itself in the new state.
        pub acts_at: Option<At>,
        /// Told to the customer, as typed.
        pub reason: Option<String>,
        /// Further facts of the change, JSON; shown to staff and customer alike.
        pub detail: serde_json::Value,
    }

    /// One entry of a case's history.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct HistoryLine {
        /// When.
        pub at: At,
        /// Role code of who did it; `system` for the worker.
        pub role: String,
        /// Their name, for staff.
        pub user_name: String,
        /// The action's code.
        pub action: String,
        /// State before, `None` for the first entry.
        pub from: Option<String>,
        /// State after.
        pub to: String,
        /// As typed.
        pub reason: Option<String>,
        /// Further facts.
        pub detail: serde_json::Value,
    }

    /// A note only staff see.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NoteLine {
        /// When.
        pub at: At,
        /// Who.
        pub user_name: String,
        /// What.
        pub content: String,
    }
}
