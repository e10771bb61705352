//! Branches, their hours, the working calendar and the parameters: what every decision about days and limits is made
//! from. Read together as one [`Reference`].
//!
//! Reading order: `model.rs` (branch, reference), `records.rs` (rows).

mod model;
#[cfg(feature = "records")]
mod records;

pub use model::{Branch, Reference, Setting, Tables};
#[cfg(feature = "records")]
pub(crate) use records::bank_wide;
#[cfg(feature = "records")]
pub use records::{NewBranch, insert_branch, insert_calendar_day, insert_parameter, reference};
