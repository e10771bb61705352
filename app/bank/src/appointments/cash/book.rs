//! Booking cash: validation with current data, and the transaction. One key gives one case, however often it is sent
//! (ARCHITECTURE.md, Forms).

use scoped_futures::ScopedFutureExt;

use super::CashRefusal;
use super::form::FORM;
use super::kind::{KIND, facts};
use super::model::CashWish;
use super::records::{self, Capacity, NewBooking, Place};
use super::rules::read_cash;
use super::snapshot::{capacity, cash_context};
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference};
use crate::cases::{NewCase, Told, open, quota_full, tell};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Post, Sent, Submitted, Turned, Verdict, Wish, submit};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, day_text, hhmm};
use crate::sessions::Customer;

/// Books the values of the form, including those posted last. Idempotent per key.
pub async fn book_cash(bank: &Bank, customer: &Customer, post: &Post) -> Result<Submitted<CashRefusal>, Failure> {
    submit(bank, post.row(customer.user_id(), &FORM), post, &Book { bank, customer }).await
}

/// The cash form of a customer.
struct Book<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
}

impl Wish for Book<'_> {
    type Refusal = CashRefusal;

    async fn attempt(&self, sent: &Sent<'_>) -> Result<Verdict<CashRefusal>, Rejected<Turned>> {
        let values = customers::with_phone_on_file(self.bank, self.customer, &sent.values).await?;
        let (context, reference) = cash_context(self.bank, self.customer, values.filled("branch")).await?;
        let reading = read_cash(&values, &sent.offered, &context);
        let Some(wish) = reading.wish() else {
            return Ok(reading.refusals.into_iter().next().map_or(Verdict::Open, Verdict::Refused));
        };
        if let Some(full) = quota_full(self.bank, self.customer, KIND, &reference).await? {
            return Ok(Verdict::Refused(CashRefusal::Quota(full)));
        }
        book(self.bank, self.customer, sent, &wish, &reference).await.map(Verdict::Booked)
    }

    fn changed(&self) -> Option<CashRefusal> {
        Some(CashRefusal::Changed)
    }
}

/// Books validated values; returns the number of the case.
async fn book(
    bank: &Bank,
    customer: &Customer,
    sent: &Sent<'_>,
    wish: &CashWish,
    reference: &Reference,
) -> Result<String, Rejected<Turned>> {
    let now = bank.now();
    let branch = reference.branch(&wish.branch).ok_or(Rejected::Refused(Turned::Less))?;
    let (made, collected) = (reference.parameters(&wish.branch, now.day()), reference.parameters(&wish.branch, wish.day));
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &made };
    let time = (At::of(wish.day, wish.slot), Timing { parameters: &collected, ..timing }.slot_end(wish.day, wish.slot));
    let cancel_until = timing.cancel_until(now, time.0);
    let due_at = timing.answer_due(now);
    let case = NewCase {
        kind: KIND,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(wish.branch.clone()),
        due_at,
        time: Some(time),
        facts: facts(&made, time, cancel_until, wish.amount),
        amount: Some(wish.amount),
        topic: String::new(),
    };
    let told = told(branch, wish, due_at);
    let plan = Plan {
        sent,
        wish,
        case: &case,
        reference,
        told: &told,
        capacity: capacity(&collected),
        open_max: made.cash_open_max,
        booking: NewBooking {
            customer_id: customer.customer_id(),
            account_id: &wish.account,
            branch_id: &wish.branch,
            day: wish.day,
            slot: wish.slot,
            notes: wish.notes,
            any_notes: wish.any_notes,
            new_notes: wish.new_notes,
            purpose: wish.purpose.as_ref(),
            collector: &wish.collector,
            phone: wish.phone.as_str(),
            remark: &wish.remark,
            cancel_until,
        },
    };
    bank.write("book_cash", |tx| {
        let plan = &plan;
        async move { plan.carry_out(tx, customer).await }.scope_boxed()
    })
    .await
}

/// The values of the messages of a booking; the worker renders the text.
pub(super) fn told(branch: &Branch, wish: &CashWish, due_at: At) -> serde_json::Value {
    serde_json::json!({
        "branch_zh": branch.name_zh, "branch_en": branch.name_en,
        "day": day_text(wish.day), "slot": hhmm(wish.slot), "amount": wish.amount.0, "due_at": due_at.0,
    })
}

struct Plan<'p> {
    sent: &'p Sent<'p>,
    wish: &'p CashWish,
    case: &'p NewCase,
    reference: &'p Reference,
    told: &'p serde_json::Value,
    capacity: Capacity,
    open_max: Fen,
    booking: NewBooking<'p>,
}

impl Plan<'_> {
    /// The transaction. It locks the form's row first (posts with one key serialise on it), then slot, cash and notes, then
    /// inserts the case, which locks the customer's row.
    async fn carry_out(&self, tx: &mut Tx, customer: &Customer) -> Result<String, Rejected<Turned>> {
        let state = self.sent.take(tx).await?;
        let place = Place { branch: &self.wish.branch, day: self.wish.day, slot: self.wish.slot };
        if let Err(short) = records::take(tx, &place, &self.capacity, &self.wish.notes).await? {
            tracing::debug!(?short, "what was free when the wish was judged is taken");
            return Err(Rejected::Refused(Turned::Less));
        }
        let number = open(tx, self.reference, self.case, &customer.actor()).await?;
        if records::open_left(tx, customer.customer_id(), self.open_max).await? < self.wish.amount {
            return Err(Rejected::Refused(Turned::Less));
        }
        let (start, end) = self.case.time.ok_or(Rejected::Refused(Turned::Less))?;
        let done = records::insert_booking(tx, &number, &self.booking).await?
            && engagements::take_time(tx, customer.customer_id(), &number, start, end).await?;
        if !done {
            // The customer has booked this day or time in the meantime.
            return Err(Rejected::Refused(Turned::Less));
        }
        let phone = Some(self.wish.phone.as_str().to_owned());
        let told = Told { kind: "cash_submitted", details: self.told.clone(), phone };
        tell(tx, self.reference, customer.customer_id(), &number, &told).await?;
        self.sent.become_case(tx, state, &number).await?;
        Ok(number)
    }
}
