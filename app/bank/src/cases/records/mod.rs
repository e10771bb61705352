//! Rows of cases and of their events, clocks and counts. Private to this folder. Reading order: `case.rs` (the case and the
//! version check of every state change), `listing.rs` (pages of
//! cases), `events.rs`, `clocks.rs` (due times and alarms), `counts.rs` (the stored counts of the
//! desk), `quota.rs` (counts per customer), `proposals.rs` (other places for appointments), `past.rs` (the generated past of a
//! demo bank), `check.rs` (`lobby check`).

mod case;
mod check;
mod clocks;
mod counts;
mod events;
mod listing;
mod past;
mod proposals;
mod quota;
mod times;

pub(super) use case::{
    StateChange, find_case, find_owned, insert_case, list_owned, list_upcoming, lock_case, move_case, read_page, set_acts_at,
};
pub(crate) use case::{count_open, count_promised, due_to_act, has_open_case, look_again};
pub(crate) use check::{check, live};
pub(crate) use clocks::{due_for_alarm, give_alarms};
pub(super) use clocks::{forget_clock, start_clock, stop_clock};
pub(super) use counts::{COUNTED, COUNTS_BATCH, DayCount, count_days, day_number, fold_batch};
pub(super) use events::{Event, View, count_events, insert_event, list_events, list_recent};
pub use events::{NOTE, RECENT_MAX};
pub(super) use listing::Listing;
pub use past::{PastCase, PastChange, insert_past_cases};
pub(crate) use proposals::{count_proposals, find_proposal, insert_proposal};
pub(super) use proposals::{delete_proposal, was_done};
pub(super) use quota::count_cases;
pub(crate) use quota::lock_customer;
pub(crate) use times::list_booked;
pub(super) use times::{TimeList, list_day, list_numbered, list_times, part_condition};
