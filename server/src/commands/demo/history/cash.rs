//! What happened to the bookings for a day of a branch: paid out while the day's places, cash and notes lasted; the others were
//! cancelled, declined, not answered in time or not collected.

use bank::appointments::cash::model::PERSONAL_PURPOSES;
use bank::appointments::cash::{
    CashAction, CashParameters, CashState, Denomination, KIND, Notes, PastBooking, PastDay, PastPayment, Timing, capacity,
};
use bank::branches::Branch;
use bank::cases::{PastCase, PastChange};
use bank::kernel::money::Fen;
use bank::kernel::time::{At, Day, Time};
use jiff::civil::time;

use super::Rows;
use super::people::{change, clerk, head};
use super::plan::{Plan, Random};

pub(super) fn day(plan: &Plan, day: usize, rows: &mut Rows) {
    let on = plan.day(day);
    let mut random = plan.random(KIND, day);
    for (branch, share) in plan.open_branches(on).zip(plan.bookings(day)) {
        let parameters: CashParameters = plan.reference.parameters(&branch.id, on);
        let slots = timing(plan, branch, &parameters).slots(on);
        if slots.is_empty() || share.is_empty() {
            continue;
        }
        let capacity = capacity(&parameters);
        let mut past = PastDay {
            branch_id: branch.id.clone(),
            day: on,
            capacity,
            slots: slots.iter().map(|slot| (*slot, 0)).collect(),
            paid: Notes::NONE,
        };
        for (turn, place) in share.enumerate() {
            let slot = turn % slots.len();
            let notes = amount(&mut random);
            let paid = past.paid.count(Denomination::Hundred) + notes.count(Denomination::Hundred);
            let full = past.slots[slot].1 >= capacity.places
                || paid > capacity.stock.count(Denomination::Hundred)
                || Notes::NONE.with(Denomination::Hundred, paid).value() > capacity.total;
            let state = match random.upto(99) {
                0..55 if !full => CashState::Completed,
                0..75 => CashState::Cancelled,
                75..88 => CashState::Declined,
                88..96 => CashState::NoShow,
                _ => CashState::TimedOut,
            };
            if state == CashState::Completed {
                past.slots[slot].1 += 1;
                past.paid = Notes::NONE.with(Denomination::Hundred, paid);
            }
            let booked = Booked { branch, parameters: &parameters, day: on, slot: slots[slot], notes, place };
            let sent = booked.sent(plan, &mut random);
            booked.add(plan, sent, state, &mut random, rows);
        }
        rows.days.push(past);
    }
}

pub(super) fn timing<'t>(plan: &'t Plan, branch: &'t Branch, parameters: &'t CashParameters) -> Timing<'t> {
    Timing { calendar: &plan.reference.calendar, hours: &branch.hours, parameters }
}

/// Mostly 50,000 to 80,000 yuan, in notes of 100.
pub(super) fn amount(random: &mut Random) -> Notes {
    let hundreds = if random.percent(3) { 2_000 + 500 * random.upto(8) } else { 500 + 10 * random.upto(30) };
    Notes::NONE.with(Denomination::Hundred, hundreds)
}

/// A booking.
pub(super) struct Booked<'b> {
    pub branch: &'b Branch,
    /// Those of the day of collection.
    pub parameters: &'b CashParameters,
    pub day: Day,
    pub slot: Time,
    pub notes: Notes,
    /// Position among all bookings.
    pub place: usize,
}

