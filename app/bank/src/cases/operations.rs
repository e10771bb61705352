//! Reads cases: the customer's own, or those in the scope of staff.

use super::kind::CaseKind;
use super::model::{CaseLine, EventMark, HistoryLine};
use super::position::{Neighbours, PageStart};
use super::records::{self, View};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::{Customer, Scope};

/// Cases per page of a customer's list.
pub const MINE_PAGE: usize = 50;

/// A page of the customer's cases of these kinds, the newest first, and the positions of its neighbours.
pub async fn list_mine(
    bank: &Bank,
    customer: &Customer,
    kinds: &[CaseKind],
    start: &PageStart,
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    records::list_owned(&mut bank.read().await?, customer.customer_id(), kinds, start, MINE_PAGE).await
}

/// The customer's cases whose time is not over, the next first. Cancelled ones are included; the kind decides which states
/// are live.
pub async fn upcoming(bank: &Bank, customer: &Customer) -> Result<Vec<CaseLine>, Failure> {
    records::list_upcoming(&mut bank.read().await?, customer.customer_id(), bank.now()).await
}

/// One of the customer's own cases; `None` for another customer's case as for an unknown number.
pub async fn find_mine(bank: &Bank, customer: &Customer, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::find_owned(&mut bank.read().await?, customer.customer_id(), number).await
}

/// A case in this scope; `None` for a case out of scope as for an unknown number.
pub async fn find_for_staff(bank: &Bank, scope: &Scope, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::find_case(&mut bank.read().await?, scope, number).await
}

/// Events of a case as its customer may see them, oldest first. A `CaseLine` is only handed out after the access check.
pub async fn history(bank: &Bank, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, case, View::Customer).await
}

/// All events of a case in this scope, including notes and alarms, oldest first. For the desk.
pub async fn desk_history(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, case, View::Desk(scope)).await
}

/// Events of cases in this scope since `since`, and in the ten seconds before it, because commits become visible out of order. A
/// caller that compares the sequence numbers of two reads misses no event.
pub async fn recent_events(bank: &Bank, scope: &Scope, since: At) -> Result<Vec<EventMark>, Failure> {
    records::list_recent(&mut bank.read_desk().await?, scope, since).await
}

/// Number of events of a case in this scope. A page that was rendered with fewer is out of date.
pub async fn event_count(bank: &Bank, scope: &Scope, number: &str) -> Result<i64, Failure> {
    records::count_events(&mut bank.read_desk().await?, scope, number).await
}
