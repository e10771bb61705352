//! Why a change is not proposed or not applied.

use serde::{Deserialize, Serialize};

use super::model::{ChangeState, Difference, Touch};
use crate::kernel::entries::EntryRefusal;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::parameters::Bounds;
use crate::kernel::time::{Day, day_text};

/// Maximum length of the reason of a rejection, characters.
pub const REASON_MAX: i64 = 300;

/// A refusal of a proposal or of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeRefusal {
    /// A field is empty.
    Missing {
        field: String,
    },
    /// A value that the rule of its field does not accept.
    Invalid {
        field: String,
    },
    /// A number outside the bounds of its parameter (inclusive, in its unit).
    OutOfBounds {
        field: String,
        lowest: i64,
        highest: i64,
        number: i64,
    },
    /// A value that the row rules of its capability refuse. Not stored with a form: its page validates again.
    #[serde(skip)]
    Entry(EntryRefusal),
    /// Something hangs on it that must be settled first.
    Blocked {
        by: Vec<Touch>,
    },
    /// The effective day has passed.
    DayPassed {
        /// Rows of an earlier version name none: it was always the effective day.
        #[serde(default = "effective")]
        field: String,
        earliest: Day,
    },
    /// Nothing differs from what stands.
    NothingChanges,
    /// Another request for the same thing is waiting.
    AlreadyWaiting {
        id: String,
    },
    /// What it touches has changed since the page was shown.
    PreviewChanged,
    /// What stood when it was proposed has changed since; nothing is applied.
    Outdated {
        changed: Vec<Difference>,
    },
    /// It has been decided.
    Decided {
        state: ChangeState,
    },
    /// Nobody decides on what they proposed.
    OwnProposal,
    /// Only the proposer withdraws.
    NotProposer,
    /// The user may not change this (any more).
    NotYours,
    /// The proposer may not change this any more.
    ProposerMayNot,
    ReasonMissing,
    ReasonTooLong {
        max: i64,
        length: i64,
    },
}

/// The field with the effective day.
fn effective() -> String {
    super::forms::FROM.to_owned()
}

impl Refusal for ChangeRefusal {
    fn code(&self) -> &str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Invalid { .. } => "invalid",
            Self::OutOfBounds { .. } => "out_of_bounds",
            Self::Entry(entry) => entry.rule.code(),
            Self::Blocked { .. } => "blocked",
            Self::DayPassed { .. } => "day_passed",
            Self::NothingChanges => "nothing_changes",
            Self::AlreadyWaiting { .. } => "already_waiting",
            Self::PreviewChanged => "preview_changed",
            Self::Outdated { .. } => "outdated",
            Self::Decided { .. } => "decided",
            Self::OwnProposal => "own_proposal",
            Self::NotProposer => "not_proposer",
            Self::NotYours => "not_yours",
            Self::ProposerMayNot => "proposer_may_not",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonTooLong { .. } => "reason_too_long",
        }
    }

    fn field(&self) -> &str {
        match self {
            Self::Missing { field }
            | Self::Invalid { field }
            | Self::OutOfBounds { field, .. }
            | Self::DayPassed { field, .. } => field,
            Self::Entry(entry) => entry.column,
            Self::ReasonMissing | Self::ReasonTooLong { .. } => "reason",
            _ => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        match self {
            Self::DayPassed { field, earliest } => vec![Nearest(vec![(field.clone(), day_text(*earliest))])],
            Self::OutOfBounds { field, lowest, highest, number } => {
                let nearest = Bounds { lowest: *lowest, highest: *highest }.nearest(*number);
                vec![Nearest(vec![(field.clone(), nearest.to_string())])]
            }
            _ => Vec::new(),
        }
    }
}

impl From<EntryRefusal> for ChangeRefusal {
    fn from(entry: EntryRefusal) -> Self {
        Self::Entry(entry)
    }
}

/// The refusals of an entry as those of a change.
pub(crate) fn entry_refused(refusals: Vec<EntryRefusal>) -> Vec<ChangeRefusal> {
    refusals.into_iter().map(ChangeRefusal::from).collect()
}

/// The refusals of one attempt, stored with its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNotDone {
    pub refusals: Vec<ChangeRefusal>,
}
