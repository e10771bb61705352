//! Suggestions: a customer files one, the desk judges it and answers with thanks (docs/domain.md §7).
//!
//! Every suggestion is answered once, with a judgement, the reason and thanks. Reading order: `form.rs` (the form as data) →
//! `model.rs` (types, parsing, refusals), `claims.rs` (texts that are rather complaints) → `rules.rs` (states) → `kind.rs` (answering), `operations.rs` (filing) →
//! `records.rs` (rows).

#[cfg(feature = "records")]
mod check_records;
mod claims;
mod form;
#[cfg(feature = "records")]
mod kind;
mod model;
#[cfg(feature = "records")]
mod operations;
mod parameters;
#[cfg(feature = "records")]
mod past_records;
#[cfg(feature = "records")]
mod records;
mod rules;

#[cfg(test)]
mod tests;

pub use claims::claims_loss;
pub use form::FORM;
#[cfg(feature = "records")]
pub use kind::{KIND, SuggestionKind};
pub use model::{AnswerText, Category, Judgement, SuggestionLimits, SuggestionRefusal, SuggestionText, TooLong};
#[cfg(feature = "records")]
pub use operations::{Suggestion, detail, limits, record};
pub use parameters::SuggestionParameters;
#[cfg(feature = "records")]
pub use past_records::{PastSuggestion, insert_past_suggestions};
pub use rules::SuggestionState;
