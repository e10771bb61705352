//! The life of a suggestion: recorded, then answered once (docs/domain.md §7; without dispatch for now).
//! Pure decisions; reading of forms is in [`super::model`].

use serde::{Deserialize, Serialize};

use super::model::SuggestionRefusal;

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

    /// The state of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// May the desk answer now? The state that follows, or why not.
pub fn decide_answer(state: SuggestionState) -> Result<SuggestionState, SuggestionRefusal> {
    match state {
        SuggestionState::Recorded => Ok(SuggestionState::Answered),
        SuggestionState::Answered => Err(SuggestionRefusal::AlreadyAnswered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_is_answered_once() {
        assert_eq!(decide_answer(SuggestionState::Recorded), Ok(SuggestionState::Answered));
        assert_eq!(decide_answer(SuggestionState::Answered), Err(SuggestionRefusal::AlreadyAnswered));
    }

    #[test]
    fn a_state_reads_by_its_code() {
        for state in SuggestionState::ALL {
            assert_eq!(SuggestionState::parse(state.code()), Some(state));
        }
    }
}
