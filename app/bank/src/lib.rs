//! The bank's types, rules and records.
//!
//! This crate knows neither Leptos nor axum; pages and HTTP are in the crates `app` and `server`. Without the feature
//! `records` it holds types and pure rules and compiles for the browser; with it come SQL, secrets and the worker.
//! Next: `kernel` for the shared types, then one folder per capability.

pub mod appointments;
pub mod branches;
pub mod cases;
#[cfg(feature = "records")]
pub mod customers;
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

/// Every kind of case, in the order of the desk's list. A new kind adds its line here.
#[cfg(feature = "records")]
pub static KINDS: &[&dyn cases::Kind] =
    &[&appointments::cash::CashKind, &appointments::reception::ReceptionKind, &suggestions::SuggestionKind];
