//! What the day board shows of a booking besides the line of its case: who collects, from when on it is a no-show, and the next
//! step. The bookings of a day are read in one statement.

use std::collections::BTreeMap;

use super::CashParameters;
use super::booked::{facts, serves};
use super::model::{CashState, Collector};
use super::records::{self, BoardRow};
use super::states::{self, CashAction};
use crate::cases::{BoardCollector, BoardDay, OnBoard, last_to_prepare};
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::people::mask_name;
use crate::kernel::time::{At, Day};

/// What usually leads a booking on, in its order.
const USUAL: &[&str] = &[
    CashAction::Confirm.code(),
    CashAction::Approve.code(),
    CashAction::Prepare.code(),
    CashAction::Arrive.code(),
    CashAction::Complete.code(),
];

/// The same when the time to collect is over, or nobody can collect then.
const USUAL_OVER: &[&str] = &[CashAction::Arrive.code(), CashAction::Complete.code()];

/// The same while it is too early to make cash ready.
const USUAL_EARLY: &[&str] = &[CashAction::Confirm.code(), CashAction::Approve.code()];

/// What the board shows of the bookings of a branch on a day.
pub(super) async fn on_board(conn: &mut Conn, day: &BoardDay<'_>) -> Result<Vec<(String, OnBoard)>, Failure> {
    let rows = records::list_board(conn, day.scope, day.branch, day.day).await?;
    let mut rows: BTreeMap<String, BoardRow> = rows.into_iter().map(|row| (row.case_number.clone(), row)).collect();
    let is_early = day.day > last_to_prepare(&day.reference.calendar, day.now.day());
    // By the day of booking.
    let mut in_force: BTreeMap<Day, CashParameters> = BTreeMap::new();
    let branch = day.reference.branch(day.branch);
    let mut found = Vec::new();
    for case in day.cases {
        let (Some(row), Some((start, end))) = (rows.remove(&case.number), case.time) else { continue };
        let booked_on = case.created_at.day();
        let parameters = in_force.entry(booked_on).or_insert_with(|| day.reference.parameters(day.branch, booked_on));
        let booked = (case.created_at, At(row.cancel_until));
        let mut facts = facts(parameters, (start, end), booked, case.amount.unwrap_or_default());
        let served = branch.is_some_and(|branch| serves(day.reference, branch, start, end));
        facts.holds.push((states::SERVES, served));
        facts.did.extend(row.confirmed_by.clone().map(|user| (CashAction::Confirm.code(), user)));
        let state = CashState::parse(&case.state);
        let expected = matches!(state, Some(CashState::Confirmed | CashState::Prepared));
        let no_show_at = end.plus_minutes(parameters.cash_no_show_grace_minutes);
        let over = day.now >= no_show_at || !served;
        let on_board = OnBoard {
            answer_until: row.answer_until.map(At).filter(|_| state == Some(CashState::Proposed)),
            // The last change of a booking whose collector is at the counter is that arrival.
            came_at: (state == Some(CashState::Arrived)).then_some(At(row.updated_at)),
            collector: Some(collector(row)),
            no_show_at: (expected && served).then_some(no_show_at),
            facts,
            usual: match (over, is_early) {
                (true, _) => USUAL_OVER,
                (false, true) => USUAL_EARLY,
                (false, false) => USUAL,
            },
        };
        found.push((case.number.clone(), on_board));
    }
    Ok(found)
}

/// Who came, or else who was named in the booking.
fn collector(row: BoardRow) -> BoardCollector {
    let is_agent = row.arrived_collector.as_deref().unwrap_or(&row.collector) == Collector::AGENT;
    match (is_agent, row.arrived_agent_name.or(row.agent_name), row.operator) {
        (true, name, _) => BoardCollector::Agent(mask_name(&name.unwrap_or_default())),
        (false, _, Some(operator)) => BoardCollector::Operator(mask_name(&operator)),
        (false, _, None) => BoardCollector::Customer,
    }
}
