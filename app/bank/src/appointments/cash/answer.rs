//! What happens to a booking after it was made: staff act, the customer cancels, the system lets time pass. One way for
//! all: read, ask the table of states, change the case under its version, move the capacity, tell the customer, all in
//! one transaction.

use scoped_futures::ScopedFutureExt;
use serde_json::{Value, json};

use super::model::{CashState, Notes, purposes};
use super::records::{self, BookingRow, Place, RegisterEntry};
use super::states::{Attempt, Barred, Capacity, CashAction, Facts, Role, actions_for, transition};
use super::timing::Timing;
use super::{CashRefusal, Denomination};
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{CaseLine, CaseMove, DeskRefusal, REASON_MAX, find_case, move_case};
use crate::kernel::audit::Actor;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::money::Fen;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day, Time, day_text, parse_day, parse_time};
use crate::messages::insert_message;
use crate::sessions::{self, Customer, Staff};

/// What a clerk or branch head does to a booking.
#[derive(Clone, Debug)]
pub struct CashAct {
    /// Which booking.
    pub number: String,
    /// The version their page showed.
    pub version: i64,
    /// The button.
    pub action: CashAction,
    /// For decline, refuse and cancel: told to the customer.
    pub reason: Option<String>,
    /// For decline: the next free date, as typed.
    pub offered_day: Option<String>,
    /// For arrive: the document that was shown.
    pub id_checked: Option<String>,
    /// For complete: the notes paid; `None`: all that were booked.
    pub paid: Option<Notes>,
    /// For complete: one of the terms; `None`: as booked, or not asked.
    pub purpose: Option<String>,
}

/// Everything an action is decided on.
struct Decision {
    case: CaseLine,
    booking: BookingRow,
    day: Day,
    slot: Time,
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
            time_out_at: timing.time_out_at(self.day, self.slot),
            no_show_at: timing.no_show_at(self.day, self.slot),
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
    // An old booking is judged by the rule of its day.
    let parameters = reference.parameters(&booking.branch_id, case.created_at.day());
    Ok(Some(Decision { case, booking, day, slot, state, parameters }))
}

fn role(staff: &Staff) -> Role {
    if staff.role() == sessions::Role::BranchHead { Role::BranchHead } else { Role::Clerk }
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
    ensure_texts(act, bank.now(), &reference)?;
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

fn ensure_texts(act: &CashAct, now: At, reference: &Reference) -> Result<(), Rejected<DeskRefusal>> {
    let refuse = |refusal| Err(Rejected::Refused(refusal));
    if act.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_MAX) {
        return refuse(DeskRefusal::ReasonTooLong { max: i64::try_from(REASON_MAX).unwrap_or(i64::MAX) });
    }
    if let Some(text) = act.offered_day.as_deref().filter(|_| act.action == CashAction::Decline) {
        let free = parse_day(text).is_some_and(|day| day > now.day() && reference.calendar.is_working(day));
        if !free {
            return refuse(DeskRefusal::OfferedDayInvalid { earliest: reference.calendar.next_working(now.day()) });
        }
    }
    let known = |term: &str| [true, false].into_iter().any(|corporate| purposes(corporate).contains(&term));
    if act.purpose.as_deref().is_some_and(|term| !known(term)) {
        return refuse(DeskRefusal::PurposeUnknown);
    }
    if act.action == CashAction::Arrive && act.id_checked.as_deref().is_none_or(str::is_empty) {
        return refuse(DeskRefusal::IdMissing);
    }
    Ok(())
}

/// Why an act stopped.
enum Stopped {
    Barred(Barred),
    Desk(DeskRefusal),
}

