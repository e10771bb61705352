//! POST of the cash form: stores the step, or books; always answers 303 (ARCHITECTURE.md, Forms).

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::{FORM, Step, book_cash};
use bank::kernel::bank::Bank;
use bank::sessions::Customer;

use super::PATH;
use crate::form::{store_step, submitted};
use crate::page::PageError;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /appointments/new/cash
pub async fn take(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let outcome = if form.pressed() == "book" {
        book(&app.bank, &customer, &form).await
    } else {
        store_step(&app.bank, &customer, FORM, PATH, &form).await
    };
    visit.answer(outcome)
}

async fn book(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let outcome = book_cash(bank, customer, form.key(), form.version(), &form.0).await?;
    submitted(&outcome, PATH, form.key(), |field| Step::of(field).name())
}
