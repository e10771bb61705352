//! The bank's types, rules and records.
//!
//! This crate knows neither Leptos nor axum; pages and HTTP are in the crates `app` and `server`. Without the feature
//! `records` it holds types and pure rules and compiles for the browser; with it come SQL, secrets and the worker.
//! Next: `kernel` for the shared types, then one folder per capability.

#[cfg(feature = "records")]
use kernel::check::Check;
#[cfg(feature = "records")]
use kernel::parameters::{Declaration, Parameters};

#[cfg(feature = "records")]
pub mod administration;
pub mod appointments;
pub mod branches;
pub mod cases;
pub mod customers;
#[cfg(feature = "records")]
pub mod founding;
#[cfg(feature = "records")]
pub mod imports;
pub mod kernel;
#[cfg(feature = "records")]
pub mod keys;
#[cfg(feature = "records")]
pub mod messages;
pub mod recommendations;
pub mod sessions;
#[cfg(test)]
mod soak;
pub mod suggestions;
pub mod surveys;
#[cfg(feature = "records")]
pub mod worker;

/// The parameters of capabilities that are not kinds of cases. A new capability adds its line here.
#[cfg(feature = "records")]
static OTHER_PARAMETERS: &[&[Declaration]] = &[
    cases::CaseParameters::DECLARED,
    messages::MessageParameters::DECLARED,
    sessions::SessionParameters::DECLARED,
    surveys::SurveyParameters::DECLARED,
    recommendations::AdviceParameters::DECLARED,
    kernel::retention::RetentionParameters::DECLARED,
];

/// All parameters: those of the kinds in the order of [`KINDS`], then the others.
#[cfg(feature = "records")]
pub fn parameters() -> impl Iterator<Item = &'static Declaration> {
    KINDS.iter().map(|kind| kind.parameters()).chain(OTHER_PARAMETERS.iter().copied()).flatten()
}

/// What `lobby check` verifies besides the kinds. A new capability with records adds its line here.
#[cfg(feature = "records")]
static OTHER_CHECKS: &[Check] = &[
    keys::check,
    sessions::check,
    customers::check,
    branches::check,
    cases::check,
    appointments::engagements::check,
    messages::check,
    administration::check,
    founding::check,
    surveys::check,
    recommendations::check,
];

/// All checks: those of the capabilities, then those of the kinds.
#[cfg(feature = "records")]
pub fn checks() -> impl Iterator<Item = Check> {
    OTHER_CHECKS.iter().copied().chain(KINDS.iter().map(|kind| kind.check()))
}

/// Every kind of case, in the order of the desk's list. A new kind adds its entry here.
#[cfg(feature = "records")]
pub static KINDS: &[&dyn cases::Kind] =
    &[&appointments::cash::CashKind, &appointments::reception::ReceptionKind, &suggestions::SuggestionKind];

/// Every kind of change that administrators propose. A new kind adds its line here.
#[cfg(feature = "records")]
pub static CHANGES: &[&dyn administration::ChangeKind] = &[
    &branches::ParameterChange,
    &branches::CalendarChange,
    &branches::BranchChange,
    &branches::HoursChange,
    &branches::ClosureChange,
    &branches::ClosingChange,
    &recommendations::ProductChange,
    &appointments::reception::ReceptionChange,
    &sessions::JoinerChange,
    &sessions::MoverChange,
    &sessions::LeaverChange,
    &sessions::ResetChange,
    &sessions::UnlockChange,
    &sessions::RenameChange,
    &sessions::RoleChange,
];
