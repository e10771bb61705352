//! Suggestions: a customer proposes, the desk judges and answers with thanks (domain.md §7).
//!
//! Promise: every suggestion is answered once, with a judgement, the reason and thanks. Not here: publishing,
//! attachments, retyping as a complaint. Reading order: [`model`] (categories, wishes, refusals) → [`rules`] (states).

pub mod model;
pub mod rules;

#[cfg(test)]
mod tests;

pub use model::{AnswerWish, Category, Judgement, SuggestionLimits, SuggestionRefusal, SuggestionWish};
pub use rules::{SuggestionState, decide_answer};
