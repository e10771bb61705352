//! Rows of cases and of what happens to them. Private to this folder. Reading order: `case.rs` (the case and the guard on every
//! change of state), `events.rs` (what happened to it).

mod case;
mod events;

pub(super) use case::{
    LINE, LineRow, Move, find_case, find_owned, insert_case, list_owned, list_upcoming, lock_case, move_case, set_acts_at,
};
pub(crate) use case::{due_for_escalation, due_to_act, escalate, has_open_case};
pub(super) use events::{Event, View, count_events, insert_event, list_events, list_recent};
pub use events::{NOTE, RECENT_MAX};
