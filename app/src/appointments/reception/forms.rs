//! POST of the reception form: stores the step, or applies; always answers 303 (ARCHITECTURE.md, Forms).

use axum::extract::State;
use axum::response::Response;
use bank::appointments::reception::{FORM, Step, apply_for_reception};
use bank::kernel::bank::Bank;
use bank::sessions::Customer;

use super::PATH;
use crate::form::{store_step, submitted};
use crate::page::PageError;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /appointments/new/reception
pub async fn take(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let outcome = if form.pressed() == "book" {
        apply(&app.bank, &customer, &form).await
    } else {
        store_step(&app.bank, &customer, FORM, PATH, &form).await
    };
    visit.answer(outcome)
}

async fn apply(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let outcome = apply_for_reception(bank, customer, form.key(), form.version(), &form.0).await?;
    submitted(&outcome, PATH, form.key(), |field| Step::of(field).name())
}
