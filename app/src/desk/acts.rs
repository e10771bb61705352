//! POST handler of a case's page on the desk. Every response is a 303: back to the case, or, if the bank refuses, back to the
//! same page with the refusal and the typed values.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::cases::{NOTE, act as carry_out, add_note};
use bank::kernel::bank::Bank;
use bank::kernel::forms::SubmitOutcome;
use bank::sessions::Staff;

use super::case_path;
use super::form::FORM;
use super::pages::find;
use super::query::{DeskQuery, Says};
use crate::form::Posted;
use crate::page::{PageError, see_other};
use crate::visit::{App, Visit};

/// POST /desk/cases/{number}
pub async fn act(visit: Visit, staff: Staff, State(app): State<App>, Path(number): Path<String>, form: Posted) -> Response {
    visit.answer(submit_act(&visit, &staff, &app.bank, &number, &form).await)
}

async fn submit_act(visit: &Visit, staff: &Staff, bank: &Bank, typed: &str, form: &Posted) -> Result<Response, PageError> {
    let (case, _) = find(bank, staff, typed).await?;
    let (path, list) = (case_path(&case.number), DeskQuery::read(&visit.uri).of_case());
    let (row, is_note) = (form.0.row(staff.user_id(), &FORM), form.pressed() == NOTE);
    let submitted = if is_note {
        add_note(bank, staff, &case.number, row, &form.0).await?
    } else {
        carry_out(bank, staff, &case.number, row, &form.0).await?
    };
    let query = match submitted {
        SubmitOutcome::Case { same: true, .. } if is_note => list,
        SubmitOutcome::Case { same: true, .. } => list.saying(Says::Done),
        SubmitOutcome::Case { instead: Some(other), .. } => list.with_key(other.as_str()).saying(Says::Used),
        SubmitOutcome::Case { .. } => list.saying(Says::Used),
        SubmitOutcome::Refused(_) | SubmitOutcome::Open | SubmitOutcome::Retry => list.with_key(form.key().as_str()),
        SubmitOutcome::Stale => list.with_key(form.key().as_str()).saying(Says::Stale),
        SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
    };
    Ok(see_other(&query.link(&path)))
}
