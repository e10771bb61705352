//! POST of the cash form: stores the step, or books; always answers 303 (design.md section 3).

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::{Booking, FORM, Step, book_cash};
use bank::kernel::bank::Bank;
use bank::kernel::forms::{FormRow, Refusal, post_form};
use bank::sessions::Customer;

use super::PATH;
use super::pages::name;
use crate::form::{after, to_case};
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /appointments/new/cash
pub async fn take(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let outcome =
        if form.pressed() == "book" { book(&app.bank, &customer, &form).await } else { store(&app.bank, &customer, &form).await };
    visit.answer(outcome)
}

/// A step is stored; the page then shows the first one that is open, refusals included.
async fn store(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: form.key().to_owned() };
    let taken = post_form(bank, &row, form.version(), &form.0).await?;
    after(&taken, PATH, form.key(), |_| format!("{PATH}?key={}", form.key()))
}

async fn book(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let key = form.key();
    let to = match book_cash(bank, customer, key, form.version(), &form.0).await? {
        Booking::Case { number, same } => return Ok(to_case(&number, !same)),
        Booking::Refused(refusal) => format!("{PATH}?key={key}&step={}", name(Step::of(refusal.field()))),
        Booking::Open => format!("{PATH}?key={key}"),
        Booking::Stale => format!("{PATH}?key={key}&stale=1"),
        Booking::NotYours => return Err(PageError::NotFound),
    };
    Ok(see_other(&to))
}
