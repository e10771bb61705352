//! Booking cash: the one transaction that makes a wish so. One wish under one key is one
//! case, however often it is sent (ARCHITECTURE.md, Forms).

use scoped_futures::ScopedFutureExt;

use super::CashRefusal;
use super::model::{CashState, CashWish, Collector};
use super::records::{self, Capacity, NewBooking, Place};
use super::rules::read_cash;
use super::snapshot::{capacity, cash_context};
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference};
use crate::cases::{CaseKind, NewCase, insert_case, take_quota};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, Sent, Submitted, Turned, Values, Verdict, Wish, submit};
use crate::kernel::ids::CaseNumber;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, day_text, hhmm};
use crate::messages::{NewMessage, insert_message};
use crate::sessions::Customer;

/// The form's name in `form_states`.
pub const FORM: &str = "cash";

/// The column an agent's ID number is sealed for.
pub(super) const AGENT_ID: &str = "cash_appointments.agent_id";

/// The column a booking's phone number is sealed for.
pub(super) const PHONE: &str = "cash_appointments.phone";

/// Books what the form holds, with what was posted last. One effect and one answer for one key.
pub async fn book_cash(
    bank: &Bank,
    customer: &Customer,
    key: &str,
    version: Option<i64>,
    posted: &Values,
) -> Result<Submitted<CashRefusal>, Failure> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: key.to_owned() };
    submit(bank, &row, version, posted, &Book { bank, customer }).await
}

/// A customer at the cash form.
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
        match reading.wish() {
            Some(wish) => book(self.bank, self.customer, sent, &wish, &reference).await.map(Verdict::Booked),
            None => Ok(reading.refusals.into_iter().next().map_or(Verdict::Open, Verdict::Refused)),
        }
    }

    fn changed(&self) -> CashRefusal {
        CashRefusal::Changed
    }
}

/// Books a wish that the rules allow; gives the number of the case.
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
    let agent_id_sealed = match &wish.collector {
        Collector::Agent { id, .. } => Some(bank.seal().seal(AGENT_ID, id)?),
        Collector::Myself => None,
    };
    let phone_sealed = bank.seal().seal(PHONE, wish.phone.as_str())?;
    let number = CaseNumber::generate(CaseKind::Cash.prefix(), &bank.random::<8>()?).to_string();
    let due_at = timing.answer_due(now);
    let case = NewCase {
        number: number.clone(),
        kind: CaseKind::Cash,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(wish.branch.clone()),
        state: CashState::Submitted.code(),
        due_at,
        time: Some(time),
        acts_at: timing.acts_at(CashState::Submitted, time),
        amount: Some(wish.amount),
        topic: String::new(),
    };
    let told = told(branch, wish, due_at);
    let plan = Plan {
        sent,
        wish,
        case: &case,
        told: &told,
        capacity: capacity(&collected),
        made: made.clone(),
        bank_wide: reference.parameters("", now.day()),
        booking: NewBooking {
            number: &number,
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
            agent_id_sealed,
            phone_sealed,
            remark: &wish.remark,
            cancel_until: timing.cancel_until(now, time.0),
        },
    };
    bank.write("book_cash", |tx| {
        let plan = &plan;
        async move { plan.carry_out(tx, customer).await }.scope_boxed()
    })
    .await
}

/// What the messages of a booking say: facts, no words.
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
    told: &'p serde_json::Value,
    capacity: Capacity,
    /// The parameters of today, of the branch and of the whole bank.
    made: Parameters,
    bank_wide: Parameters,
    booking: NewBooking<'p>,
}

impl Plan<'_> {
    /// The transaction: the form's row first (the same key meets itself there), then the customer's quotas, then slot, cash, notes, then the case.
    async fn carry_out(&self, tx: &mut Tx, customer: &Customer) -> Result<String, Rejected<Turned>> {
        let now = tx.now();
        let state = self.sent.take(tx, now).await?;
        let full = take_quota(tx, customer.customer_id(), &self.bank_wide).await?;
        let open = records::open_cash(tx, customer.customer_id()).await?;
        if full.is_some() || open.0 + self.wish.amount.0 > self.made.cash_open_max.0 {
            return Err(Rejected::Refused(Turned::Less));
        }
        let place = Place { branch: &self.wish.branch, day: self.wish.day, slot: self.wish.slot };
        if let Err(short) = records::take(tx, &place, &self.capacity, &self.wish.notes).await? {
            tracing::debug!(?short, "what was free when the wish was judged is taken");
            return Err(Rejected::Refused(Turned::Less));
        }
        let number = &self.case.number;
        let made = insert_case(tx, self.case, &customer.actor()).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(Turned::Less))?;
        let done = made
            && records::insert_booking(tx, &self.booking).await?
            && engagements::take_time(tx, customer.customer_id(), number, start, end).await?;
        if !done {
            // The number is taken, or the customer has booked this day or hour meanwhile.
            return Err(Rejected::Refused(Turned::Less));
        }
        let message = NewMessage {
            customer_id: customer.customer_id(),
            case_number: number,
            kind: "cash_submitted",
            details: self.told,
            phone: Some(self.wish.phone.as_str()),
        };
        insert_message(tx, &message).await?;
        self.sent.become_case(tx, state, number, now).await?;
        Ok(number.clone())
    }
}
