//! Surveys: what the bank asks, and what a customer answers (domain.md §6).
//!
//! Promise: no question is required, every one says why it is asked; a branch not taken leaves no answer behind; answers
//! reach recommendations only with the purpose ticked. The same code runs in the browser and on the server.
//! Not here: statistics. Reading order: [`model`] (definition, answers) → [`read`] (from form values and back) →
//! [`rules`] (what is shown, what is next, what may be used).

pub mod model;
pub mod read;
pub mod rules;

#[cfg(test)]
mod definition_tests;
#[cfg(test)]
mod tests;

pub use model::{Answer, Answers, Group, Question, QuestionKind, Role, Survey, SurveyRefusal, needs_2026};
pub use read::{SurveyLimits, field, merge_group, other_field, read_answers, values_of};
pub use rules::{
    Need, Progress, answers_for_advice, ensure_open, kept, need, newly_opened, next_group, progress, progress_of_group, visible,
    visible_in_group,
};
