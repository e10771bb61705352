//! POST of the reception form: stores the step, or applies; always answers 303 (design.md section 3).

use axum::extract::State;
use axum::response::Response;
use bank::appointments::reception::{Application, FORM, Step, apply_for_reception};
use bank::kernel::bank::Bank;
use bank::kernel::forms::{FormRow, Refusal, post_form};
use bank::sessions::Customer;

use super::PATH;
use crate::form::{after, to_case};
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /appointments/new/reception
pub async fn take(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let outcome = if form.pressed() == "book" {
        apply(&app.bank, &customer, &form).await
    } else {
        store(&app.bank, &customer, &form).await
    };
    visit.answer(outcome)
}

/// A step is stored; the page then shows the first one that is open, refusals included.
async fn store(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let row = FormRow { owner: customer.user_id().to_owned(), form: FORM, key: form.key().to_owned() };
    let taken = post_form(bank, &row, form.version(), &form.0).await?;
    after(&taken, PATH, form.key(), |_| format!("{PATH}?key={}", form.key()))
}

async fn apply(bank: &Bank, customer: &Customer, form: &Submission) -> Result<Response, PageError> {
    let key = form.key();
    let to = match apply_for_reception(bank, customer, key, form.version(), &form.0).await? {
        Application::Case { number, same } => return Ok(to_case(&number, !same)),
        Application::Refused(refusal) => format!("{PATH}?key={key}&step={}", Step::of(refusal.field()).name()),
        Application::Open => format!("{PATH}?key={key}"),
        Application::Stale => format!("{PATH}?key={key}&stale=1"),
        Application::NotYours => return Err(PageError::NotFound),
    };
    Ok(see_other(&to))
}