impl Booked<'_> {
    /// When it was submitted: a few working days before, in the morning.
    fn sent(&self, plan: &Plan, random: &mut Random) -> At {
        let timing = timing(plan, self.branch, self.parameters);
        let mut day = self.day;
        for _ in 0..=random.upto(3) {
            day = plan.reference.calendar.previous_working(day);
        }
        loop {
            let sent = At::of(day, time(8, 0, 0, 0)).plus_minutes(random.upto(3 * 60)).plus_ms(random.upto(59_999));
            if timing.earliest_day(sent) <= self.day {
                return sent;
            }
            day = plan.reference.calendar.previous_working(day);
        }
    }

    /// Adds the booking with what happened to it since it was submitted.
    pub(super) fn add(&self, plan: &Plan, sent: At, state: CashState, random: &mut Random, rows: &mut Rows) {
        let (branch, parameters) = (self.branch, self.parameters);
        let timing = timing(plan, branch, parameters);
        let (start, end) = (At::of(self.day, self.slot), timing.slot_end(self.day, self.slot));
        let (due, until) = (timing.answer_due(sent), timing.cancel_until(sent, start));
        let person = plan.person(self.place);
        let answered = sent.plus_ms(due.ms_since(sent) * (10 + random.upto(60)) / 100).min(plan.as_of.plus_minutes(-1));
        let (clerk, head) = (clerk(&branch.id), head(&branch.id));
        let by_clerk = |at, action: CashAction, to: CashState| change(at, clerk.clone(), action.code(), to.code());
        let by_system =
            |at, action: CashAction, to: CashState| change(at, bank::kernel::audit::Actor::system(), action.code(), to.code());
        let mut changes = vec![person.submits(sent, CashState::Submitted.code())];
        let confirm = |changes: &mut Vec<PastChange>| {
            if parameters.needs_approval(self.notes.value()) {
                changes.push(by_clerk(answered, CashAction::Confirm, CashState::AwaitingApproval));
                let at = answered.plus_minutes(5).min(plan.as_of);
                changes.push(change(at, head.clone(), CashAction::Approve.code(), CashState::Confirmed.code()));
            } else {
                changes.push(by_clerk(answered, CashAction::Confirm, CashState::Confirmed));
            }
        };
        let (mut no_show_at, mut payment) = (None, None);
        let missed = end.plus_minutes(parameters.cash_no_show_grace_minutes);
        match state {
            // Generated customers have no approver, and nothing is proposed to them.
            CashState::Submitted | CashState::AwaitingCompanyApprover | CashState::Proposed => {}
            CashState::AwaitingApproval => changes.push(by_clerk(answered, CashAction::Confirm, state)),
            CashState::Confirmed => confirm(&mut changes),
            CashState::Prepared => {
                confirm(&mut changes);
                changes.push(by_clerk(plan.as_of, CashAction::Prepare, state));
            }
            CashState::Arrived | CashState::Completed => {
                confirm(&mut changes);
                let arrived = start.plus_minutes(2 + random.upto(30));
                changes.push(by_clerk(At::of(self.day, time(8, 20, 0, 0)), CashAction::Prepare, CashState::Prepared));
                let mut arrive = by_clerk(arrived, CashAction::Arrive, CashState::Arrived);
                r#"{"id_checked":"resident_id"}"#.clone_into(&mut arrive.detail);
                changes.push(arrive);
                let paid = arrived.plus_minutes(6);
                let mut complete = by_clerk(paid, CashAction::Complete, CashState::Completed);
                complete.detail = format!(r#"{{"paid":{}}}"#, self.notes.value().0);
                changes.push(complete);
                payment = Some(PastPayment {
                    at: paid,
                    teller: clerk.user_id.clone().unwrap_or_default(),
                    collected_by: person.name(),
                });
            }
            CashState::Cancelled => {
                let at = random.between(sent.plus_minutes(1), answered.min(until).max(sent.plus_minutes(2)));
                changes.push(change(at, person.actor(), CashAction::Cancel.code(), state.code()));
            }
            CashState::Declined => {
                let mut decline = by_clerk(answered, CashAction::Decline, state);
                decline.reason = Some(random.of_these(&["当日库存不足", "柜面人手不足，请改约", "证件信息需先到网点更新"]));
                changes.push(decline);
            }
            CashState::TimedOut => {
                changes.push(by_system(start.plus_minutes(-parameters.cash_time_out_minutes), CashAction::TimeOut, state));
            }
            CashState::NoShow => {
                confirm(&mut changes);
                changes.push(by_system(missed, CashAction::NoShow, state));
                no_show_at = Some(missed);
            }
        }
        let confirmed = changes.iter().find(|change| change.to == CashState::Confirmed.code());
        let cancel_until = confirmed.map_or(until, |change| timing.cancel_until_answered(until, change.at, start));
        let acts_at = match state {
            CashState::Submitted | CashState::AwaitingApproval => Some(start.plus_minutes(-parameters.cash_time_out_minutes)),
            CashState::Confirmed | CashState::Prepared => Some(missed),
            _ => None,
        };
        let answered_by_clerk = changes.iter().any(|change| change.action == CashAction::Confirm.code());
        let number = plan.number(KIND, self.place);
        let amount: Fen = self.notes.value();
        rows.cases.push(PastCase {
            number: number.clone(),
            kind: KIND,
            customer_id: person.id(),
            branch_id: Some(branch.id.clone()),
            due_at: due,
            time: Some((start, end)),
            acts_at,
            amount: Some(amount),
            topic: "",
            changes,
        });
        rows.bookings.push(PastBooking {
            number,
            customer_id: person.id(),
            account_id: person.account(),
            branch_id: branch.id.clone(),
            day: self.day,
            slot: self.slot,
            notes: self.notes,
            // All terms but the one that needs a description.
            purpose: Some(random.of_these(&PERSONAL_PURPOSES[..12])),
            phone: person.phone(),
            cancel_until,
            confirmed_by: answered_by_clerk.then(|| clerk.user_id.clone()).flatten(),
            no_show_at,
            live: state.is_live(),
            payment,
        });
    }
}
