//! The customer reception day (客户接待日, docs/domain.md §4): who is received when, by whom, about what, and the branch's answer.
//!
//! Promise: nobody is shown a reception they may not apply for; a place goes to exactly one application, and a refusal
//! names the nearest free one. Reading order: [`model`], [`availability`] (what is left), [`refusals`] and [`offers`],
//! [`rules`] (a form read and judged), [`timing`]; then `apply.rs`, `answer.rs` (the transactions), `records.rs`.

#[cfg(feature = "records")]
mod answer;
#[cfg(feature = "records")]
mod apply;
pub mod availability;
#[cfg(feature = "records")]
mod detail;
pub mod model;
pub mod offers;
#[cfg(feature = "records")]
mod records;
pub mod refusals;
pub mod rules;
pub mod timing;

#[cfg(feature = "records")]
pub use answer::{ReceptionAction, act_on_reception, cancel_reception, may_follow, reception_actions};
#[cfg(feature = "records")]
pub use apply::{FORM, apply_for_reception, reception_context, receptions};
pub use availability::{ReceptionContext, ReceptionLimits, SlotPlaces, Upcoming};
#[cfg(feature = "records")]
pub use detail::{ReceptionDetail, reception_detail};
pub use model::{Audience, Reception, ReceptionState, ReceptionWish, Topic};
pub use offers::Offer;
#[cfg(feature = "records")]
pub use records::insert_reception;
pub use refusals::ReceptionRefusal;
pub use rules::{Reading, Step, read_reception};
pub use timing::Timing;
