//! The page of a customer's own case, rendered by its kind at the kind's path. Another customer's number, or a number at another
//! kind's path, is "not found".

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bank::cases::{ACCEPT, CaseLine, REJECT, SEEN, answer_proposal, find_mine};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{FormRow, Post, Refusal, find_form, latest_draft, post_form};
use bank::kernel::ids::{CaseNumber, Key};
use bank::kernel::time::{day_text, parse_day};
use bank::messages::mark_read;
use bank::sessions::Customer;

use crate::appointments::proposal::ProposalOver;
use crate::form::ANSWER;
use crate::kinds::{self, AtCase, NewForm, Ui};
use crate::page::{PageError, see_other};
use crate::routes::{Callers, Route};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// The field with the day a new form begins with.
pub const DAY: &str = "day";

/// The routes of case pages, each path once.
pub fn routes() -> Vec<Route> {
    let mut addresses: Vec<&'static str> = kinds::all().map(Ui::address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.into_iter().flat_map(at).collect()
}

fn at(address: &'static str) -> [Route; 2] {
    let show = move |visit: Visit, State(app): State<App>, customer: Customer, Path(number): Path<String>| async move {
        let page = page(&visit, &app, &customer, address, &number).await;
        visit.answer(page)
    };
    let act = move |visit: Visit, State(app): State<App>, customer: Customer, Path(number): Path<String>, form: Submission| async move {
        let done = act(&visit, &app, &customer, address, &number, &form).await;
        visit.answer(done)
    };
    [Route::page(address, Callers::Customers, get(show)), Route::post(address, Callers::Acting, post(act))]
}

async fn page(visit: &Visit, app: &App, customer: &Customer, address: &'static str, number: &str) -> Result<Response, PageError> {
    let (case, ui) = mine(app, customer, address, number).await?;
    ui.page(AtCase { visit, app, customer, case: &case }).await
}

async fn act(
    visit: &Visit,
    app: &App,
    customer: &Customer,
    address: &'static str,
    number: &str,
    form: &Submission,
) -> Result<Response, PageError> {
    let (case, ui) = mine(app, customer, address, number).await?;
    match form.pressed() {
        "again" => return again(AtCase { visit, app, customer, case: &case }, ui, form).await,
        "read" => mark_read(&app.bank, customer, &case.number).await?,
        action @ (ACCEPT | REJECT) => {
            let seen = form.0.filled(SEEN).and_then(|seen| seen.parse().ok()).unwrap_or_default();
            match answer_proposal(&app.bank, customer, &case.number, action, seen).await {
                Ok(()) => {}
                Err(Rejected::Refused(_)) => {
                    return Ok(see_other(&format!("{}?refused={}", ui.path(&case.number), ProposalOver.code())));
                }
                Err(Rejected::Unexpected(failure)) => return Err(failure.into()),
            }
        }
        "cancel" => {
            if let Some(answer) = ui.cancel(AtCase { visit, app, customer, case: &case }).await? {
                return Ok(answer);
            }
        }
        _ => {}
    }
    Ok(see_other(&format!("{}#{ANSWER}", ui.path(&case.number))))
}

/// Begins a new form with the choices of this case, and with the day that the bank has proposed if its button was pressed. An unfinished one is not put aside unasked: the page asks first, and the
/// answer names the form it was about. The key of the new form makes pressing twice one form.
async fn again(at: AtCase<'_>, ui: &'static dyn Ui, form: &Submission) -> Result<Response, PageError> {
    let (bank, owner) = (&at.app.bank, at.customer.user_id());
    let NewForm { form: declared, path, .. } = ui.form();
    let key = Key::parse(form.key()).map_err(|_| PageError::BadForm)?;
    let row = FormRow { owner, form: declared, key: &key };
    if find_form(bank, row).await?.is_none() {
        let Some(mut values) = ui.again(at).await? else { return Ok(see_other(&ui.path(&at.case.number))) };
        if let Some(day) = form.0.filled(DAY).and_then(parse_day) {
            values.set(DAY, day_text(day));
        }
        let unfinished = latest_draft(bank, owner, declared).await?;
        if unfinished.is_some_and(|draft| form.0.filled("beside") != Some(draft.key.as_str())) {
            // The question keeps the proposed day the new form was to begin with.
            let day = form.0.filled(DAY).and_then(parse_day).map_or_else(String::new, |day| format!("&{DAY}={}", day_text(day)));
            return Ok(see_other(&format!("{}?again=1{day}#again", ui.path(&at.case.number))));
        }
        post_form(bank, row, &Post::first(key.clone(), values)).await?;
    }
    Ok(see_other(&format!("{path}?key={key}")))
}

/// The case at a path. The number may be in lower case and without hyphens.
pub async fn mine(
    app: &App,
    customer: &Customer,
    address: &'static str,
    number: &str,
) -> Result<(CaseLine, &'static dyn Ui), PageError> {
    let number = CaseNumber::parse(number).map_err(|_| PageError::NotFound)?;
    let case = find_mine(&app.bank, customer, number.as_str()).await?.ok_or(PageError::NotFound)?;
    let ui = kinds::of(case.kind).filter(|ui| ui.address() == address).ok_or(PageError::NotFound)?;
    Ok((case, ui))
}
