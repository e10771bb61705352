//! `/appointments/{number}`: one of my appointments. The kind decides which folder shows it and takes its form; another
//! customer's number is answered like one that does not exist.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::cases::{CaseKind, CaseLine, find_mine};
use bank::kernel::ids::CaseNumber;
use bank::messages::mark_read;
use bank::sessions::Customer;

use super::{cash, reception};
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// GET /appointments/{number}
pub async fn show(visit: Visit, State(app): State<App>, customer: Customer, Path(number): Path<String>) -> Response {
    visit.answer(page(&visit, &app, &customer, &number).await)
}

/// POST /appointments/{number}
pub async fn take(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    Path(number): Path<String>,
    form: Submission,
) -> Response {
    visit.answer(act(&app, &customer, &number, &form).await)
}

async fn page(visit: &Visit, app: &App, customer: &Customer, number: &str) -> Result<Response, PageError> {
    let case = mine(app, customer, number).await?;
    match case.kind {
        CaseKind::Cash => cash::case::page(visit, &app.bank, &case).await,
        CaseKind::Reception => reception::case::page(visit, &app.bank, &case).await,
        CaseKind::Suggestion => Err(PageError::NotFound),
    }
}

async fn act(app: &App, customer: &Customer, number: &str, form: &Submission) -> Result<Response, PageError> {
    let case = mine(app, customer, number).await?;
    match (form.pressed(), case.kind) {
        ("read", _) => mark_read(&app.bank, customer, &case.number).await?,
        ("cancel", CaseKind::Cash) => return cash::case::cancel(&app.bank, customer, &case).await,
        ("cancel", CaseKind::Reception) => return reception::case::cancel(&app.bank, customer, &case).await,
        _ => {}
    }
    Ok(see_other(&path(&case)))
}

/// The address of an appointment.
pub fn path(case: &CaseLine) -> String {
    format!("/appointments/{}", case.number)
}

/// The case, typed as people type numbers: lower case, without hyphens.
pub(super) async fn mine(app: &App, customer: &Customer, number: &str) -> Result<CaseLine, PageError> {
    let number = CaseNumber::parse(number).map_err(|_| PageError::NotFound)?;
    find_mine(&app.bank, customer, number.as_str()).await?.ok_or(PageError::NotFound)
}
