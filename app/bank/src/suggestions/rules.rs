//! The states of a suggestion: recorded, then answered once (docs/domain.md §7). Who answers is in `kind.rs`, the reading of
//! forms in [`super::model`].

use serde::{Deserialize, Serialize};

use crate::cases::Phase;

/// Where a suggestion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionState {
    /// Recorded; the desk has not answered yet.
    Recorded,
    /// Answered, with thanks.
    Answered,
}

impl SuggestionState {
    /// All states.
    pub const ALL: [Self; 2] = [Self::Recorded, Self::Answered];

    /// Stable code: the value of the column and of the catalogue key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Answered => "answered",
        }
    }

    /// What it means for everybody.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Recorded => Phase::Waiting,
            Self::Answered => Phase::Final,
        }
    }

    /// The state of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_by_its_code() {
        for state in SuggestionState::ALL {
            assert_eq!(SuggestionState::parse(state.code()), Some(state));
        }
    }
}
