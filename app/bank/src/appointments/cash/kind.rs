//! The kind "large cash withdrawal": the effects of its actions on booking, capacity and register.

use serde_json::{Map, Value, json};

use super::act::{self, collected_by, read_arrival, read_offered, read_payment};
use super::approver::WHY;
use super::board::on_board;
use super::booked::{Booked, serves};
use super::desk_refusals::CashDeskRefusal;
use super::model::CashState;
use super::proposing::{Accepted, Proposed, accept, proposal_words, propose};
use super::records::{self, RegisterEntry};
use super::states::{self, CashAction};
use super::timing::Timing;
use super::{CashParameters, CashRefusal};
use crate::administration::Touch;
use crate::appointments::engagements;
use crate::branches::Reference;
use crate::cases::{
    BoardDay, BoxFuture, CaseKind, CaseLine, Change, CustomerMessage, DeskRefusal, Effect, Facts, Kind, NotAllowed, OnBoard,
    ParameterReach, State, Transition, act_as_customer, count_proposals,
};
use crate::kernel::bank::Bank;
use crate::kernel::check::Check;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::Values;
use crate::kernel::money::Fen;
use crate::kernel::parameters::{Declaration, Parameters};
use crate::kernel::seal::columns::CASH_PHONE;
use crate::kernel::time::{At, Day, day_text, hhmm};
use crate::sessions::Customer;

/// Code of the kind and prefix of its case numbers (取款).
pub const KIND: CaseKind = CaseKind::new("cash", "QK");

/// The entry in the registry of kinds.
pub struct CashKind;

async fn touched(conn: &mut Conn, reach: &ParameterReach<'_>) -> Result<Vec<Touch>, Failure> {
    if !CashParameters::DECLARED.iter().any(|declared| declared.name == reach.name) {
        return Ok(Vec::new());
    }
    let mut touches = vec![Touch::Appointments { count: records::count_live(conn, reach).await? }];
    let of = match reach.name {
        "cash_slot_places" => records::BookedCapacity::Places,
        "cash_day_total" => records::BookedCapacity::Total,
        name => match name.strip_prefix("cash_stock_").and_then(|yuan| yuan.parse().ok()) {
            Some(denomination) => records::BookedCapacity::Notes(denomination),
            None => return Ok(touches),
        },
    };
    // Totals are stored in fen, the parameter is in yuan.
    let unit = if of == records::BookedCapacity::Total { 100 } else { 1 };
    let allowed = reach.value.parse::<i64>().unwrap_or(i64::MAX);
    let days = records::booked(conn, of, reach).await?;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    touches.push(Touch::DaysKept { count: number(days.len()) });
    let above: Vec<i64> = days.iter().map(|day| day.most / unit).filter(|most| *most > allowed).collect();
    if let Some(most) = above.iter().max() {
        touches.push(Touch::DaysAbove { count: number(above.len()), most: *most });
    }
    Ok(touches)
}

impl Kind for CashKind {
    fn case_kind(&self) -> CaseKind {
        KIND
    }

