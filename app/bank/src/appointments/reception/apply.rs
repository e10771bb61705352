//! Applying for a reception: what a wish is judged by, and the one transaction that makes it so. One wish under one key
//! is one case, however often it is sent (design.md section 3).

use scoped_futures::ScopedFutureExt;

use super::availability::{ReceptionContext, ReceptionLimits, Upcoming};
use super::model::{Reception, ReceptionState, ReceptionWish};
use super::records::{self, NewApplication};
use super::rules::read_reception;
use super::{ReceptionRefusal, timing};
use crate::appointments::engagements;
use crate::branches::{Reference, reference};
use crate::cases::{CaseKind, NewCase, insert_case};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, FormState, FormStates, KeyOf, Taken, Values, find_form, post_form, refuse_form};
use crate::kernel::ids::CaseNumber;
use crate::kernel::time::{At, Time, day_text, hhmm};
use crate::messages::insert_message;
use crate::sessions::{Customer, CustomerKind};

/// The form's name in `form_states`.
pub const FORM: &str = "reception";

/// The column an application's phone number is sealed for.
pub(super) const PHONE: &str = "reception_applications.phone";

/// How often a wish is judged again when the transaction found less than the judgement had seen.
const TRIES: u32 = 4;

/// What became of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// It is a case, now or already before.
    Case {
        /// Its number.
        number: String,
        /// Whether what was sent is what was applied for.
        same: bool,
    },
    /// Refused; the refusal is kept with the form. Nothing was taken.
    Refused(ReceptionRefusal),
    /// Steps are still open; what was sent is stored.
    Open,
    /// Another tab has changed the form; nothing was overwritten.
    Stale,
    /// The key is not the caller's.
    NotYours,
}

/// The receptions this customer may apply for now, with the places left (none left: told as full).
pub async fn receptions(bank: &Bank, customer: &Customer) -> Result<Vec<Upcoming>, Failure> {
    let (context, _) = reception_context(bank, customer).await?;
    Ok(context.shown().cloned().collect())
}

/// Everything outside the form that decides about it, as it stands now. A fixed number of reads.
pub async fn reception_context(bank: &Bank, customer: &Customer) -> Result<(ReceptionContext, Reference), Failure> {
    let reference = reference(bank).await?;
    let now = bank.now();
    let profile = customers::profile(bank, customer).await?;
    let corporate = customer.kind() == CustomerKind::Company;
    let mut conn = bank.read().await?;
    let mut upcoming = records::list_upcoming(&mut conn, customer.customer_id(), now).await?;
    upcoming.retain(|upcoming| upcoming.reception.audience.admits(corporate, profile.vip));
    let context = ReceptionContext {
        now,
        limits: ReceptionLimits::from(&reference.parameters("", now.day())),
        upcoming,
        busy: engagements::list_busy(&mut conn, customer.customer_id(), now.day()).await?,
    };
    Ok((context, reference))
}

/// The values as the rules judge them: a blank phone means the number the bank holds.
pub async fn judged_values(bank: &Bank, customer: &Customer, values: &Values) -> Result<Values, Failure> {
    let mut judged = values.clone();
    if judged.filled("phone").is_none() {
        judged.set("phone", customers::phone_on_file(bank, customer).await?);
    }
    Ok(judged)
}

