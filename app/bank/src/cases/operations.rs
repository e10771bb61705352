//! Reading cases: a customer's own, any for staff; and the notes only staff see.

use super::kind::CaseKind;
use super::model::{CaseLine, EventMark, HistoryLine};
use super::records::{self, View};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::{Customer, Scope};

/// The customer's cases of these kinds, the newest first.
pub async fn list_mine(bank: &Bank, customer: &Customer, kinds: &[CaseKind]) -> Result<Vec<CaseLine>, Failure> {
    records::list_owned(&mut bank.read().await?, customer.customer_id(), kinds).await
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

/// What happened to a case as its customer sees it, the oldest first. The case itself is the proof that the caller may see
/// it.
pub async fn history(bank: &Bank, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, &case.number, View::Customer).await
}

/// What happened to a case in this scope as the desk sees it, notes and alarms included, the oldest first.
pub async fn desk_history(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, &case.number, View::Desk(scope)).await
}

/// What has happened to cases in this scope since a moment and, because commits become visible out of order, in the ten
/// seconds before it. Who compares the sequence numbers of two reads misses nothing.
pub async fn recent_events(bank: &Bank, scope: &Scope, since: At) -> Result<Vec<EventMark>, Failure> {
    records::list_recent(&mut bank.read().await?, scope, since).await
}

/// How many events a case in this scope has: a page that has shown fewer is out of date.
pub async fn event_count(bank: &Bank, scope: &Scope, number: &str) -> Result<i64, Failure> {
    records::count_events(&mut bank.read().await?, scope, number).await
}
