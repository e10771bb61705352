//! Applying for a reception: validation with current data, and the transaction. One key gives one case, however often it is
//! sent (ARCHITECTURE.md, Forms).

use scoped_futures::ScopedFutureExt;

use super::availability::{ReceptionContext, ReceptionLimits, Upcoming};
use super::form::FORM;
use super::kind::{KIND, facts};
use super::model::{Reception, ReceptionRequest};
use super::records::{self, NewApplication};
use super::rules::read_reception;
use super::timing::Timing;
use super::{ReceptionParameters, ReceptionRefusal};
use crate::appointments::engagements;
use crate::branches::{Reference, reference};
use crate::cases::{CustomerMessage, NewCase, enqueue_message, open, quota_full};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{AttemptOutcome, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, submit};
use crate::kernel::time::{At, Day, Time, day_text, hhmm};
use crate::sessions::{Customer, CustomerKind};

/// The receptions this customer may apply for now, with the places left; full ones are included.
pub async fn receptions(bank: &Bank, customer: &Customer) -> Result<Vec<Upcoming>, Failure> {
    let (context, _) = reception_context(bank, customer).await?;
    Ok(context.shown().cloned().collect())
}

/// The earliest reception day for everybody that has free places, and how many: what a visitor may know.
pub async fn next_open_reception(bank: &Bank) -> Result<Option<(Day, i64)>, Failure> {
    records::next_open(&mut bank.read().await?, bank.now()).await
}

/// The current data for validation, in a fixed number of reads.
pub async fn reception_context(bank: &Bank, customer: &Customer) -> Result<(ReceptionContext, Reference), Failure> {
    let reference = reference(bank).await?;
    let now = bank.now();
    let profile = customers::profile(bank, customer).await?;
    let corporate = customer.kind() == CustomerKind::Company;
    let mut conn = bank.read().await?;
    let limits = |reception: &Reception| {
        ReceptionLimits::from(&reference.parameters::<ReceptionParameters>(&reception.branch_id, reception.day))
    };
    let mut upcoming = records::list_upcoming(&mut conn, customer.customer_id(), now, limits).await?;
    upcoming.retain(|upcoming| upcoming.reception.audience.admits(corporate, profile.vip));
    // A day or hours that were closed after the reception was planned take no new application (docs/domain.md §2).
    for Upcoming { reception, slots, .. } in &mut upcoming {
        let branch = reference.branch(&reception.branch_id);
        let open = |slot| branch.is_some_and(|branch| branch.hours.works_at(&reference.calendar, reception.day, slot));
        slots.retain(|places| open(places.slot));
    }
    let context = ReceptionContext {
        now,
        limits: ReceptionLimits::from(&reference.parameters::<ReceptionParameters>("", now.day())),
        upcoming,
        busy: engagements::list_busy(customer.customer_id(), now.day()).fetch(&mut conn).await?,
    };
    Ok((context, reference))
}

/// Applies with the values of the form, including those posted last. Idempotent per key.
pub async fn apply_for_reception(
    bank: &Bank,
    customer: &Customer,
    post: &Post,
) -> Result<SubmitOutcome<ReceptionRefusal>, Failure> {
    submit(bank, post.row(customer.user_id(), &FORM), post, &Apply { bank, customer }).await
}

/// The application form of a customer.
struct Apply<'a> {
    bank: &'a Bank,
    customer: &'a Customer,
}

impl SubmitHandler for Apply<'_> {
    type Refusal = ReceptionRefusal;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<ReceptionRefusal>, Rejected<SubmitConflict>> {
        let values = customers::with_phone_on_file(self.bank, self.customer, &submitted.values).await?;
        let (context, reference) = reception_context(self.bank, self.customer).await?;
        let parsed = read_reception(&values, &submitted.offered, &context);
        let Some(request) = parsed.request() else {
            return Ok(parsed.refusals.into_iter().next().map_or(AttemptOutcome::Open, AttemptOutcome::Refused));
        };
        if let Some(full) = quota_full(self.bank, self.customer, KIND, &reference).await? {
            return Ok(AttemptOutcome::Refused(ReceptionRefusal::Quota(full)));
        }
        apply(self.bank, self.customer, submitted, &request, &context, &reference).await.map(AttemptOutcome::Booked)
    }

    fn changed(&self) -> Option<ReceptionRefusal> {
        Some(ReceptionRefusal::Changed)
    }
}

