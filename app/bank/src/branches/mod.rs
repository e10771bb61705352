//! Branches, opening hours, the working calendar and the parameters, read together as one [`Reference`].
//!
//! Reading order: `model.rs` (branch, reference), `cache.rs` (read once per request), `records.rs` (rows).

#[cfg(feature = "records")]
mod cache;
mod model;
#[cfg(feature = "records")]
mod records;

#[cfg(feature = "records")]
pub(crate) use cache::ReferenceCache;
#[cfg(feature = "records")]
pub use cache::one_request;
pub use model::{Branch, Reference, Setting, Tables};
#[cfg(feature = "records")]
pub use records::{NewBranch, insert_branch, insert_calendar_day, insert_parameter, reference};
