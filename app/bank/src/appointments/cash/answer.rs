//! What happens to a booking after it was made: staff act, the customer cancels, the system lets time pass. One way for
//! all: read, ask the table of states, change the case under its version, move the capacity, tell the customer, all in
//! one transaction.

use scoped_futures::ScopedFutureExt;
use serde_json::{Value, json};

use super::act::{CashAct, ensure_complete};
use super::book::PHONE;
use super::model::{CashState, Notes, PURPOSE_OTHER, purposes};
use super::records::{self, BookingRow, Place, RegisterEntry};
use super::states::{Attempt, Barred, Capacity, CashAction, Facts, Role, actions_for, transition};
use super::timing::Timing;
use super::{CashRefusal, Denomination};
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{CaseLine, CaseMove, DeskRefusal, find_case, move_case};
use crate::kernel::audit::Actor;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::money::Fen;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day, Time, day_text, parse_day, parse_time};
use crate::messages::{NewMessage, insert_message};
use crate::sessions::{Customer, Staff};

/// Everything an action is decided on.
struct Decision {
    case: CaseLine,
    booking: BookingRow,
    day: Day,
    slot: Time,
    /// From when to when, as booked.
    time: (At, At),
    state: CashState,
    parameters: Parameters,
}

impl Decision {
    fn facts(&self, timing: &Timing<'_>) -> Facts<'_> {
        Facts {
            state: self.state,
            amount: Fen(self.booking.amount),
            approval_from: self.parameters.cash_approval_from,
            confirmed_by: self.booking.confirmed_by.as_deref(),
            cancel_until: At(self.booking.cancel_until),
            time_out_at: timing.time_out_at(self.time.0),
            no_show_at: timing.no_show_at(self.time.1),
        }
    }
}

fn timing<'t>(reference: &'t Reference, branch: &'t Branch, parameters: &'t Parameters) -> Timing<'t> {
    Timing { calendar: &reference.calendar, hours: &branch.hours, parameters }
}

async fn read(
    conn: &mut crate::kernel::database::Conn,
    reference: &Reference,
    number: &str,
) -> Result<Option<Decision>, Failure> {
    let Some(case) = find_case(conn, number).await? else { return Ok(None) };
    let Some(booking) = records::find_booking(conn, number).await? else { return Ok(None) };
    let day = parse_day(&booking.day).ok_or_else(|| Failure::stored("cash_appointments.day", &booking.day))?;
    let slot = parse_time(&booking.slot).ok_or_else(|| Failure::stored("cash_appointments.slot", &booking.slot))?;
    let state = CashState::parse(&case.state).ok_or_else(|| Failure::stored("cases.state", &case.state))?;
    let time = case.time.ok_or_else(|| Failure::stored("cases.starts_at", "no time"))?;
    // An old booking is judged by the rule of its day.
    let parameters = reference.parameters(&booking.branch_id, case.created_at.day());
    Ok(Some(Decision { case, booking, day, slot, time, state, parameters }))
}

fn role(staff: &Staff) -> Role {
    if staff.branch_head().is_some() { Role::BranchHead } else { Role::Clerk }
}

/// The buttons a staff member sees on a booking now.
pub async fn cash_actions(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<Vec<CashAction>, Failure> {
    let reference = reference(bank).await?;
    let Some(decision) = read(&mut bank.read().await?, &reference, &case.number).await? else { return Ok(Vec::new()) };
    let Some(branch) = reference.branch(&decision.booking.branch_id) else { return Ok(Vec::new()) };
    let attempt = Attempt { role: role(staff), user: staff.user_id(), now: bank.now(), reason: true };
    Ok(actions_for(&decision.facts(&timing(&reference, branch, &decision.parameters)), &attempt))
}

/// Who acts, and what they bring.
struct Acting<'a> {
    role: Role,
    actor: Actor,
    act: &'a CashAct,
    /// The page's version counts only for staff; a customer's and the system's act is decided on what is there.
    strict: bool,
}

/// A clerk or branch head acts. Two on one case: the second is refused with [`DeskRefusal::Changed`].
pub async fn act_on_cash(bank: &Bank, staff: &Staff, act: &CashAct) -> Result<(), Rejected<DeskRefusal>> {
    let reference = reference(bank).await?;
    ensure_complete(bank, act).await?;
    let acting = Acting { role: role(staff), actor: staff.actor(), act, strict: true };
    run(bank, &reference, &acting).await.map_err(|rejected| match rejected {
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
        Rejected::Refused(Stopped::Desk(refusal)) => Rejected::Refused(refusal),
        Rejected::Refused(Stopped::Barred(barred)) => Rejected::Refused(desk_refusal(barred)),
    })
}

