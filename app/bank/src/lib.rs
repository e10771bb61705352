//! What the bank means: its types, its rules and its records.
//!
//! Not here: pages, forms, HTTP (crates `app` and `server`); this crate knows neither Leptos nor axum. Without the
//! feature `records` it is types and pure rules, and compiles for the browser; with it come SQL, secrets and the worker.
//! Where next: `kernel` for the shared vocabulary, then one folder per capability.

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

/// Every kind of case, in the order in which the desk lists them. A new kind adds its line here.
#[cfg(feature = "records")]
pub static KINDS: &[&dyn cases::Kind] =
    &[&appointments::cash::CashKind, &appointments::reception::ReceptionKind, &suggestions::SuggestionKind];
