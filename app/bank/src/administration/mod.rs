//! What administrators change, and how a second one approves it where money or rights are concerned (docs/domain.md §12).
//!
//! Every kind of change implements [`ChangeKind`] in its capability and is listed once in [`crate::CHANGES`]. This folder knows
//! the mechanism and no kind by name: a proposal is validated, previewed, and applied at once or by a second administrator,
//! in one transaction that judges it again.
//!
//! Reading order: `kind.rs` (the interface of a kind), `model.rs` (request, preview), `refusals.rs`, `forms.rs` (declared
//! forms), `propose.rs`, `decide.rs`, `records.rs` (rows), `check_records.rs` (what
//! `lobby check` verifies).

mod check_records;
mod decide;
mod forms;
mod kind;
mod model;
mod propose;
mod records;
mod refusals;

pub(crate) use check_records::check;
pub use decide::{ACTION, DECISION, decide, preview_request};
pub use forms::{CHECK, EDIT, FROM, SEEN, SUBJECT, change_form, effective_day};
pub use kind::{Applied, ChangeKind, Judged, Judgement, Proposal, Second, Standing};
pub use model::{ChangeRequest, ChangeState, Difference, Person, Preview, Touch};
pub use propose::{find_change, list_decided, list_waiting, preview, propose, standing};
pub(crate) use records::take_turn;
pub(crate) use refusals::entry_refused;
pub use refusals::{ChangeNotDone, ChangeRefusal, REASON_MAX};