    fn states(&self) -> &'static [State] {
        &states::STATES
    }

    fn table(&self) -> &'static [Transition] {
        &states::TABLE
    }

    fn present(&self) -> &'static [&'static str] {
        const { &[CashState::Arrived.code()] }
    }

    fn to_prepare(&self) -> &'static [&'static str] {
        const { &[CashState::Confirmed.code()] }
    }

    fn on_board<'a>(
        &'a self,
        conn: &'a mut Conn,
        day: &'a BoardDay<'a>,
    ) -> BoxFuture<'a, Result<Vec<(String, OnBoard)>, Failure>> {
        Box::pin(on_board(conn, day))
    }

    fn takes_time(&self) -> bool {
        true
    }

    fn parameters(&self) -> &'static [Declaration] {
        CashParameters::DECLARED
    }

    fn echoes(&self) -> &'static [&'static str] {
        &["cash_submitted", "cash_to_approve", "cash_moved", "cash_proposal_accepted", "cash_proposal_rejected", "cash_cancelled"]
    }

    fn messages(&self) -> &'static [&'static str] {
        &[
            "cash_submitted",
            "cash_to_approve",
            "cash_moved",
            "cash_company_approved",
            "cash_company_refused",
            "cash_company_lapsed",
            "cash_confirmed",
            "cash_declined",
            "cash_proposed",
            "cash_proposal_accepted",
            "cash_proposal_rejected",
            "cash_proposal_lapsed",
            "cash_prepared",
            "cash_completed",
            "cash_cancelled",
            "cash_cancelled_by_bank",
            "cash_no_show",
            "cash_timed_out",
            "cash_branch_closed",
        ]
    }

    fn check(&self) -> Check {
        records::check
    }

    fn refusals(&self) -> Vec<DeskRefusal> {
        CashDeskRefusal::samples().into_iter().map(DeskRefusal::from).collect()
    }

    /// The vault can be closed while the branch is open.
    fn is_shut(&self, reference: &Reference, branch: &str, start: At, end: At) -> bool {
        let open = reference.branches.iter().find(|known| known.id == branch);
        open.is_none_or(|branch| !serves(reference, branch, start, end))
    }

    fn contact<'a>(&'a self, tx: &'a mut Tx, number: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(async move {
            let Some(booked) = records::find_booking(tx, number).await? else { return Ok(None) };
            Ok(Some(tx.seal().open(&CASH_PHONE, number, &booked.phone_sealed)?))
        })
    }

    /// The live bookings, which keep the rules of their day; for a capacity the booked days, and those on which more is booked
    /// than the new value allows.
    fn touched_by_parameter<'a>(
        &'a self,
        conn: &'a mut Conn,
        reach: &'a ParameterReach<'a>,
    ) -> BoxFuture<'a, Result<Vec<Touch>, Failure>> {
        Box::pin(touched(conn, reach))
    }

    /// Places there that wait for their customers' answers.
    fn hangs_on_branch<'a>(
        &'a self,
        conn: &'a mut Conn,
        branch: &'a str,
        _from: Day,
    ) -> BoxFuture<'a, Result<Vec<Touch>, Failure>> {
        Box::pin(async move { Ok(vec![Touch::Proposals { count: count_proposals(conn, branch).await? }]) })
    }

    fn facts<'a>(
        &'a self,
        conn: &'a mut Conn,
        reference: &'a Reference,
        case: &'a CaseLine,
    ) -> BoxFuture<'a, Result<Facts, Failure>> {
        Box::pin(async move { Ok(Booked::read(conn, reference, case).await?.facts(reference)) })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, change: &'a Change<'a>) -> BoxFuture<'a, Result<Effect, Rejected<Vec<DeskRefusal>>>> {
        Box::pin(apply(tx, change))
    }
}

