//! POST handler of the cash form: stores the step or books, and always answers 303.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::book_cash;
use bank::sessions::Customer;

use super::at;
use crate::form::{Posted, handle_common_buttons, store_step, submitted};
use crate::page::PageError;
use crate::visit::{App, Visit};

/// POST /appointments/new/cash
pub async fn post(visit: Visit, State(app): State<App>, customer: Customer, posted: Posted) -> Response {
    visit.answer(answer(&visit, &app, &customer, &posted).await)
}

async fn answer(visit: &Visit, app: &App, customer: &Customer, posted: &Posted) -> Result<Response, PageError> {
    if let Some(answer) = handle_common_buttons(app, visit, customer.user_id(), &at(), posted).await? {
        return Ok(answer);
    }
    if posted.pressed() != "book" {
        return store_step(&app.bank, customer, at(), posted).await;
    }
    submitted(&book_cash(&app.bank, customer, &posted.0).await?, &at(), posted)
}
