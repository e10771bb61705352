//! Filing a suggestion: one transaction with history, audit and the message to the customer.

use scoped_futures::ScopedFutureExt;
use serde_json::json;

use super::form::FORM;
use super::kind::KIND;
use super::model::{AnswerText, SuggestionLimits, SuggestionRefusal, SuggestionText};
use super::parameters::SuggestionParameters;
use super::records;
use crate::branches::reference;
use crate::cases::{CaseLine, CustomerMessage, Facts, NewCase, enqueue_message, open, quota_full};
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{AttemptOutcome, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, submit};
use crate::sessions::Customer;

/// A suggestion with the bank's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub text: SuggestionText,
    /// `None` until it is answered.
    pub answer: Option<AnswerText>,
}

/// The limits of texts in force today.
pub async fn limits(bank: &Bank) -> Result<SuggestionLimits, Failure> {
    Ok(SuggestionLimits::from(&reference(bank).await?.parameters::<SuggestionParameters>("", bank.now().day())))
}

/// The suggestion of a case. `case` proves that the caller may see it.
pub async fn detail(bank: &Bank, case: &CaseLine) -> Result<Option<Suggestion>, Failure> {
    records::find_suggestion(&mut bank.read().await?, &case.number).await
}

/// Files a posted suggestion. Idempotent per key.
pub async fn record(bank: &Bank, customer: &Customer, post: &Post) -> Result<SubmitOutcome<SuggestionRefusal>, Failure> {
    submit(bank, post.row(customer.user_id(), &FORM), post, &Record { bank, customer }).await
}

/// The suggestion form of a customer.
struct Record<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
}

impl SubmitHandler for Record<'_> {
    type Refusal = SuggestionRefusal;

    /// Case, suggestion, message and form row in one transaction.
    async fn attempt(
        &self,
        submitted: &SubmittedForm<'_>,
    ) -> Result<AttemptOutcome<SuggestionRefusal>, Rejected<SubmitConflict>> {
        let (bank, customer, now) = (self.bank, self.customer, self.bank.now());
        let reference = reference(bank).await?;
        let parameters: SuggestionParameters = reference.parameters("", now.day());
        let text = match SuggestionText::parse(&submitted.values, SuggestionLimits::from(&parameters)) {
            Ok(text) => text,
            Err(refusals) => return Ok(refusals.into_iter().next().map_or(AttemptOutcome::Open, AttemptOutcome::Refused)),
        };
        if let Some(full) = quota_full(bank, customer, KIND, &reference).await? {
            return Ok(AttemptOutcome::Refused(SuggestionRefusal::Quota(full)));
        }
        // Due inside the hours of the customer's usual branch, otherwise of the first branch (docs/domain.md §7).
        let usual = customers::profile(bank, customer).await?.usual_branch_id;
        let branch = usual.and_then(|id| reference.branch(&id)).or(reference.branches.first());
        let due_at = now.plus_hours(parameters.suggestion_acknowledge_hours);
        let due_at = branch.map_or(due_at, |branch| branch.hours.promise(&reference.calendar, due_at));
        let number = bank
            .write("record_suggestion", |tx| {
                let (text, reference) = (&text, &reference);
                async move {
                    let state = submitted.lock(tx).await?;
                    let case = NewCase {
                        kind: KIND,
                        customer_id: customer.customer_id().to_owned(),
                        branch_id: None,
                        state: None,
                        due_at,
                        time: None,
                        facts: Facts::default(),
                        amount: None,
                        topic: text.category.code().to_owned(),
                    };
                    let number = open(tx, reference, &case, &customer.actor()).await?;
                    records::insert_suggestion(tx, customer.customer_id(), &number, text).await?;
                    let message = CustomerMessage { kind: "suggestion_recorded", details: json!({}), phone: None };
                    enqueue_message(tx, reference, customer.customer_id(), &number, &message).await?;
                    submitted.finish(tx, state, &number).await?;
                    Ok(number)
                }
                .scope_boxed()
            })
            .await?;
        Ok(AttemptOutcome::Booked(number))
    }

    fn changed(&self) -> Option<SuggestionRefusal> {
        None
    }
}
