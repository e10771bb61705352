//! Parameters of suggestions (docs/domain.md §7).

use crate::kernel::parameters::parameters;

parameters! {
    /// Parameters of suggestions in force on one day.
    pub struct SuggestionParameters {
        /// Time within which a suggestion is acknowledged.
        suggestion_acknowledge_hours: i64 = 24, Hours, Practice(7), 1..=168;
        /// Maximum length of a suggestion.
        suggestion_content_max: i64 = 2_000, Characters, Default(7), 100..=10_000;
        /// Maximum length of the reason and of the thanks in an answer.
        suggestion_answer_max: i64 = 1_000, Characters, Default(7), 100..=10_000;
    }
}
