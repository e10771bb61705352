//! Branches, opening hours, the working calendar and the parameters, read together as one [`Reference`].
//!
//! Reading order: `model.rs` (branch, reference), `details.rs` (the bank's names and contacts), `cache.rs` (read once per request),
//! `records.rs` (rows), `entry.rs` (branches, hours and calendar days as a file or a page gives them), `entry_records.rs` (an
//! entry becomes rows).

#[cfg(feature = "records")]
mod branch_change;
#[cfg(feature = "records")]
mod cache;
#[cfg(feature = "records")]
mod calendar_change;
#[cfg(feature = "records")]
mod check_records;
#[cfg(feature = "records")]
mod closure_change;
mod details;
mod entry;
#[cfg(feature = "records")]
mod entry_records;
#[cfg(feature = "records")]
mod hours_change;
mod model;
#[cfg(feature = "records")]
mod parameter_change;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod stranded;

#[cfg(feature = "records")]
pub use branch_change::{BRANCH_FORM, BranchChange, CLOSING_FORM, ClosingChange};
#[cfg(feature = "records")]
pub use cache::one_request;
#[cfg(feature = "records")]
pub(crate) use cache::{ReferenceCache, read_again};
#[cfg(feature = "records")]
pub use calendar_change::{CALENDAR_FORM, CalendarChange};
#[cfg(feature = "records")]
pub(crate) use check_records::check;
#[cfg(feature = "records")]
pub use closure_change::{CLOSURE_FORM, ClosureChange};
pub use details::BankDetails;
pub use entry::{BranchEntry, CalendarEntry, HoursEntry};
#[cfg(feature = "records")]
pub use entry_records::{find_branch_entry, find_hours_entry, put_branch, put_branches, put_calendar_day, put_hours};
#[cfg(feature = "records")]
pub use hours_change::{HOURS_FORM, HoursChange, WEEKDAYS};
pub use model::{Branch, Reference, Setting, Tables};
#[cfg(feature = "records")]
pub use parameter_change::{PARAMETER_FORM, ParameterChange, ParameterSubject};
#[cfg(feature = "records")]
pub(crate) use records::{
    HOLDS_REFERENCE, REFERENCE_VERSION, hold_reference, insert_bank_details, read_reference, reference_at, share_reference,
    version,
};
#[cfg(feature = "records")]
pub use records::{NewBranch, insert_branch, insert_calendar_day, insert_parameter, known_details, reference};
