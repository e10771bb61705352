//! What the forms of suggestions do.

use axum::extract::State;
use axum::response::Response;
use bank::kernel::failure::Rejected;
use bank::sessions::Customer;
use bank::suggestions::{self, FORM};

use super::NEW;
use crate::form::{after, store_step};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /suggestions/new: records it. `do=draft` only fills the form in: the survey's need comes so.
pub async fn new(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let outcome = if form.pressed() == "draft" {
        store_step(&app.bank, &customer, FORM, NEW, &form).await
    } else {
        match suggestions::record(&app.bank, &customer, form.key(), form.version(), &form.0).await {
            Ok(taken) => after(&taken, NEW, form.key(), |_| format!("{NEW}?key={}", form.key())),
            // What was typed is kept; the page works out what is wrong.
            Err(Rejected::Refused(_)) => store_step(&app.bank, &customer, FORM, NEW, &form).await,
            Err(Rejected::Unexpected(failure)) => Err(failure.into()),
        }
    };
    visit.answer(outcome)
}
