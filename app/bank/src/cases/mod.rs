//! The case (工单): one loop under everything (docs/domain.md §1). A case has a number the customer can read out, a
//! kind, a customer, a branch, a state, due times and a history that is only ever appended to. What differs by kind
//! hangs off the case and lives in that kind's own capability; this folder knows no rule of any kind.
//!
//! Promise: a state changes only by [`move_case`], a guarded update that names the version and state it starts from.
//!
//! Reading order: `model.rs` (types), `records.rs` (rows and the guard), `operations.rs` (mine, queue, notes), `quota.rs`
//! (how much one customer may ask for at a time).

mod model;
mod quota;
#[cfg(feature = "records")]
mod quota_records;
mod refusals;

#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod queue;
#[cfg(feature = "records")]
mod records;

pub use model::CaseKind;
#[cfg(feature = "records")]
pub use model::{CaseLine, CaseMove, HistoryLine, NewCase, NoteLine};
#[cfg(feature = "records")]
pub use operations::{add_note, find_for_staff, find_mine, history, list_mine, notes, upcoming};
#[cfg(feature = "records")]
pub use queue::{PAGE_SIZE, QueueFilter, QueuePage, StateFilter, queue};
pub use quota::QuotaFull;
#[cfg(feature = "records")]
pub(crate) use quota::{quota_full, take_quota};
#[cfg(feature = "records")]
pub(crate) use records::{due_for_escalation, due_to_act, escalate, find_case, has_open_case, insert_case, move_case};
pub use refusals::{DeskRefusal, REASON_MAX, ensure_reason, paid_field};
