//! Booking cash, whole: what a wish is judged by, and the one transaction that makes it so. One wish under one key is one
//! case, however often it is sent (ARCHITECTURE.md, Forms).

use scoped_futures::ScopedFutureExt;

use super::CashRefusal;
use super::availability::{Availability, CashContext, CashLimits, DayOffer, SlotOffer};
use super::kind::{KIND, facts};
use super::model::{CashWish, Notes};
use super::no_shows::blocked_until;
use super::records::{self, Capacity, NewBooking, Place};
use super::rules::read_cash;
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{NewCase, Told, open, tell};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, Sent, Submitted, Turned, Values, Verdict, Wish, submit};
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, day_text, hhmm};
use crate::sessions::{Customer, CustomerKind};

/// The form's name in `form_states`.
pub const FORM: &str = "cash";

/// The capacity of an untouched day.
fn capacity(parameters: &Parameters) -> Capacity {
    Capacity {
        places: parameters.cash_slot_places,
        total: parameters.cash_day_total,
        stock: Notes([
            parameters.cash_stock_100,
            parameters.cash_stock_50,
            parameters.cash_stock_20,
            parameters.cash_stock_10,
            parameters.cash_stock_5,
            parameters.cash_stock_1,
        ]),
    }
}

/// The stock of an untouched day, for the desk.
pub(super) fn full_stock(parameters: &Parameters) -> Notes {
    capacity(parameters).stock
}

/// Everything outside the form that decides about it, as it stands now. A fixed number of reads.
pub async fn cash_context(bank: &Bank, customer: &Customer, branch: Option<&str>) -> Result<(CashContext, Reference), Failure> {
    let reference = reference(bank).await?;
    let now = bank.now();
    let today = now.day();
    let profile = customers::profile(bank, customer).await?;
    let accounts = customers::accounts(bank, customer).await?;
    let parameters = reference.parameters(branch.unwrap_or_default(), today);
    let mut conn = bank.read().await?;
    let availability = match branch.and_then(|id| reference.branch(id)) {
        Some(branch) => Some(availability(&mut conn, &reference, branch, now).await?),
        None => None,
    };
    let no_shows = records::last_no_shows(&mut conn, customer.customer_id(), parameters.no_show_count).await?;
    let context = CashContext {
        today,
        limits: CashLimits::from(&parameters),
        corporate: customer.kind() == CustomerKind::Company,
        risk_flag: profile.risk_flag,
        accounts: accounts.into_iter().filter(|account| account.active).map(|account| account.id).collect(),
        branches: reference.branches.iter().map(|branch| branch.id.clone()).collect(),
        availability,
        booked: records::booked_days(&mut conn, customer.customer_id(), today).await?,
        busy: engagements::list_busy(&mut conn, customer.customer_id(), today).await?,
        blocked_until: blocked_until(&no_shows, today, &parameters),
    };
    Ok((context, reference))
}

pub(super) async fn availability(
    conn: &mut crate::kernel::database::Conn,
    reference: &Reference,
    branch: &Branch,
    now: At,
) -> Result<Availability, Failure> {
    let today = reference.parameters(&branch.id, now.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &today };
    let window = timing.window(now);
    let (Some(first), Some(last)) = (window.first(), window.last()) else { return Ok(Availability::default()) };
    let taken = records::taken(conn, &branch.id, *first, *last).await?;
    let days = window
        .iter()
        .map(|day| {
            // A parameter that changes between now and then counts as it will stand on the day.
            let parameters = reference.parameters(&branch.id, *day);
            let timing = Timing { parameters: &parameters, ..timing };
            let untouched = capacity(&parameters);
            let left = taken.get(day);
            let paying = branch.cash_closed_until.is_none_or(|until| *day >= until);
            let slots = if paying { timing.slots(*day) } else { Vec::new() };
            let places = |slot| left.and_then(|left| left.places.get(&slot)).copied().unwrap_or(untouched.places);
            let count = |note| left.and_then(|left| left.notes.get(&note)).copied().unwrap_or(untouched.stock.count(note));
            let mut stock_left = Notes::NONE;
            for (note, _) in untouched.stock.iter() {
                stock_left = stock_left.with(note, count(note));
            }
            DayOffer {
                day: *day,
                open: !slots.is_empty(),
                slots: slots.into_iter().map(|slot| SlotOffer { slot, places: places(slot) }).collect(),
                slot_minutes: parameters.cash_slot_minutes,
                cash_left: left.and_then(|left| left.cash).unwrap_or(untouched.total),
                stock_left,
            }
        })
        .collect();
    Ok(Availability { days })
}

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
    let cancel_until = timing.cancel_until(now, wish.day);
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
    reference: &'p Reference,
    told: &'p serde_json::Value,
    capacity: Capacity,
    booking: NewBooking<'p>,
}

impl Plan<'_> {
    /// The transaction: the form's row first (the same key meets itself there), then slot, cash, notes, then the case.
    async fn carry_out(&self, tx: &mut Tx, customer: &Customer) -> Result<String, Rejected<Turned>> {
        let now = tx.now();
        let state = self.sent.take(tx, now).await?;
        let place = Place { branch: &self.wish.branch, day: self.wish.day, slot: self.wish.slot };
        if let Err(short) = records::take(tx, &place, &self.capacity, &self.wish.notes).await? {
            tracing::debug!(?short, "what was free when the wish was judged is taken");
            return Err(Rejected::Refused(Turned::Less));
        }
        let number = open(tx, self.reference, self.case, &customer.actor()).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(Turned::Less))?;
        let done = records::insert_booking(tx, &number, &self.booking).await?
            && engagements::take_time(tx, customer.customer_id(), &number, start, end).await?;
        if !done {
            // The customer has booked this day or hour meanwhile.
            return Err(Rejected::Refused(Turned::Less));
        }
        let phone = Some(self.wish.phone.as_str().to_owned());
        let told = Told { kind: "cash_submitted", details: self.told.clone(), phone };
        tell(tx, customer.customer_id(), &number, &told).await?;
        self.sent.become_case(tx, state, &number, now).await?;
        Ok(number)
    }
}
