//! The customer reception day (客户接待日, docs/domain.md §4): receptions, applications, and the branch's answer.
//!
//! Customers see only receptions they may apply for; a place goes to exactly one application; a refusal names the nearest free
//! place. Reading order: [`model`], [`availability`] (free places), [`refusals`] and [`offers`], `form.rs` (the form as data),
//! [`rules`] (parsing and validation), `parameters.rs`, [`timing`]; then `kind.rs` (state table and effects), `apply.rs`,
//! `records.rs`; `plan_change.rs` and `plan_records.rs` (planning by an administrator).

#[cfg(feature = "records")]
mod apply;
pub mod availability;
#[cfg(feature = "records")]
mod check_records;
#[cfg(feature = "records")]
mod detail;
mod form;
#[cfg(feature = "records")]
mod kind;
pub mod model;
pub mod offers;
mod parameters;
#[cfg(feature = "records")]
mod past_records;
#[cfg(feature = "records")]
mod plan_change;
#[cfg(feature = "records")]
mod plan_records;
#[cfg(feature = "records")]
mod records;
pub mod refusals;
pub mod rules;
pub mod timing;

#[cfg(feature = "records")]
pub use apply::{apply_for_reception, next_open_reception, reception_context, receptions};
pub use availability::{ReceptionContext, ReceptionLimits, SlotPlaces, Upcoming};
#[cfg(feature = "records")]
pub use detail::{ReceptionDetail, reception_detail};
pub use form::FORM;
#[cfg(feature = "records")]
pub use kind::{CONFIRM, DECLINE, KIND, ReceptionKind, cancel_reception};
pub use model::{Audience, Reception, ReceptionRequest, ReceptionState, Topic};
pub use offers::ReceptionOffer;
pub use parameters::ReceptionParameters;
#[cfg(feature = "records")]
pub use past_records::{PastApplication, insert_past_applications};
#[cfg(feature = "records")]
pub use plan_change::{RECEPTION_FORM, ReceptionChange, list_planned};
#[cfg(feature = "records")]
pub use plan_records::PlannedReception;
#[cfg(feature = "records")]
pub use records::insert_reception;
pub use refusals::ReceptionRefusal;
pub use rules::{ParsedReceptionForm, Step, read_reception};
pub use timing::Timing;
