//! The case (工单), the record that every kind shares (docs/domain.md §1). A case has a number that the customer can quote, a kind,
//! a customer, a branch, a state, due times and append-only events. What differs by kind refers to the case and lives in the
//! capability of that kind; this folder contains no rule of a single kind.
//!
//! Cases are created and changed only in `flow.rs`, by the transition table of their kind, with the row of the case locked.
//!
//! Reading order: `kind.rs` (kinds), `table.rs` (transition tables), `flow.rs` (executes transitions), `record.rs` (writes them), `desk_forms.rs` (posts of
//! staff), `model.rs` (types of the rows), `records` (SQL: version check, events, clocks, counts), `term.rs` (due and alarm
//! times), `operations.rs` (the customer's cases), `queue.rs` (the desk's list), `day.rs` (the appointments of
//! the day), `board.rs` (the day board of a branch), `closures.rs` (appointments in closed time),
//! `contact.rs` (the phone number to call), `proposals.rs` (another place that its customer accepts or not), `position.rs`
//! (pages of a list), `quota.rs` (quotas per customer), `parameters.rs`.

mod kind;
mod model;
mod parameters;
mod quota;
mod refusals;
mod table;

#[cfg(feature = "records")]
mod board;
#[cfg(feature = "records")]
mod closures;
#[cfg(feature = "records")]
mod contact;
#[cfg(feature = "records")]
mod day;
#[cfg(feature = "records")]
mod desk_forms;
#[cfg(feature = "records")]
mod flow;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod position;
#[cfg(feature = "records")]
mod proposals;
#[cfg(feature = "records")]
mod queue;
#[cfg(feature = "records")]
mod record;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod term;

#[cfg(feature = "records")]
pub use board::{Board, BoardCase, BoardCollector, BoardDay, DayBoard, DayBoardCase, NoBoard, OnBoard, board_place, day_board};
#[cfg(feature = "records")]
pub(crate) use closures::BranchesInClosure;
#[cfg(feature = "records")]
pub use closures::falls_into_closure;
#[cfg(feature = "records")]
pub use contact::{may_reveal_phone, reveal_phone};
#[cfg(feature = "records")]
pub use day::{DayList, last_to_prepare};
#[cfg(feature = "records")]
pub use desk_forms::{ACTION, SEEN, act, add_note, carried};
#[cfg(feature = "records")]
pub(crate) use flow::{act_as_customer, act_by_system, act_for_holder, open};
#[cfg(feature = "records")]
pub use flow::{deadline_of_customer, possible_actions, possible_actions_of_customer};
pub use kind::CaseKind;
#[cfg(feature = "records")]
pub use kind::{BoxFuture, Change, CustomerMessage, Effect, Kind, Moved, ParameterReach};
pub use model::QueueCounts;
#[cfg(feature = "records")]
pub use model::{Alarm, BookedTime, CaseLine, EventMark, HistoryLine, NewCase};
#[cfg(feature = "records")]
pub use operations::{
    MINE_PAGE, desk_history, event_count, find_for_staff, find_mine, history, list_mine, recent_events, upcoming,
};
pub use parameters::CaseParameters;
#[cfg(feature = "records")]
pub use position::{ListPosition, Neighbours, NotAPosition, PageStart};
#[cfg(feature = "records")]
pub use proposals::{Proposal, answer_proposal};
#[cfg(feature = "records")]
pub use queue::{PAGE_SIZE, QueueFilter, QueuePage, StateFilter, fold_counts, queue, queue_changes};
pub use quota::QuotaFull;
#[cfg(feature = "records")]
pub(crate) use quota::{Counted, counted, lock_holder, quota_full};
#[cfg(feature = "records")]
pub(crate) use record::{Decided, decide_for_holder, enqueue_message, lock_of_holder, record};
#[cfg(feature = "records")]
pub use records::{NOTE, PastCase, PastChange, RECENT_MAX, insert_past_cases};
#[cfg(feature = "records")]
pub(crate) use records::{
    check, count_open, count_promised, count_proposals, due_for_alarm, due_to_act, find_proposal, give_alarms, has_open_case,
    insert_proposal, list_booked, live, lock_customer, look_again,
};
pub use refusals::{DeskRefusal, INTERNAL_REASON, NotDone, OwnRefusal, REASON, REASON_MAX};
pub use table::{
    ACCEPT, ActionContext, ActorKind, Facts, Guard, NotAllowed, Phase, PossibleAction, REJECT, State, Transition, acting,
    acts_at, decide, internally_reasoned, possible,
};