/// Applies for what the form holds, with what was posted last. One effect and one answer for one key.
pub async fn apply_for_reception(
    bank: &Bank,
    customer: &Customer,
    key: &str,
    version: i64,
    posted: &Values,
) -> Result<Application, Failure> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: key.to_owned() };
    let mut tries = 1;
    loop {
        let held = match find_form(bank, &row).await? {
            KeyOf::Mine(state) => state,
            KeyOf::Nobody => FormState::default(),
            KeyOf::Another => return Ok(Application::NotYours),
        };
        let merged = held.values.merged(posted);
        let values = judged_values(bank, customer, &merged).await?;
        let (context, reference) = reception_context(bank, customer).await?;
        let mut offered = held.offered.clone();
        offered.extend(posted.offered());
        let reading = read_reception(&values, &offered, &context);
        let refusal = match reading.wish() {
            Some(wish) => {
                let sent = Sent { row: &row, version, posted, merged: &merged };
                match apply(bank, customer, &sent, &wish, &context, &reference).await {
                    Ok(application) => return Ok(application),
                    Err(Rejected::Unexpected(failure)) => return Err(failure),
                    // What the judgement had seen is gone: judge again; the words and the nearest place are the rules'.
                    Err(Rejected::Refused(Less)) if tries < TRIES => {
                        tries += 1;
                        continue;
                    }
                    Err(Rejected::Refused(Less)) => Some(ReceptionRefusal::Changed),
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
    refusal: Option<ReceptionRefusal>,
) -> Result<Application, Failure> {
    let taken = match &refusal {
        Some(refusal) => {
            let text = serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.refusal", e))?;
            refuse_form(bank, row, version, posted, text).await?
        }
        None => post_form(bank, row, version, posted).await?,
    };
    Ok(match (taken, refusal) {
        (Taken::Case { number, same }, _) => Application::Case { number, same },
        (Taken::Stale(_), _) => Application::Stale,
        (Taken::NotYours, _) => Application::NotYours,
        (Taken::Fresh(_), Some(refusal)) => Application::Refused(refusal),
        (Taken::Fresh(_), None) => Application::Open,
    })
}

/// The transaction found less than the judgement had seen, or the form had changed under it.
struct Less;

/// A posted form, and the values that were judged.
struct Sent<'s> {
    row: &'s FormRow,
    version: i64,
    posted: &'s Values,
    merged: &'s Values,
}

async fn apply(
    bank: &Bank,
    customer: &Customer,
    sent: &Sent<'_>,
    wish: &ReceptionWish,
    context: &ReceptionContext,
    reference: &Reference,
) -> Result<Application, Rejected<Less>> {
    let now = bank.now();
    let chosen = context.upcoming.iter().find(|upcoming| upcoming.reception.id == wish.reception);
    let reception = &chosen.ok_or(Rejected::Refused(Less))?.reception;
    let parameters = reference.parameters(&reception.branch_id, now.day());
    let number = CaseNumber::generate(CaseKind::Reception.prefix(), &bank.random::<8>()?).to_string();
    let start = At::of(wish.day, wish.slot);
    let case = NewCase {
        number: number.clone(),
        kind: CaseKind::Reception,
        customer_id: customer.customer_id().to_owned(),
        branch_id: Some(reception.branch_id.clone()),
        state: ReceptionState::Applied.code(),
        due_at: timing::answer_due(&reference.calendar, &parameters, now, wish.day, wish.slot),
        time: Some((start, start.plus_minutes(parameters.reception_slot_minutes))),
        // An application nobody has answered is escalated; it is never closed by itself.
        acts_at: None,
        amount: None,
        topic: wish.topic.code().to_owned(),
    };
    let plan = Plan {
        sent,
        application: NewApplication {
            number: &number,
            customer_id: customer.customer_id(),
            reception_id: &wish.reception,
            slot: wish.slot,
            topic: wish.topic,
            summary: &wish.summary,
            hope: &wish.hope,
            attendees: wish.attendees,
            phone_sealed: bank.seal().seal(PHONE, wish.phone.as_str())?,
            cancel_until: timing::cancel_until(&reference.calendar, &parameters, now, wish.day),
        },
        told: told(reference, reception, wish.slot, None),
        case: &case,
    };
    let ids = [bank.new_id()?, bank.new_id()?];
    bank.write("apply_for_reception", |tx| {
        let (plan, ids) = (&plan, ids.clone());
        async move { plan.carry_out(tx, customer, now, ids).await }.scope_boxed()
    })
    .await
}

/// What the messages of an application say: facts, no words.
pub(super) fn told(reference: &Reference, reception: &Reception, slot: Time, reason: Option<&str>) -> serde_json::Value {
    let branch = reference.branch(&reception.branch_id);
    serde_json::json!({
        "branch_zh": branch.map(|branch| &branch.name_zh), "branch_en": branch.map(|branch| &branch.name_en),
        "day": day_text(reception.day), "slot": hhmm(slot), "host_name": reception.host_name,
        "host_title_zh": reception.host_title_zh, "host_title_en": reception.host_title_en,
        "place_zh": reception.place_zh, "place_en": reception.place_en, "reason": reason,
    })
}

struct Plan<'p> {
    sent: &'p Sent<'p>,
    application: NewApplication<'p>,
    told: serde_json::Value,
    case: &'p NewCase,
}

impl Plan<'_> {
    /// The transaction: the form's row first (the same key meets itself there), then the place, then the case.
    async fn carry_out(
        &self,
        tx: &mut Tx,
        customer: &Customer,
        now: At,
        [audit_id, message_id]: [String; 2],
    ) -> Result<Application, Rejected<Less>> {
        let sent = self.sent;
        let mut state = match FormStates::take(tx, sent.row, sent.version, sent.posted, now).await? {
            // What was judged is what is applied for.
            Taken::Fresh(state) if state.values == *sent.merged => state,
            Taken::Fresh(_) => return Err(Rejected::Refused(Less)),
            Taken::Case { number, same } => return Ok(Application::Case { number, same }),
            Taken::Stale(_) => return Ok(Application::Stale),
            Taken::NotYours => return Ok(Application::NotYours),
        };
        if !records::take_place(tx, self.application.reception_id, self.application.slot).await? {
            return Err(Rejected::Refused(Less));
        }
        let number = &self.case.number;
        let made = insert_case(tx, self.case, &customer.actor(), now, audit_id).await?;
        let (start, end) = self.case.time.ok_or(Rejected::Refused(Less))?;
        let done = made
            && records::insert_application(tx, &self.application).await?
            && engagements::take_time(tx, customer.customer_id(), number, start, end).await?;
        if !done {
            // The number is taken, or the customer has applied or is engaged meanwhile.
            return Err(Rejected::Refused(Less));
        }
        insert_message(tx, &message_id, customer.customer_id(), number, "reception_submitted", &self.told, now).await?;
        state.case_number = Some(number.clone());
        state.refusal = None;
        FormStates::store(tx, sent.row, &state, now).await?;
        Ok(Application::Case { number: number.clone(), same: true })
    }
}
