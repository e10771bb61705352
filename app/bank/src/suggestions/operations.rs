//! Recording a suggestion: one transaction with history, audit and the message to the customer.

use scoped_futures::ScopedFutureExt;
use serde_json::json;

use super::kind::KIND;
use super::model::{AnswerWish, SuggestionLimits, SuggestionRefusal, SuggestionWish};
use super::records;
use crate::branches::reference;
use crate::cases::{CaseLine, Facts, NewCase, Told, open, tell};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, FormStates, Taken, Values};
use crate::sessions::Customer;

/// The form's name.
pub const FORM: &str = "suggestions";

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
        let row = &row;
        async move {
            let state = match FormStates(bank.seal()).take(tx, row, version, posted, now).await? {
                Taken::Fresh(state) => state,
                elsewhere => return Ok(elsewhere),
            };
            let wish = SuggestionWish::parse(&state.values, limits).map_err(first)?;
            let case = NewCase {
                kind: KIND,
                customer_id: customer.customer_id().to_owned(),
                branch_id: None,
                due_at,
                time: None,
                facts: Facts::default(),
                amount: None,
                topic: wish.category.code().to_owned(),
            };
            let number = open(tx, &case, &customer.actor()).await?;
            records::insert_suggestion(tx, customer.customer_id(), &number, &wish).await?;
            let told = Told { kind: "suggestion_recorded", details: json!({}), phone: None };
            tell(tx, customer.customer_id(), &number, &told).await?;
            FormStates(bank.seal()).finish(tx, row, state, &number, now).await?;
            Ok(Taken::Case { number, same: true })
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