/// Files a validated application; returns the number of the case.
async fn apply(
    bank: &Bank,
    customer: &Customer,
    submitted: &SubmittedForm<'_>,
    request: &ReceptionRequest,
    context: &ReceptionContext,
    reference: &Reference,
) -> Result<String, Rejected<SubmitConflict>> {
    let now = bank.now();
    let chosen = context.upcoming.iter().find(|upcoming| upcoming.reception.id == request.reception);
    let chosen = chosen.ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
    let reception = &chosen.reception;
    let branch = reference.branch(&reception.branch_id).ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
    let parameters = reference.parameters(&reception.branch_id, now.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &parameters };
    let start = At::of(request.day, request.slot);
    let cancel_until = timing.cancel_until(now, start);
    let case = NewCase {
        kind: KIND,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(reception.branch_id.clone()),
        state: None,
        due_at: timing.answer_due(now, start),
        time: Some((start, start.plus_minutes(chosen.limits.slot_minutes))),
        facts: facts(start, cancel_until),
        amount: None,
        topic: request.topic.code().to_owned(),
    };
    let plan = Plan {
        phone: request.phone.as_str(),
        submitted,
        application: NewApplication {
            customer_id: customer.customer_id(),
            reception_id: &request.reception,
            slot: request.slot,
            topic: request.topic,
            summary: &request.summary,
            hope: &request.hope,
            attendees: request.attendees,
            phone: request.phone.as_str(),
            cancel_until,
        },
        details: message_details(reference, reception, request.slot, None),
        case: &case,
        reference,
    };
    bank.write("apply_for_reception", |tx| {
        let plan = &plan;
        async move { plan.carry_out(tx, customer).await }.scope_boxed()
    })
    .await
}

/// The values of the messages of an application; the worker renders the text.
pub(super) fn message_details(
    reference: &Reference,
    reception: &Reception,
    slot: Time,
    reason: Option<&str>,
) -> serde_json::Value {
    let branch = reference.branch(&reception.branch_id);
    serde_json::json!({
        "branch_zh": branch.map(|branch| &branch.name_zh), "branch_en": branch.map(|branch| &branch.name_en),
        "day": day_text(reception.day), "slot": hhmm(slot), "host_name": reception.host_name,
        "host_title_zh": reception.host_title_zh, "host_title_en": reception.host_title_en,
        "place_zh": reception.place_zh, "place_en": reception.place_en, "reason": reason,
    })
}

struct Plan<'p> {
    phone: &'p str,
    submitted: &'p SubmittedForm<'p>,
    application: NewApplication<'p>,
    details: serde_json::Value,
    case: &'p NewCase,
    reference: &'p Reference,
}

impl Plan<'_> {
    /// The transaction. It locks the form's row first (posts with one key serialise on it), then the place, then inserts the
    /// case.
    async fn carry_out(&self, tx: &mut Tx, customer: &Customer) -> Result<String, Rejected<SubmitConflict>> {
        let state = self.submitted.lock(tx).await?;
        if !records::reserve_place(tx, self.application.reception_id, self.application.slot).await? {
            return Err(Rejected::Refused(SubmitConflict::LostRace));
        }
        let number = open(tx, self.reference, self.case, &customer.actor()).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
        let done = records::insert_application(tx, &number, &self.application).await?
            && engagements::reserve_time(tx, customer.customer_id(), &number, start, end).await?;
        if !done {
            // The customer has applied, or made an overlapping appointment, in the meantime.
            return Err(Rejected::Refused(SubmitConflict::LostRace));
        }
        let phone = Some(self.phone.to_owned());
        let message = CustomerMessage { kind: "reception_submitted", details: self.details.clone(), phone };
        enqueue_message(tx, self.reference, customer.customer_id(), &number, &message).await?;
        self.submitted.finish(tx, state, &number).await?;
        Ok(number)
    }
}
