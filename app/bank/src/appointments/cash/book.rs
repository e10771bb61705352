//! Booking cash: validation with current data, and the transaction. One key gives one case, however often it is sent
//! (ARCHITECTURE.md, Forms).

use scoped_futures::ScopedFutureExt;

use super::CashRefusal;
use super::booked::facts;
use super::form::FORM;
use super::kind::KIND;
use super::model::{CashRequest, CashState};
use super::records::{self, DayCapacity, NewBooking, Place};
use super::rules::read_cash;
use super::snapshot::{Snapshot, capacity, snapshot};
use super::states::HAS_APPROVER;
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference};
use crate::cases::{CustomerMessage, NewCase, enqueue_message, lock_customer, open};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{AttemptOutcome, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, submit};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, day_text, hhmm};
use crate::sessions::{Customer, CustomerKind, find_approver};

/// Books the values of the form, including those posted last. Idempotent per key.
pub async fn book_cash(bank: &Bank, customer: &Customer, post: &Post) -> Result<SubmitOutcome<CashRefusal>, Failure> {
    submit(bank, post.row(customer.user_id(), &FORM), post, &Book { bank, customer }).await
}

/// The cash form of a customer.
struct Book<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
}

impl SubmitHandler for Book<'_> {
    type Refusal = CashRefusal;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<CashRefusal>, Rejected<SubmitConflict>> {
        let branch = submitted.values.filled("branch");
        let Snapshot { context, reference, on_file, counted } = snapshot(self.bank, self.customer, branch, None).await?;
        let values = on_file.completed(self.bank.seal(), &submitted.values)?;
        let parsed = read_cash(&values, &submitted.offered, &context);
        let Some(request) = parsed.request() else {
            return Ok(parsed.refusals.into_iter().next().map_or(AttemptOutcome::Open, AttemptOutcome::Refused));
        };
        if let Some(full) = counted.full(&reference.parameters("", context.now.day())) {
            return Ok(AttemptOutcome::Refused(CashRefusal::Quota(full)));
        }
        book(self.bank, self.customer, submitted, &request, &reference).await.map(AttemptOutcome::Booked)
    }

    fn changed(&self) -> Option<CashRefusal> {
        Some(CashRefusal::Changed)
    }
}

/// Books validated values; returns the number of the case.
async fn book(
    bank: &Bank,
    customer: &Customer,
    submitted: &SubmittedForm<'_>,
    request: &CashRequest,
    reference: &Reference,
) -> Result<String, Rejected<SubmitConflict>> {
    let now = bank.now();
    let branch = reference.branch(&request.branch).ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
    let (made, collected) =
        (reference.parameters(&request.branch, now.day()), reference.parameters(&request.branch, request.day));
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &made };
    let time =
        (At::of(request.day, request.slot), Timing { parameters: &collected, ..timing }.slot_end(request.day, request.slot));
    let cancel_until = timing.cancel_until(now, time.0);
    let due_at = timing.answer_due(now);
    let case = NewCase {
        kind: KIND,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(request.branch.clone()),
        state: None,
        due_at,
        time: Some(time),
        facts: facts(&made, time, (now, cancel_until), request.amount),
        amount: Some(request.amount),
        topic: String::new(),
    };
    let details = message_details(branch, request, due_at);
    let plan = Plan {
        submitted,
        request,
        case: &case,
        reference,
        details: &details,
        capacity: capacity(&collected),
        open_max: made.cash_open_max,
        booking: NewBooking::of(customer.customer_id(), request, cancel_until, None),
    };
    bank.write("book_cash", |tx| {
        let plan = &plan;
        async move { plan.carry_out(tx, customer).await }.scope_boxed()
    })
    .await
}

/// The values of the messages of a booking; the worker renders the text.
pub(super) fn message_details(branch: &Branch, request: &CashRequest, due_at: At) -> serde_json::Value {
    serde_json::json!({
        "branch_zh": branch.name_zh, "branch_en": branch.name_en,
        "day": day_text(request.day), "slot": hhmm(request.slot), "amount": request.amount.0, "due_at": due_at.0,
    })
}

struct Plan<'p> {
    submitted: &'p SubmittedForm<'p>,
    request: &'p CashRequest,
    case: &'p NewCase,
    reference: &'p Reference,
    details: &'p serde_json::Value,
    capacity: DayCapacity,
    open_max: Fen,
    booking: NewBooking<'p>,
}

impl Plan<'_> {
    /// The case of a booking that the company's approver has to agree to first, by the time until which the customer can cancel.
    fn held(&self) -> NewCase {
        let mut case = NewCase {
            state: Some(CashState::AwaitingCompanyApprover.code()),
            due_at: self.booking.cancel_until,
            ..self.case.clone()
        };
        case.facts.holds.push((HAS_APPROVER, true));
        case
    }

    /// The transaction. It locks the form's row first (posts with one key serialise on it), then slot, cash and notes, then
    /// inserts the case, which locks the customer's row.
    async fn carry_out(&self, tx: &mut Tx, customer: &Customer) -> Result<String, Rejected<SubmitConflict>> {
        let state = self.submitted.lock(tx).await?;
        let place = Place { branch: &self.request.branch, day: self.request.day, slot: self.request.slot };
        if let Err(shortage) = records::reserve(tx, &place, &self.capacity, &self.request.notes).await? {
            tracing::debug!(?shortage, "the capacity was taken since the form was validated");
            return Err(Rejected::Refused(SubmitConflict::LostRace));
        }
        // Locked before it is asked for, so that an approver who goes sees the booking that waits for them.
        let mut approver = None;
        if customer.kind() == CustomerKind::Company {
            lock_customer(tx, customer.customer_id()).await?;
            approver = find_approver(tx, customer.customer_id()).await?;
        }
        let case = if approver.is_some() { &self.held() } else { self.case };
        let booking = NewBooking { operator_id: approver.as_ref().map(|_| customer.user_id()), ..self.booking.clone() };
        let number = open(tx, self.reference, case, &customer.actor()).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
        let time = engagements::time_of(customer.customer_id(), &number, start, end);
        if !records::insert_booking(tx, &number, &booking, self.open_max, time).await? {
            // The customer has booked this day, this time or too much in the meantime.
            return Err(Rejected::Refused(SubmitConflict::LostRace));
        }
        let phone = Some(self.request.phone.as_str().to_owned());
        let kind = if approver.is_some() { "cash_to_approve" } else { "cash_submitted" };
        let message = CustomerMessage { kind, details: self.details.clone(), phone };
        enqueue_message(tx, self.reference, customer.customer_id(), &number, &message).await?;
        self.submitted.finish(tx, state, &number).await?;
        Ok(number)
    }
}
