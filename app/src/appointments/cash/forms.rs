//! POST handler of the cash form: stores the step or books, and always answers 303.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::book_cash;
use bank::sessions::Customer;

use super::at;
use super::steps::how_much::{AMOUNT_PART, NOTES_PART, RECOUNT};
use crate::form::{Posted, handle_common_buttons, show_again, store_step, submitted};
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
    if let Some(answer) = handle_step_buttons(app, customer, posted).await? {
        return Ok(answer);
    }
    if posted.pressed() != "book" {
        return store_step(&app.bank, customer, at(), posted).await;
    }
    submitted(&book_cash(&app.bank, customer, &posted.0).await?, &at(), posted)
}

/// Handles the buttons of step 2 that fill in an amount or add up the notes: the page is shown again with what was typed, and
/// nothing is refused that was not posted before.
async fn handle_step_buttons(app: &App, customer: &Customer, posted: &Posted) -> Result<Option<Response>, PageError> {
    let quick = posted.values().filled("quick_amount").map(str::to_owned);
    let part = match &quick {
        Some(_) => AMOUNT_PART,
        None if posted.pressed() == RECOUNT => NOTES_PART,
        None => return Ok(None),
    };
    let mut typed = posted.clone();
    if let Some(quick) = quick {
        typed.0.values.set("amount", quick);
    }
    show_again(&app.bank, customer, at(), &typed, part).await.map(Some)
}
