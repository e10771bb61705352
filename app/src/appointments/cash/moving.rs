//! Moving a booking: the booking form at an address of the case, filled in with the booking (docs/domain.md §3.5).

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{CashRefusal, KIND, MOVE_FORM, MOVES, Moving, Step, move_cash, moving};
use bank::cases::CaseLine;
use bank::kernel::forms::{Form, Refusal, SubmitOutcome};
use bank::kernel::ids::Key;
use bank::sessions::Customer;

use super::{forms, pages};
use crate::appointments::ADDRESS;
use crate::cases::mine;
use crate::form::{FormAt, FormQuery, OpenForm, Posted, submitted};
use crate::kinds;
use crate::page::{PageError, see_other};
use crate::routes::{Callers, FormOf, Route};
use crate::visit::{App, LenientQuery, Visit};

/// Path of the form and of its POST.
const PATH: &str = "/appointments/{number}/move";

/// The button that moves.
pub const MOVE: &str = CashAction::Move.code();

pub fn routes() -> Vec<Route> {
    vec![
        Route::page(PATH, Callers::Acting, get(page)),
        Route::post(PATH, Callers::Acting, post(answer)).of(FormOf::One(&MOVE_FORM)),
    ]
}

/// Path of the form for a booking.
pub fn path(number: &str) -> String {
    PATH.replace("{number}", number)
}

async fn find(app: &App, customer: &Customer, number: &str) -> Result<CaseLine, PageError> {
    let (case, _) = mine(app, customer, ADDRESS, number).await?;
    if case.kind == KIND { Ok(case) } else { Err(PageError::NotFound) }
}

/// The page of a booking that cannot be moved, which says why.
fn refused(case: &CaseLine, refusal: &CashRefusal) -> Response {
    see_other(&format!("{}?refused={}", kinds::path(&case.number), refusal.code()))
}

/// The form with its addresses.
fn form_at<'f>(form: &'f Form, path: &'f str, list: &'f str) -> FormAt<'f> {
    FormAt { form, path, list, case: kinds::path }
}

/// GET
async fn page(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    Path(number): Path<String>,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    visit.answer(show(&visit, &app, &customer, &number, &query).await)
}

async fn show(visit: &Visit, app: &App, customer: &Customer, number: &str, query: &FormQuery) -> Result<Response, PageError> {
    let case = find(app, customer, number).await?;
    let (path, list) = (path(&case.number), kinds::path(&case.number));
    let found = moving(&app.bank, customer, &case).await?;
    let form = found.as_ref().map_or_else(|_| (*MOVE_FORM).clone(), |moving| moving.form.clone());
    let at = form_at(&form, &path, &list);
    // A key that has been used leads to the booking, whatever has become of it.
    let shown = match OpenForm::open(&app.bank, customer, at, query).await? {
        Ok(shown) => shown,
        Err(moved) => return Ok(moved),
    };
    match found {
        Ok(moving) => {
            let shown = shown.with_hidden(MOVES, moving.moves.to_string());
            pages::show(visit, &app.bank, customer, query, shown, Some(moving)).await
        }
        Err(refusal) => Ok(refused(&case, &refusal)),
    }
}

/// POST: stores the step or moves.
async fn answer(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    Path(number): Path<String>,
    posted: Posted,
) -> Response {
    visit.answer(submit(&visit, &app, &customer, &number, &posted).await)
}

async fn submit(visit: &Visit, app: &App, customer: &Customer, number: &str, posted: &Posted) -> Result<Response, PageError> {
    let case = find(app, customer, number).await?;
    let (path, list) = (path(&case.number), kinds::path(&case.number));
    match moving(&app.bank, customer, &case).await? {
        Ok(Moving { form, .. }) => {
            if let Some(answer) = forms::step(visit, app, customer, posted, &form_at(&form, &path, &list), MOVE).await? {
                return Ok(answer);
            }
        }
        Err(refusal) if posted.pressed() != MOVE => return Ok(refused(&case, &refusal)),
        // Perhaps a repeated press, which has moved it already.
        Err(_) => {}
    }
    let at = form_at(&MOVE_FORM, &path, &list);
    let outcome = move_cash(&app.bank, customer, &case.number, &posted.0).await?;
    match &outcome {
        SubmitOutcome::Case { instead: Some(key), .. } => Ok(kept(&at, key)),
        _ => submitted(&outcome, &at, posted),
    }
}

/// The redirect after a post under a key that has moved the booking, with other values: they are kept in another form, over what is
/// booked now.
pub fn kept(at: &FormAt<'_>, key: &Key) -> Response {
    see_other(&format!("{}?key={key}&step={}", at.path, Step::Where.name()))
}
