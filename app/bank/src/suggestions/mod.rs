//! Suggestions: a customer proposes, the desk judges and answers with thanks (docs/domain.md §7).
//!
//! Promise: every suggestion is answered once, with a judgement, the reason and thanks. Not here: publishing,
//! attachments, retyping as a complaint. Reading order: `model.rs` (categories, wishes, refusals) → `rules.rs` (states)
//! → `operations.rs` (record, answer) → `records.rs` (rows).

mod model;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;
mod rules;

#[cfg(test)]
mod tests;

pub use model::{AnswerWish, Category, Judgement, SuggestionLimits, SuggestionRefusal, SuggestionWish, TooLong};
#[cfg(feature = "records")]
pub use operations::{FORM, Suggestion, answer, detail, limits, no_room, record};
pub use rules::{SuggestionState, decide_answer};
