//! Parameters of suggestions (docs/domain.md §7).

use crate::kernel::parameters::parameters;

parameters! {
    /// What decides about suggestions on one day.
    pub struct SuggestionParameters {
        /// A suggestion is acknowledged within this long.
        suggestion_acknowledge_hours: i64 = 24, Hours, Practice(7);
        /// The longest suggestion.
        suggestion_content_max: i64 = 2_000, Characters, Default(7);
        /// The longest reason or thanks of an answer.
        suggestion_answer_max: i64 = 1_000, Characters, Default(7);
    }
}