fn desk_refusal(barred: Barred) -> DeskRefusal {
    match barred {
        Barred::State => DeskRefusal::NotNow,
        Barred::Role => DeskRefusal::NotYours,
        Barred::OwnConfirmation => DeskRefusal::OwnConfirmation,
        Barred::ReasonMissing => DeskRefusal::ReasonMissing,
        Barred::CutOffPassed(from) | Barred::TooEarly(from) => DeskRefusal::TooEarly { from },
    }
}

/// Why an act stopped.
enum Stopped {
    Barred(Barred),
    Desk(DeskRefusal),
}

/// The customer gives a booking up, until the cut-off. Cancelling what is cancelled already is done.
pub async fn cancel_cash(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Rejected<CashRefusal>> {
    let reference = reference(bank).await?;
    let act = CashAct::plain(number, 0, CashAction::Cancel);
    let case = crate::cases::find_mine(bank, customer, number).await?;
    if case.is_none_or(|case| case.state == CashState::Cancelled.code()) {
        return Ok(());
    }
    let acting = Acting { role: Role::Customer, actor: customer.actor(), act: &act, strict: false };
    run(bank, &reference, &acting).await.map_err(|rejected| match rejected {
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
        Rejected::Refused(Stopped::Barred(Barred::CutOffPassed(until))) => Rejected::Refused(CashRefusal::CancelClosed { until }),
        Rejected::Refused(_) => Rejected::Refused(CashRefusal::CancelOver),
    })
}

/// The system lets a booking time out, or records that nobody came; `false` when there was nothing to do any more.
pub async fn system_act(bank: &Bank, number: &str) -> Result<bool, Failure> {
    let reference = reference(bank).await?;
    let Some(decision) = read(&mut bank.read().await?, &reference, number).await? else { return Ok(false) };
    let action = if decision.state.is_waiting() { CashAction::TimeOut } else { CashAction::NoShow };
    let act = CashAct::plain(number, decision.case.version, action);
    let acting = Acting { role: Role::System, actor: Actor::system(), act: &act, strict: true };
    match run(bank, &reference, &acting).await {
        Ok(()) => Ok(true),
        // A clerk was faster, or the time has not come: the next round sees.
        Err(Rejected::Refused(_)) => Ok(false),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}

async fn run(bank: &Bank, reference: &Reference, acting: &Acting<'_>) -> Result<(), Rejected<Stopped>> {
    bank.write("act_on_cash", |tx| async move { carry_out(tx, reference, acting).await }.scope_boxed()).await
}

async fn carry_out(tx: &mut Tx, reference: &Reference, acting: &Acting<'_>) -> Result<(), Rejected<Stopped>> {
    let now = tx.now();
    let stop = |refusal| Err(Rejected::Refused(Stopped::Desk(refusal)));
    let act = acting.act;
    let Some(decision) = read(tx, reference, &act.number).await? else { return stop(DeskRefusal::NotNow) };
    let Some(branch) = reference.branch(&decision.booking.branch_id) else { return stop(DeskRefusal::NotNow) };
    let timing = timing(reference, branch, &decision.parameters);
    if acting.strict && act.version != decision.case.version {
        return stop(DeskRefusal::Changed);
    }
    let attempt = Attempt {
        role: acting.role,
        user: acting.actor.user_id.as_deref().unwrap_or_default(),
        now,
        reason: act.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty()),
    };
    let step = transition(&decision.facts(&timing), act.action, &attempt)
        .map_err(|barred| Rejected::Refused(Stopped::Barred(barred)))?;
    let booked = decision.booking.notes();
    let paid = act.paid.unwrap_or(booked);
    let corporate = decision.booking.operator.is_some();
    if act.purpose.as_deref().is_some_and(|term| !purposes(corporate).contains(&term)) {
        return stop(DeskRefusal::PurposeUnknown);
    }
    if step.capacity == Capacity::PaysOut {
        ensure_paid(&booked, &paid).map_err(|refusal| Rejected::Refused(Stopped::Desk(refusal)))?;
    }

    let change = CaseMove {
        number: &act.number,
        version: decision.case.version,
        from: decision.state.code(),
        to: step.to.code(),
        action: act.action.code(),
        actor: &acting.actor,
        waiting: step.to.is_waiting(),
        acts_at: timing.acts_at(step.to, decision.time),
        reason: act.reason.clone(),
        detail: detail(act, &paid, step.capacity),
    };
    if !move_case(tx, &change).await? {
        return stop(DeskRefusal::Changed);
    }

    let place = Place { branch: &decision.booking.branch_id, day: decision.day, slot: decision.slot };
    match step.capacity {
        Capacity::Takes | Capacity::Keeps => {}
        Capacity::GivesBack => records::give_back(tx, &place, &booked).await?,
        Capacity::PaysOut => records::pay_out(tx, &place, &booked, &paid).await?,
    }
    if !step.to.is_live() {
        // The day nobody came counts, not the moment somebody noticed.
        let no_show = (step.to == CashState::NoShow).then(|| timing.no_show_at(decision.time.1).min(now));
        records::set_ended(tx, &act.number, no_show).await?;
        engagements::free_time(tx, &act.number).await?;
    }
    if step.to == CashState::Confirmed {
        let until = timing.cancel_until_answered(At(decision.booking.cancel_until), now, decision.time.0);
        records::set_cancel_until(tx, &act.number, until).await?;
    }
    record_effect(tx, act, &decision, &paid, &acting.actor).await?;
    if let Some(kind) = message_kind(act.action, step.to, acting.role) {
        let told = told(branch, &decision, act, if step.capacity == Capacity::PaysOut { paid.value() } else { booked.value() });
        let phone = tx.seal().open(PHONE, &decision.booking.phone_sealed)?;
        let message = NewMessage {
            customer_id: &decision.booking.customer_id,
            case_number: &act.number,
            kind,
            details: &told,
            phone: Some(&phone),
        };
        insert_message(tx, &message).await?;
    }
    Ok(())
}

fn ensure_paid(booked: &Notes, paid: &Notes) -> Result<(), DeskRefusal> {
    if paid.is_empty() {
        return Err(DeskRefusal::PaidNothing);
    }
    let short: Option<Denomination> = paid.first_short(booked);
    short.map_or(Ok(()), |note| Err(DeskRefusal::PaidTooMuch { denomination: note.yuan(), booked: booked.count(note) }))
}

/// What an action leaves behind besides the state.
async fn record_effect(tx: &mut Tx, act: &CashAct, decision: &Decision, paid: &Notes, actor: &Actor) -> Result<(), Failure> {
    let user = actor.user_id.as_deref().unwrap_or_default();
    match act.action {
        CashAction::Confirm => records::set_confirmed_by(tx, &act.number, user).await,
        CashAction::Arrive => match &act.arrival {
            Some(arrival) => records::set_arrived(tx, &act.number, arrival).await,
            None => Ok(()),
        },
        CashAction::Complete => {
            let purpose = registered_purpose(act, &decision.booking);
            let entry = RegisterEntry {
                number: &act.number,
                at: tx.now(),
                paid: *paid,
                purpose: &purpose,
                collected_by: decision.booking.collected_by(),
                id_checked: decision.booking.arrived_as.as_deref().unwrap_or_default(),
                teller: user,
            };
            records::insert_register(tx, &entry).await
        }
        _ => Ok(()),
    }
}

/// The purpose for the register: as found at the counter, else as booked; with 其他 the customer's own words.
fn registered_purpose(act: &CashAct, booking: &BookingRow) -> String {
    let term = act.purpose.as_deref().or(booking.purpose.as_deref()).unwrap_or_default();
    match booking.purpose_other.as_deref().filter(|_| term == PURPOSE_OTHER) {
        Some(words) => format!("{term}：{words}"),
        None => term.to_owned(),
    }
}

/// Facts of the change that history shows.
fn detail(act: &CashAct, paid: &Notes, capacity: Capacity) -> Value {
    let mut detail = serde_json::Map::new();
    if let Some(day) = act.offered_day.as_deref().filter(|_| act.action == CashAction::Decline) {
        detail.insert("offered_day".into(), json!(day));
    }
    if let Some(arrival) = act.arrival.as_ref().filter(|_| act.action == CashAction::Arrive) {
        detail.insert("id_checked".into(), json!(arrival.document.code()));
    }
    if capacity == Capacity::PaysOut {
        detail.insert("paid".into(), json!(paid.value().0));
    }
    Value::Object(detail)
}

/// Which message the customer gets; what stays inside the bank is not told.
fn message_kind(action: CashAction, to: CashState, role: Role) -> Option<&'static str> {
    match (action, to) {
        (CashAction::Confirm | CashAction::Approve, CashState::Confirmed) => Some("cash_confirmed"),
        (CashAction::Decline, _) => Some("cash_declined"),
        (CashAction::Prepare, _) => Some("cash_prepared"),
        (CashAction::Complete, _) => Some("cash_completed"),
        (CashAction::Cancel, _) if role == Role::Customer => Some("cash_cancelled"),
        (CashAction::Cancel, _) => Some("cash_cancelled_by_bank"),
        (CashAction::NoShow, _) => Some("cash_no_show"),
        (CashAction::TimeOut, _) => Some("cash_timed_out"),
        _ => None,
    }
}

fn told(branch: &Branch, decision: &Decision, act: &CashAct, amount: Fen) -> Value {
    json!({
        "branch_zh": branch.name_zh, "branch_en": branch.name_en, "branch_phone": branch.phone,
        "day": day_text(decision.day), "slot": decision.booking.slot, "amount": amount.0,
        "reason": act.reason, "offered_day": act.offered_day,
    })
}
