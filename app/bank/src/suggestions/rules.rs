//! The states of a suggestion: filed, then answered once (docs/domain.md §7). The permission to answer is in `kind.rs`, the
//! parsing of forms in [`super::model`].

use serde::{Deserialize, Serialize};

use crate::cases::Phase;

/// State of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionState {
    /// Filed; not answered yet.
    Recorded,
    Answered,
}

impl SuggestionState {
    pub const ALL: [Self; 2] = [Self::Recorded, Self::Answered];

    /// The code: value of the column and of the catalogue key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Answered => "answered",
        }
    }

    /// The phase: waiting, live or final.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Recorded => Phase::Waiting,
            Self::Answered => Phase::Final,
        }
    }

    /// Parses a code.
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
