//! POST handler of the cash form: stores the step or books, and always answers 303.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::{FORM, Step, book_cash};
use bank::kernel::forms::{PostOutcome, post_form};
use bank::sessions::Customer;

use super::at;
use super::islands::{DAYS, SLOTS};
use super::moving::{MOVE, kept};
use super::steps::how_much::{AMOUNT_PART, NOTES_PART, RECOUNT};
use crate::form::{FormAt, Posted, after, handle_common_buttons, is_question, next_question, show_again, submitted};
use crate::page::PageError;
use crate::visit::{App, Visit};

/// POST /appointments/new/cash
pub async fn post(visit: Visit, State(app): State<App>, customer: Customer, posted: Posted) -> Response {
    visit.answer(book(&visit, &app, &customer, &posted).await)
}

async fn book(visit: &Visit, app: &App, customer: &Customer, posted: &Posted) -> Result<Response, PageError> {
    if let Some(answer) = step(visit, app, customer, posted, &at(), BOOK).await? {
        return Ok(answer);
    }
    submitted(&book_cash(&app.bank, customer, &posted.0).await?, &at(), posted)
}

/// The button that books.
pub const BOOK: &str = "book";

/// Answers every button but the last one of the form: another part of it, or the next step. `None`: the last button was pressed.
pub async fn step(
    visit: &Visit,
    app: &App,
    customer: &Customer,
    posted: &Posted,
    at: &FormAt<'_>,
    last: &str,
) -> Result<Option<Response>, PageError> {
    if let Some(answer) = handle_common_buttons(app, visit, customer.user_id(), at, posted).await? {
        return Ok(Some(answer));
    }
    if let Some(answer) = handle_step_buttons(app, customer, posted, at).await? {
        return Ok(Some(answer));
    }
    if posted.pressed() == last {
        return Ok(None);
    }
    let outcome = post_form(&app.bank, posted.0.row(customer.user_id(), at.form), &posted.0).await?;
    if let (MOVE, PostOutcome::Case { instead: Some(key), .. }) = (last, &outcome) {
        return Ok(Some(kept(at, key)));
    }
    let part = opened_part(posted).map_or_else(String::new, |part| format!("#{part}"));
    after(&outcome, at, posted, |_| format!("{}{part}", next_question(at, posted))).map(Some)
}

/// Handles the buttons of step 2 that fill in an amount or add up the notes: the page is shown again with what was typed, and
/// nothing is refused that was not posted before.
async fn handle_step_buttons(
    app: &App,
    customer: &Customer,
    posted: &Posted,
    at: &FormAt<'_>,
) -> Result<Option<Response>, PageError> {
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
    show_again(&app.bank, customer, *at, &typed, part).await.map(Some)
}

/// The part of step 1 that a choice has opened: the days after the branch, the slots after the day.
fn opened_part(posted: &Posted) -> Option<&'static str> {
    let (values, shown) = (posted.values(), FORM.offered(posted.values()));
    if values.filled("step") != Some(Step::Where.name()) || is_question(posted) || values.filled("branch").is_none() {
        None
    } else if values.filled("day").is_none() {
        (!shown.contains("day")).then_some(DAYS)
    } else {
        (values.filled("slot").is_none() && !shown.contains("slot")).then_some(SLOTS)
    }
}
