//! POST handlers of suggestions.

use axum::extract::State;
use axum::response::Response;
use bank::sessions::Customer;
use bank::suggestions;

use super::at;
use crate::form::{Posted, handle_common_buttons, store_step, submitted};
use crate::page::PageError;
use crate::visit::{App, Visit};

/// POST /suggestions/new: files the suggestion. `do=draft` only fills in the form; the survey uses it for a need.
pub async fn new(visit: Visit, State(app): State<App>, customer: Customer, posted: Posted) -> Response {
    visit.answer(record(&visit, &app, &customer, &posted).await)
}

async fn record(visit: &Visit, app: &App, customer: &Customer, posted: &Posted) -> Result<Response, PageError> {
    if let Some(answer) = handle_common_buttons(app, visit, customer.user_id(), &at(), posted).await? {
        return Ok(answer);
    }
    if posted.pressed() == "draft" {
        return store_step(&app.bank, customer, at(), posted).await;
    }
    submitted(&suggestions::record(&app.bank, customer, &posted.0).await?, &at(), posted)
}
