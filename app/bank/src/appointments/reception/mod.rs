//! The customer reception day (客户接待日, domain.md §4): who is received when, by whom, about what, and the branch's answer.
//!
//! Promise: nobody is shown a reception they may not apply for; a place goes to exactly one application, and a refusal
//! names the nearest free one. Reading order: [`model`].

pub mod model;
#[cfg(feature = "records")]
mod records;

pub use model::{Audience, Reception, ReceptionState, ReceptionWish, Topic};
#[cfg(feature = "records")]
pub use records::insert_reception;
