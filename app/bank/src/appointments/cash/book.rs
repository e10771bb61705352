//! Booking cash, whole: what a wish is judged by, and the one transaction that makes it so. One wish under one key is one
//! case, however often it is sent (design.md section 3).

use scoped_futures::ScopedFutureExt;

use super::CashRefusal;
use super::availability::{Availability, CashContext, CashLimits, DayOffer, SlotOffer};
use super::model::{CashState, CashWish, Collector, Notes};
use super::no_shows::blocked_until;
use super::records::{self, Capacity, NewBooking, Place};
use super::rules::read_cash;
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{CaseKind, NewCase, insert_case};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, FormStates, KeyOf, Taken, Values, find_form, refuse_form};
use crate::kernel::ids::CaseNumber;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, day_text, hhmm};
use crate::messages::insert_message;
use crate::sessions::{Customer, CustomerKind};

/// The form's name in `form_states`.
pub const FORM: &str = "cash";

/// The column an agent's ID number is sealed for.
pub(super) const AGENT_ID: &str = "cash_appointments.agent_id";

/// The column a booking's phone number is sealed for.
pub(super) const PHONE: &str = "cash_appointments.phone";

/// How often a wish is judged again when the transaction found less than the judgement had seen.
const TRIES: u32 = 4;

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booking {
    /// It is a case, now or already before.
    Case {
        /// Its number.
        number: String,
        /// Whether what was sent is what was booked.
        same: bool,
    },
    /// Refused; the refusal is kept with the form. Nothing was taken.
    Refused(CashRefusal),
    /// Steps are still open; what was sent is stored.
    Open,
    /// Another tab has changed the form; nothing was overwritten.
    Stale,
    /// The key is not the caller's.
    NotYours,
}

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
                cash_left: left.and_then(|left| left.cash).unwrap_or(untouched.total),
                stock_left,
            }
        })
        .collect();
    Ok(Availability { days })
}

/// The values as the rules judge them: a blank phone means the number the bank holds.
pub async fn judged_values(bank: &Bank, customer: &Customer, values: &Values) -> Result<Values, Failure> {
    let mut judged = values.clone();
    if judged.filled("phone").is_none() {
        judged.set("phone", customers::phone_on_file(bank, customer).await?);
    }
    Ok(judged)
}

/// Books what the form holds, with what was posted last. One effect and one answer for one key.
pub async fn book_cash(bank: &Bank, customer: &Customer, key: &str, version: i64, posted: &Values) -> Result<Booking, Failure> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: key.to_owned() };
    let mut tries = 1;
    loop {
        let held = match find_form(bank, &row).await? {
            KeyOf::Mine(state) => state,
            KeyOf::Nobody => crate::kernel::forms::FormState::default(),
            KeyOf::Another => return Ok(Booking::NotYours),
        };
        let merged = held.values.merged(posted);
        let values = judged_values(bank, customer, &merged).await?;
        let (context, reference) = cash_context(bank, customer, values.filled("branch")).await?;
        let mut offered = held.offered.clone();
        offered.extend(posted.offered());
        let reading = read_cash(&values, &offered, &context);
        let refusal = match reading.wish() {
            Some(wish) => {
                match book(bank, customer, &Sent { row: &row, version, posted, merged: &merged }, &wish, &reference).await {
                    Ok(booking) => return Ok(booking),
                    Err(Rejected::Unexpected(failure)) => return Err(failure),
                    // What the judgement had seen is gone: judge again; the words and the nearest values are the rules'.
                    Err(Rejected::Refused(Less)) if tries < TRIES => {
                        tries += 1;
                        continue;
                    }
                    Err(Rejected::Refused(Less)) => Some(CashRefusal::Changed),
                }
            }
            None => reading.refusals.first().cloned(),
        };
        return refuse(bank, &row, version, posted, refusal).await;
    }
}

/// Keeps what was posted with its refusal; should the key have become a case meanwhile, that is the answer.
async fn refuse(
    bank: &Bank,
    row: &FormRow,
    version: i64,
    posted: &Values,
    refusal: Option<CashRefusal>,
) -> Result<Booking, Failure> {
    let taken = match &refusal {
        Some(refusal) => {
            let text = serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.refusal", e))?;
            refuse_form(bank, row, version, posted, text).await?
        }
        None => crate::kernel::forms::post_form(bank, row, version, posted).await?,
    };
    Ok(match (taken, refusal) {
        (Taken::Case { number, same }, _) => Booking::Case { number, same },
        (Taken::Stale(_), _) => Booking::Stale,
        (Taken::NotYours, _) => Booking::NotYours,
        (Taken::Fresh(_), Some(refusal)) => Booking::Refused(refusal),
        (Taken::Fresh(_), None) => Booking::Open,
    })
}