async fn apply(tx: &mut Tx, change: &Change<'_>) -> Result<Effect, Rejected<Vec<DeskRefusal>>> {
    let mut booked = Booked::read(tx, change.reference, change.case).await?;
    let number = change.case.number.as_str();
    let action = act::stored("cash action", change.action, CashAction::parse)?;
    let to = act::stored("cash state", change.to, CashState::parse)?;
    let user = change.actor.user_id.as_deref().unwrap_or_default();
    let refuse = |refusals: Vec<CashDeskRefusal>| -> Rejected<Vec<DeskRefusal>> {
        Rejected::Refused(refusals.into_iter().map(Into::into).collect())
    };
    let (mut detail, mut offered, mut amount) = (Map::new(), None, booked.notes.value());
    let (mut reason, mut due_at, mut accepted) = (None, None, None);
    match action {
        // Written by `moving.rs`.
        CashAction::Move => return Err(Failure::stored("cash action", change.action).into()),
        CashAction::CompanyApprove => records::set_company_answer(tx, number, user).await?,
        CashAction::CompanyRefuse => {
            records::set_company_answer(tx, number, user).await?;
            reason = change.posted.filled(WHY).map(str::to_owned);
        }
        CashAction::Confirm => records::set_confirmed_by(tx, number, user).await?,
        CashAction::Decline => {
            let now = tx.now();
            offered = read_offered(tx, change.reference, &booked, change.posted, now).await?.map(day_text);
            detail.extend(offered.iter().map(|day| ("offered_day".to_owned(), json!(day))));
        }
        CashAction::Propose => {
            propose(tx, change, &mut booked).await?;
            let proposed = booked.proposed.iter().map(|proposed| proposal_words(change.reference, &proposed.proposal));
            detail.extend(proposed.map(|proposed| ("proposed".to_owned(), proposed)));
        }
        CashAction::Accept => {
            let Accepted { detail: places, .. } = accepted.insert(accept(tx, change, &booked, to).await?);
            detail.extend(places.as_object().cloned().unwrap_or_default());
        }
        CashAction::Reject | CashAction::Lapse => {
            let holds = booked.holds();
            records::keep(tx, &holds, &holds[..1]).await?;
        }
        CashAction::Arrive => {
            let arrival = read_arrival(booked.row.agent_name.is_some(), change.posted, tx.now()).map_err(refuse)?;
            let code = arrival.document.code();
            records::set_arrived(tx, number, &arrival, &booked.row.collector).await?;
            detail.insert("id_checked".to_owned(), json!(code));
        }
        CashAction::Complete => {
            let most = booked.parameters.cash_purpose_other_max;
            let payment = read_payment(&booked, change.posted, most).map_err(refuse)?;
            records::pay_out(tx, &booked.place(), &booked.notes, &payment.notes).await?;
            amount = payment.notes.value();
            detail.insert("paid".to_owned(), json!(amount.0));
            let (collector, collected_by) = collected_by(&booked, &change.case.customer_name);
            let entry = RegisterEntry {
                number,
                at: tx.now(),
                paid: payment.notes,
                purpose: &payment.purpose,
                collector,
                collected_by,
                id_checked: booked.row.arrived_as.as_deref().unwrap_or_default(),
                teller: user,
            };
            records::insert_register(tx, &entry).await?;
        }
        _ => {}
    }
    if change.case.state == CashState::AwaitingCompanyApprover.code() && to == CashState::Submitted {
        due_at = Some(booked.answer_due(change.reference, tx.now()));
    }
    if change.case.state == CashState::Proposed.code() && to == CashState::Submitted {
        due_at = Some(booked.due_again(change.reference, tx.now()));
    }
    // A proposal is an answer, too; rejecting it is none, and accepting it counts with the new place.
    let answers = match action {
        CashAction::Confirm | CashAction::Approve => to == CashState::Confirmed,
        action => action == CashAction::Propose,
    };
    if let Some(branch) = change.reference.branch(&booked.row.branch_id).filter(|_| answers) {
        let (calendar, hours) = (&change.reference.calendar, &branch.hours);
        let timing = Timing { calendar, hours, parameters: &booked.parameters };
        let until = timing.cancel_until_answered(At(booked.row.cancel_until), tx.now(), booked.time.0);
        records::set_cancel_until(tx, number, until).await?;
    }
    if !to.is_live() {
        if action != CashAction::Complete {
            records::release(tx, &booked.holds()).await?;
        }
        // The time the slot was missed counts, not the time it was recorded.
        let missed = booked.time.1.plus_minutes(booked.parameters.cash_no_show_grace_minutes).min(tx.now());
        records::set_ended(tx, number, (to == CashState::NoShow).then_some(missed)).await?;
        engagements::release_time(tx, number).await?;
    }
    let message = match message(action, to, change.actor.role == "customer") {
        Some(kind) => Some(CustomerMessage {
            kind,
            details: message_details(change, &booked, amount, (reason.as_deref(), offered.as_deref()), tx.now()),
            phone: Some(tx.seal().open(&CASH_PHONE, number, &booked.row.phone_sealed)?),
        }),
        None => None,
    };
    let (moved, facts) = match accepted {
        Some(Accepted { moved, facts, due_at: approved_by, .. }) => {
            due_at = approved_by;
            (Some(moved), Some(facts))
        }
        None => (None, (action == CashAction::Propose).then(|| booked.facts(change.reference))),
    };
    Ok(Effect { reason, detail: Some(Value::Object(detail)), message, due_at, moved, facts })
}