/// The customer gives a booking up, until the cut-off. Cancelling what is cancelled already is done.
pub async fn cancel_cash(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Rejected<CashRefusal>> {
    let reference = reference(bank).await?;
    let act = CashAct {
        number: number.to_owned(),
        version: 0,
        action: CashAction::Cancel,
        reason: None,
        offered_day: None,
        id_checked: None,
        paid: None,
        purpose: None,
    };
    let case = crate::cases::find_mine(bank, customer, number).await?;
    if case.is_none_or(|case| case.state == CashState::Cancelled.code()) {
        return Ok(());
    }
    let acting = Acting { role: Role::Customer, actor: customer.actor(), act: &act, strict: false };
    run(bank, &reference, &acting).await.map_err(|rejected| match rejected {
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
        Rejected::Refused(Stopped::Barred(Barred::CutOffPassed(until))) => Rejected::Refused(CashRefusal::CancelClosed { until }),
        Rejected::Refused(_) => Rejected::Refused(CashRefusal::Changed),
    })
}

/// The system lets a booking time out, or records that nobody came; `false` when there was nothing to do any more.
pub async fn system_act(bank: &Bank, number: &str) -> Result<bool, Failure> {
    let reference = reference(bank).await?;
    let Some(decision) = read(&mut bank.read().await?, &reference, number).await? else { return Ok(false) };
    let action = if decision.state.is_waiting() { CashAction::TimeOut } else { CashAction::NoShow };
    let act = CashAct {
        number: number.to_owned(),
        version: decision.case.version,
        action,
        reason: None,
        offered_day: None,
        id_checked: None,
        paid: None,
        purpose: None,
    };
    let acting = Acting { role: Role::System, actor: Actor::system(), act: &act, strict: true };
    match run(bank, &reference, &acting).await {
        Ok(()) => Ok(true),
        // A clerk was faster, or the time has not come: the next round sees.
        Err(Rejected::Refused(_)) => Ok(false),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}

async fn run(bank: &Bank, reference: &Reference, acting: &Acting<'_>) -> Result<(), Rejected<Stopped>> {
    let now = bank.now();
    let ids = [bank.new_id()?, bank.new_id()?];
    bank.write("act_on_cash", |tx| {
        let ids = ids.clone();
        async move { carry_out(tx, reference, acting, now, ids).await }.scope_boxed()
    })
    .await
}

async fn carry_out(
    tx: &mut Tx,
    reference: &Reference,
    acting: &Acting<'_>,
    now: At,
    [audit_id, message_id]: [String; 2],
) -> Result<(), Rejected<Stopped>> {
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
        at: now,
        waiting: step.to.is_waiting(),
        acts_at: timing.acts_at(step.to, decision.day, decision.slot),
        reason: act.reason.clone(),
        detail: detail(act, &paid, step.capacity),
    };
    if !move_case(tx, &change, audit_id).await? {
        return stop(DeskRefusal::Changed);
    }

    let place = Place { branch: &decision.booking.branch_id, day: decision.day, slot: decision.slot };
    match step.capacity {
        Capacity::Takes | Capacity::Keeps => {}
        Capacity::GivesBack => records::give_back(tx, &place, &booked).await?,
        Capacity::PaysOut => records::pay_out(tx, &place, &booked, &paid).await?,
    }
    if !step.to.is_live() {
        let no_show = (step.to == CashState::NoShow).then_some(now);
        records::set_ended(tx, &act.number, no_show).await?;
        engagements::free_time(tx, &act.number).await?;
    }
    record_effect(tx, act, &decision, &paid, now, &acting.actor).await?;
    if let Some(kind) = message_kind(act.action, step.to, acting.role) {
        let told = told(branch, &decision, act);
        insert_message(tx, &message_id, &decision.booking.customer_id, &act.number, kind, &told, now).await?;
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
async fn record_effect(
    tx: &mut Tx,
    act: &CashAct,
    decision: &Decision,
    paid: &Notes,
    now: At,
    actor: &Actor,
) -> Result<(), Failure> {
    let user = actor.user_id.as_deref().unwrap_or_default();
    match act.action {
        CashAction::Confirm => records::set_confirmed_by(tx, &act.number, user).await,
        CashAction::Arrive => records::set_arrived(tx, &act.number, act.id_checked.as_deref().unwrap_or_default()).await,
        CashAction::Complete => {
            let booked_purpose = decision.booking.purpose.as_deref();
            let entry = RegisterEntry {
                number: &act.number,
                at: now,
                paid: *paid,
                purpose: act.purpose.as_deref().or(booked_purpose).unwrap_or_default(),
                collected_by: decision.booking.agent_name.as_deref().unwrap_or("self"),
                id_checked: decision.booking.arrived_as.as_deref().unwrap_or_default(),
                teller: user,
            };
            records::insert_register(tx, &entry).await
        }
        _ => Ok(()),
    }
}

/// Facts of the change that history shows.
fn detail(act: &CashAct, paid: &Notes, capacity: Capacity) -> Value {
    let mut detail = serde_json::Map::new();
    if let Some(day) = act.offered_day.as_deref().filter(|_| act.action == CashAction::Decline) {
        detail.insert("offered_day".into(), json!(day));
    }
    if let Some(id) = act.id_checked.as_deref().filter(|_| act.action == CashAction::Arrive) {
        detail.insert("id_checked".into(), json!(id));
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

fn told(branch: &Branch, decision: &Decision, act: &CashAct) -> Value {
    json!({
        "branch_zh": branch.name_zh, "branch_en": branch.name_en, "branch_phone": branch.phone,
        "day": day_text(decision.day), "slot": decision.booking.slot, "amount": decision.booking.amount,
        "reason": act.reason, "offered_day": act.offered_day,
    })
}
