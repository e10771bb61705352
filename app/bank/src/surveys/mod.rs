//! Surveys: definitions, customers' answers, and their use (docs/domain.md §6).
//!
//! No question is required, and every question says why it is asked. Answers to questions that are no longer shown are
//! dropped on submission. Answers reach recommendations only with the customer's tick. The rules run on the server only; pages
//! carry the conditions of their questions in attributes, which the browser's script evaluates. Reading order: `model.rs`
//! (definition, answers) → `form.rs` (the form as data) → `read.rs` (form values to answers and back) → `rules.rs` (what is
//! shown, next, usable) → `operations.rs` → `records.rs`; `entry.rs` (a survey as a file or a page gives it).

#[cfg(feature = "records")]
mod check_records;
mod entry;
mod form;
mod model;
#[cfg(feature = "records")]
mod operations;
mod parameters;
mod read;
#[cfg(feature = "records")]
mod records;
mod rules;

#[cfg(test)]
mod definition_tests;
#[cfg(test)]
mod tests;

#[cfg(feature = "records")]
pub(crate) use check_records::check;
pub use entry::SurveyEntry;
pub use form::{CHECK, declared, fields};
pub use model::{
    Answer, Answers, Choice, FOR_RECOMMENDATIONS, Group, OTHER, Question, QuestionKind, QuestionRole, SURVEY_VERSION, ShownIf,
    Survey, SurveyRefusal, needs_2026,
};
#[cfg(feature = "records")]
pub use operations::{
    Opened, Published, Response, SurveyForm, advice_answers, form, limits, list, need_key, open_form, published, response, submit,
};
pub use parameters::SurveyParameters;
pub use read::{SurveyLimits, field, other_field, read_all, read_answers, values_of};
#[cfg(feature = "records")]
pub use records::{insert_survey, put_survey};
pub use rules::{
    Progress, SurveyChange, SurveyNeed, TOPIC, answers_for_advice, asked_through, changes, ensure_open, kept, need, next_group,
    passed, possible_in_group, progress, visible, visible_in_group,
};