/// The message to the customer; `None` for actions that concern the bank only.
fn message(action: CashAction, to: CashState, by_customer: bool) -> Option<&'static str> {
    match (action, to) {
        (CashAction::CompanyApprove, _) => Some("cash_company_approved"),
        (CashAction::CompanyRefuse, _) => Some("cash_company_refused"),
        (CashAction::CompanyPass, _) => Some("cash_submitted"),
        (CashAction::CompanyLapse, _) => Some("cash_company_lapsed"),
        (CashAction::Propose, _) => Some("cash_proposed"),
        (CashAction::Accept, CashState::AwaitingApproval) => Some("cash_proposal_accepted"),
        (CashAction::Reject, _) => Some("cash_proposal_rejected"),
        (CashAction::Lapse, _) => Some("cash_proposal_lapsed"),
        (CashAction::Confirm | CashAction::Approve | CashAction::Accept, CashState::Confirmed) => Some("cash_confirmed"),
        (CashAction::Decline, _) => Some("cash_declined"),
        (CashAction::Prepare, _) => Some("cash_prepared"),
        (CashAction::Complete, _) => Some("cash_completed"),
        (CashAction::Cancel, _) if by_customer => Some("cash_cancelled"),
        (CashAction::Cancel, _) => Some("cash_cancelled_by_bank"),
        (CashAction::NoShow, _) => Some("cash_no_show"),
        (CashAction::TimeOut, _) => Some("cash_timed_out"),
        (CashAction::BranchClosed, _) => Some("cash_branch_closed"),
        _ => None,
    }
}

/// The values of a message. That of a payout tells when it was made, which may be another day than the booked one.
fn message_details(
    change: &Change<'_>,
    booked: &Booked,
    amount: Fen,
    (reason, offered): (Option<&str>, Option<&str>),
    now: At,
) -> Value {
    let (mut branch, mut day, mut time) = (&booked.row.branch_id, booked.day, booked.row.slot.clone());
    let proposed = booked.proposed.as_ref().map(|Proposed { proposal, .. }| proposal);
    if change.action == CashAction::Complete.code() {
        (day, time) = (now.day(), hhmm(now.time()));
    } else if let Some(proposal) = proposed.filter(|_| change.action == CashAction::Accept.code()) {
        (branch, day, time) = (&proposal.branch_id, proposal.day, hhmm(proposal.slot));
    }
    let branch = change.reference.branch(branch);
    let proposed = proposed.filter(|_| change.action == CashAction::Propose.code());
    json!({
        "branch_zh": branch.map(|branch| &branch.name_zh), "branch_en": branch.map(|branch| &branch.name_en),
        "branch_phone": branch.map(|branch| &branch.phone),
        "day": day_text(day), "slot": time, "amount": amount.0,
        "reason": reason.or(change.reason), "offered_day": offered,
        "proposed": proposed.map(|proposal| proposal_words(change.reference, proposal)),
    })
}

/// Cancels a booking for the customer, until the deadline. Cancelling a cancelled booking succeeds.
pub async fn cancel_cash(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Rejected<CashRefusal>> {
    let cancelled = act_as_customer(bank, customer, number, CashAction::Cancel.code(), &Values::default()).await;
    cancelled.map_err(|rejected| match rejected {
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
        Rejected::Refused(NotAllowed::TooLate(until)) => Rejected::Refused(CashRefusal::CancelClosed { until }),
        Rejected::Refused(_) => Rejected::Refused(CashRefusal::CancelOver),
    })
}
