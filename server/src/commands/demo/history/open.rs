//! The cases that are not finished: bookings for the coming days, which hold capacity that is free; applications for receptions
//! of the past weeks that nobody has answered; suggestions of the last days.

use bank::appointments::cash::{self, CashParameters, CashState, Place, capacity, hold};
use bank::appointments::reception::{self, ReceptionState};
use bank::branches::Branch;
use bank::kernel::database::Tx;
use bank::kernel::failure::Failure;
use bank::kernel::time::{At, Day, Time};
use bank::suggestions;

use super::Rows;
use super::cash::{Booked, amount, timing};
use super::plan::{Plan, Random};
use super::receptions::{self, Applied};

/// Of the waiting cases this share are bookings, percent.
const CASH_PERCENT: usize = 14;

/// A booking whose capacity is held.
pub(super) struct Held {
    branch: String,
    parameters: CashParameters,
    day: Day,
    slot: Time,
    notes: cash::Notes,
    sent: At,
    state: CashState,
}

/// Holds capacity for as many bookings as are wanted and fit.
pub(super) async fn hold_bookings(tx: &mut Tx, plan: &Plan) -> Result<Vec<Held>, Failure> {
    let mut random = plan.random(cash::KIND, plan.days());
    let (mut waiting, mut ahead) = (plan.waiting * CASH_PERCENT / 100, plan.ahead);
    let mut held = Vec::new();
    for (branch, parameters, day, slot) in places(plan) {
        if waiting + ahead == 0 {
            break;
        }
        let Some(sent) = sent(plan, branch, &parameters, day, &mut random) else { continue };
        let notes = amount(&mut random);
        let confirmed = ahead > 0 && (waiting == 0 || random.percent(40));
        let place = Place { branch: &branch.id, day, slot };
        if !hold(tx, &place, &capacity(&parameters), &notes).await? {
            continue;
        }
        let state = match (confirmed, parameters.needs_approval(notes.value())) {
            (true, _) => random.of_these(&[CashState::Confirmed, CashState::Confirmed, CashState::Prepared]),
            (false, true) => CashState::AwaitingApproval,
            (false, false) => CashState::Submitted,
        };
        *(if confirmed { &mut ahead } else { &mut waiting }) -= 1;
        held.push(Held { branch: branch.id.clone(), parameters, day, slot, notes, sent, state });
    }
    Ok(held)
}

/// The places of the coming days, each slot up to three times: the fourth place, and the last day that can be booked, are left
/// to whoever tries the bank.
fn places(plan: &Plan) -> Vec<(&Branch, CashParameters, Day, Time)> {
    let mut places = Vec::new();
    for turn in 0..3 {
        for branch in &plan.reference.branches {
            let parameters: CashParameters = plan.reference.parameters(&branch.id, plan.as_of.day());
            let timing = timing(plan, branch, &parameters);
            let mut days = timing.window(plan.as_of);
            days.pop();
            for day in days {
                let closed = branch.cash_closed_until.is_some_and(|until| day < until);
                let slots = timing.slots(day).into_iter().filter(|_| !closed && turn < parameters.cash_slot_places - 1);
                places.extend(slots.map(|slot| (branch, parameters.clone(), day, slot)));
            }
        }
    }
    places
}

/// A time in the last two days at which the day could be booked; `None` if there is none.
fn sent(plan: &Plan, branch: &Branch, parameters: &CashParameters, day: Day, random: &mut Random) -> Option<At> {
    let timing = timing(plan, branch, parameters);
    (0..8).find_map(|_| {
        let sent = plan.as_of.plus_minutes(-20 - random.upto(48 * 60));
        timing.window(sent).contains(&day).then_some(sent)
    })
}

/// The rows of everything that is open; what the bookings leave of the number of cases are suggestions.
pub(super) fn rows(plan: &Plan, held: Vec<Held>) -> Rows {
    let mut rows = Rows::default();
    let mut random = plan.random(cash::KIND, plan.days() + 1);
    let (mut waiting, mut ahead) = (plan.waiting, plan.ahead);
    for (held, place) in held.into_iter().zip(plan.open(cash::KIND)) {
        let Some(branch) = plan.reference.branch(&held.branch) else { continue };
        let booked = Booked { branch, parameters: &held.parameters, day: held.day, slot: held.slot, notes: held.notes, place };
        booked.add(plan, held.sent, held.state, &mut random, &mut rows);
        *(if held.state.is_waiting() { &mut waiting } else { &mut ahead }) -= 1;
    }
    waiting -= unanswered_applications(plan, &mut random, &mut rows, waiting / 50);
    let mut places = plan.open(suggestions::KIND);
    for place in places.by_ref().take(waiting) {
        // Most came since yesterday, some days ago.
        let hours = if random.percent(70) { 20 } else { 24 * 9 };
        let filed = plan.as_of.plus_minutes(-1 - random.upto(hours * 60));
        super::suggestions::waiting(plan, place, filed, &mut random, &mut rows);
    }
    for place in places.take(ahead) {
        let filed = plan.as_of.plus_minutes(-60 - random.upto(48 * 60));
        super::suggestions::answered(plan, place, filed, &mut random, &mut rows);
    }
    rows
}

/// Applications that nobody has answered, each in a place of its own; returns their number.
fn unanswered_applications(plan: &Plan, random: &mut Random, rows: &mut Rows, most: usize) -> usize {
    let mut places = plan.open(reception::KIND);
    let before = rows.applications.len();
    for day in (0..plan.days()).rev().take(30) {
        let on = plan.day(day);
        for receiving in plan.receiving(on) {
            let reception = receptions::reception(plan, on, receiving);
            for slot in receiving.slots {
                let added = rows.applications.len() - before;
                let Some(place) = places.next().filter(|_| added < most) else { return added };
                let state = ReceptionState::Applied;
                receptions::application(plan, &Applied { reception: &reception, slot: *slot, place, state }, random, rows);
            }
        }
    }
    rows.applications.len() - before
}

/// Records the time that the bookings take from their customers.
pub(super) async fn hold_time(tx: &mut Tx, rows: &Rows) -> Result<(), Failure> {
    for case in rows.cases.iter().filter(|case| case.kind == cash::KIND) {
        if let Some(time) = case.time {
            cash::hold_time(tx, &case.customer_id, &case.number, time).await?;
        }
    }
    Ok(())
}
