//! Recording a suggestion and answering it: each one transaction with history, audit and the message to the customer.

use scoped_futures::ScopedFutureExt;
use serde_json::json;

use super::model::{AnswerWish, SuggestionLimits, SuggestionRefusal, SuggestionWish};
use super::records;
use super::rules::SuggestionState;
use crate::branches::reference;
use crate::cases::{CaseKind, CaseLine, CaseMove, NewCase, QuotaFull, insert_case, move_case, quota_full, take_quota};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, FormStates, Taken, Values};
use crate::kernel::ids::CaseNumber;
use crate::kernel::time::At;
use crate::messages::{NewMessage, insert_message};
use crate::sessions::{Customer, Staff};

/// The form's name.
pub const FORM: &str = "suggestions";

/// Numbers drawn before giving up; even two in a row that exist are rare.
const NUMBER_TRIES: usize = 5;

/// What a suggestion says, and what the bank answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The customer's words.
    pub wish: SuggestionWish,
    /// The bank's, once there is an answer.
    pub answer: Option<AnswerWish>,
}

/// The limits of texts in force today.
pub async fn limits(bank: &Bank) -> Result<SuggestionLimits, Failure> {
    Ok(SuggestionLimits::from(&reference(bank).await?.parameters("", bank.now().day())))
}

/// What stands behind a case of this kind. The case is the proof that the caller may see it.
pub async fn detail(bank: &Bank, case: &CaseLine) -> Result<Option<Suggestion>, Failure> {
    records::find_suggestion(&mut bank.read().await?, &case.number).await
}

/// The quota of the customer that leaves no room for another suggestion, as things stand.
pub async fn no_room(bank: &Bank, customer: &Customer) -> Result<Option<QuotaFull>, Failure> {
    let (now, reference) = (bank.now(), reference(bank).await?);
    quota_full(&mut bank.read().await?, customer.customer_id(), now, &reference.parameters("", now.day())).await
}

/// Records a posted suggestion: key, case, words, message and form in one transaction. The same key again leads to the
/// same case ([`Taken::Case`], also for the first time).
pub async fn record(
    bank: &Bank,
    customer: &Customer,
    key: &str,
    version: Option<i64>,
    posted: &Values,
) -> Result<Taken, Rejected<SuggestionRefusal>> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: key.to_owned() };
    let now = bank.now();
    let reference = reference(bank).await?;
    let parameters = reference.parameters("", now.day());
    let limits = SuggestionLimits::from(&parameters);
    // Promised inside the hours of the customer's usual branch, else of the first (docs/domain.md §7).
    let usual = customers::profile(bank, customer).await?.usual_branch_id;
    let branch = usual.and_then(|id| reference.branch(&id)).or(reference.branches.first());
    let due_at = now.plus_hours(parameters.suggestion_acknowledge_hours);
    let due_at = branch.map_or(due_at, |branch| branch.hours.promise(&reference.calendar, due_at));
    bank.write("record_suggestion", |tx| {
        let (row, parameters) = (&row, &parameters);
        async move {
            let state = match FormStates(bank.seal()).take(tx, row, version, posted, now).await? {
                Taken::Fresh(state) => state,
                elsewhere => return Ok(elsewhere),
            };
            let wish = SuggestionWish::parse(&state.values, limits).map_err(first)?;
            if let Some(full) = take_quota(tx, customer.customer_id(), parameters).await? {
                return Err(Rejected::Refused(SuggestionRefusal::Quota(full)));
            }
            let number = insert_numbered(tx, customer, &wish, due_at).await?;
            records::insert_suggestion(tx, customer.customer_id(), &number, &wish).await?;
            let message = NewMessage {
                customer_id: customer.customer_id(),
                case_number: &number,
                kind: "suggestion_recorded",
                details: &json!({}),
                phone: None,
            };
            insert_message(tx, &message).await?;
            FormStates(bank.seal()).finish(tx, row, state, &number, now).await?;
            Ok(Taken::Case { number, same: true })
        }
        .scope_boxed()
    })
    .await
}

async fn insert_numbered(
    tx: &mut crate::kernel::database::Tx,
    customer: &Customer,
    wish: &SuggestionWish,
    due_at: At,
) -> Result<String, Failure> {
    for _ in 0..NUMBER_TRIES {
        let number = CaseNumber::generate(CaseKind::Suggestion.prefix(), &tx.random::<8>()?);
        let case = NewCase {
            number: number.as_str().to_owned(),
            kind: CaseKind::Suggestion,
            customer_id: customer.customer_id().to_owned(),
            branch_id: None,
            state: SuggestionState::Recorded.code(),
            due_at,
            time: None,
            acts_at: None,
            amount: None,
            topic: wish.category.code().to_owned(),
        };
        if insert_case(tx, &case, &customer.actor()).await? {
            return Ok(case.number);
        }
    }
    Err(Failure::Host("no free case number was drawn".to_owned()))
}

/// Answers a suggestion with judgement, reason and thanks, if it still is as the clerk saw it (`version`): two clerks
/// at once give one answer, and the second is told.
pub async fn answer(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    version: i64,
    answer: &AnswerWish,
) -> Result<(), Rejected<SuggestionRefusal>> {
    bank.write("answer_suggestion", |tx| {
        async move {
            let change = CaseMove {
                number,
                version,
                from: SuggestionState::Recorded.code(),
                to: SuggestionState::Answered.code(),
                action: "answer",
                actor: &staff.actor(),
                waiting: false,
                acts_at: None,
                reason: Some(answer.reason.clone()),
                detail: json!({ "judgement": answer.judgement.code(), "thanks": &answer.thanks }),
            };
            if !move_case(tx, &change).await? {
                return Err(Rejected::Refused(SuggestionRefusal::AlreadyAnswered));
            }
            let Some(customer_id) = records::answer_suggestion(tx, number, answer).await? else {
                return Err(Rejected::Refused(SuggestionRefusal::AlreadyAnswered));
            };
            let details = json!({ "judgement": answer.judgement.code(), "reason": &answer.reason, "thanks": &answer.thanks });
            let message = NewMessage {
                customer_id: &customer_id,
                case_number: number,
                kind: "suggestion_answered",
                details: &details,
                phone: None,
            };
            insert_message(tx, &message).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}

/// The page shows every refusal; the transaction needs one.
fn first(refusals: Vec<SuggestionRefusal>) -> Rejected<SuggestionRefusal> {
    match refusals.into_iter().next() {
        Some(refusal) => Rejected::Refused(refusal),
        None => Rejected::Unexpected(Failure::Host("a suggestion refused without a refusal".to_owned())),
    }
}