/// The transaction found less than the judgement had seen, or the form had changed under it.
struct Less;

async fn book(
    bank: &Bank,
    customer: &Customer,
    sent: &Sent<'_>,
    wish: &CashWish,
    reference: &Reference,
) -> Result<Booking, Rejected<Less>> {
    let now = bank.now();
    let parameters = reference.parameters(&wish.branch, wish.day);
    let branch = reference.branch(&wish.branch).ok_or(Rejected::Refused(Less))?;
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &parameters };
    let agent_id_sealed = match &wish.collector {
        Collector::Agent { id, .. } => Some(bank.seal().seal(AGENT_ID, id)?),
        Collector::Myself => None,
    };
    let phone_sealed = bank.seal().seal(PHONE, wish.phone.as_str())?;
    let ids = [bank.new_id()?, bank.new_id()?];
    let number = CaseNumber::generate(CaseKind::Cash.prefix(), &bank.random::<8>()?).to_string();
    let due_at = timing.answer_due(now);
    let case = NewCase {
        number: number.clone(),
        kind: CaseKind::Cash,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(wish.branch.clone()),
        state: CashState::Submitted.code(),
        due_at,
        time: Some((At::of(wish.day, wish.slot), timing.slot_end(wish.day, wish.slot))),
        acts_at: timing.acts_at(CashState::Submitted, wish.day, wish.slot),
        amount: Some(wish.amount),
        topic: String::new(),
    };
    let told = told(branch, wish, due_at);
    let plan = Plan {
        sent,
        wish,
        case: &case,
        told: &told,
        capacity: capacity(&parameters),
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
            cancel_until: timing.cancel_until(now, wish.day),
        },
    };
    bank.write("book_cash", |tx| {
        let (plan, ids) = (&plan, ids.clone());
        async move { plan.carry_out(tx, customer, now, ids).await }.scope_boxed()
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

/// A posted form, and the values that were judged.
struct Sent<'s> {
    row: &'s FormRow,
    version: i64,
    posted: &'s Values,
    merged: &'s Values,
}

struct Plan<'p> {
    sent: &'p Sent<'p>,
    wish: &'p CashWish,
    case: &'p NewCase,
    told: &'p serde_json::Value,
    capacity: Capacity,
    booking: NewBooking<'p>,
}

impl Plan<'_> {
    /// The transaction: the form's row first (the same key meets itself there), then slot, cash, notes, then the case.
    async fn carry_out(
        &self,
        tx: &mut Tx,
        customer: &Customer,
        now: At,
        [audit_id, message_id]: [String; 2],
    ) -> Result<Booking, Rejected<Less>> {
        let sent = self.sent;
        let mut state = match FormStates::take(tx, sent.row, sent.version, sent.posted, now).await? {
            // What was judged is what is booked.
            Taken::Fresh(state) if state.values == *sent.merged => state,
            Taken::Fresh(_) => return Err(Rejected::Refused(Less)),
            Taken::Case { number, same } => return Ok(Booking::Case { number, same }),
            Taken::Stale(_) => return Ok(Booking::Stale),
            Taken::NotYours => return Ok(Booking::NotYours),
        };
        let place = Place { branch: &self.wish.branch, day: self.wish.day, slot: self.wish.slot };
        if let Err(short) = records::take(tx, &place, &self.capacity, &self.wish.notes).await? {
            tracing::debug!(?short, "what was free when the wish was judged is taken");
            return Err(Rejected::Refused(Less));
        }
        let number = &self.case.number;
        let made = insert_case(tx, self.case, &customer.actor(), now, audit_id).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(Less))?;
        let done = made
            && records::insert_booking(tx, &self.booking).await?
            && engagements::take_time(tx, customer.customer_id(), number, start, end).await?;
        if !done {
            // The number is taken, or the customer has booked this day or hour meanwhile.
            return Err(Rejected::Refused(Less));
        }
        insert_message(tx, &message_id, customer.customer_id(), number, "cash_submitted", self.told, now).await?;
        state.case_number = Some(number.clone());
        state.refusal = None;
        FormStates::store(tx, sent.row, &state, now).await?;
        Ok(Booking::Case { number: number.clone(), same: true })
    }
}
