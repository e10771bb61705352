//! What the forms of a case's page do. Every answer is a 303: back to the case as it now stands, or, when the bank
//! refuses, back to the same page with the refusal and everything that was typed.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::cases::{CaseLine, DeskRefusal, add_note, history};
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::{FormRow, Post, Submitted, Taken, find_form, post_form, refuse_form};
use bank::sessions::Staff;

use super::case_path;
use super::form::FORM;
use super::pages::find;
use super::query::DeskQuery;
use super::refused::Refused;
use crate::form::{Posted, refusal_text};
use crate::page::{PageError, see_other};
use crate::visit::{App, Visit};

/// POST /desk/cases/{number}
pub async fn act(visit: Visit, staff: Staff, State(app): State<App>, Path(number): Path<String>, form: Posted) -> Response {
    visit.answer(take(&visit, &staff, &app.bank, &number, &form).await)
}

async fn take(visit: &Visit, staff: &Staff, bank: &Bank, typed: &str, form: &Posted) -> Result<Response, PageError> {
    let (case, _) = find(bank, staff, typed).await?;
    let query = DeskQuery::read(&visit.uri).list();
    let path = case_path(&case.number);
    // The version a page of the desk names is the case's; the form's own row is taken as it stands.
    let held = find_form(bank, form.0.row(staff.user_id(), &FORM)).await?.map_or(0, |state| state.version);
    let post = Post { version: Some(held), ..form.0.clone() };
    let row = post.row(staff.user_id(), &FORM);
    if form.pressed() == "note" {
        return match add_note(bank, staff, &case.number, row, &post).await? {
            Submitted::Case { instead: Some(instead), .. } => Ok(see_other(&query.with_key(instead.as_str()).link(&path))),
            Submitted::Case { .. } | Submitted::Repeated | Submitted::Open | Submitted::Stale => {
                Ok(see_other(&query.link(&path)))
            }
            Submitted::Refused(refusal) => keep(bank, row, &post, held + 1, &case, form, &query, vec![refusal]).await,
            Submitted::TooLarge => Err(PageError::TooLarge),
        };
    }
    // What was typed is kept before anything is tried; that the key was here before tells a repeat from a new wish.
    let repeated = match post_form(bank, row, &post).await? {
        Taken::Fresh(state) => state.version > 1,
        Taken::TooLarge => return Err(PageError::TooLarge),
        Taken::Repeated(_) | Taken::Case { .. } | Taken::Stale(_) => true,
    };
    if form.pressed().is_empty() {
        return Ok(see_other(&query.with_key(post.key.as_str()).link(&path)));
    }
    match carry_out(bank, staff, &case, form).await {
        Ok(()) => Ok(done(&query, &path)),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
        Err(Rejected::Refused(refusals))
            if repeated && refusals.contains(&DeskRefusal::Changed) && did_it(bank, staff, &case, form).await? =>
        {
            Ok(done(&query, &path))
        }
        Err(Rejected::Refused(refusals)) => keep(bank, row, &post, held + 1, &case, form, &query, refusals).await,
    }
}

fn done(query: &DeskQuery, path: &str) -> Response {
    let link = query.link(path);
    let mark = if link.contains('?') { '&' } else { '?' };
    see_other(&format!("{link}{mark}done=1"))
}

async fn carry_out(bank: &Bank, staff: &Staff, case: &CaseLine, form: &Posted) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    // A page that does not say which version of the case it showed has not shown what is to be changed.
    let Some(version) = form.0.version else { return Err(Rejected::Refused(vec![DeskRefusal::Changed])) };
    bank::cases::act(bank, staff, &case.number, form.pressed(), version, form.values()).await
}

/// Whether the change that came in between was this very form, sent twice: the next change of state is the same action by
/// the same person.
async fn did_it(bank: &Bank, staff: &Staff, case: &CaseLine, form: &Posted) -> Result<bool, Failure> {
    let actor = staff.actor();
    let Some(seen) = form.0.version else { return Ok(false) };
    let history = history(bank, case).await?;
    Ok(history
        .iter()
        .find(|line| line.to.is_some() && line.version == seen + 1)
        .is_some_and(|line| line.action == form.pressed() && line.role == actor.role && line.user_name == actor.name))
}

/// Keeps the refusal with what was typed and goes back to the page that shows both.
#[expect(clippy::too_many_arguments, reason = "what was posted, where, and what came of it")]
async fn keep(
    bank: &Bank,
    row: FormRow<'_>,
    post: &Post,
    held: i64,
    case: &CaseLine,
    form: &Posted,
    query: &DeskQuery,
    refusals: Vec<DeskRefusal>,
) -> Result<Response, PageError> {
    let since = form.0.version.unwrap_or(case.version);
    let refused = Refused { number: case.number.clone(), since, refusals };
    let post = Post { version: Some(held), ..post.clone() };
    refuse_form(bank, row, &post, refusal_text(&refused)?).await?;
    Ok(see_other(&query.with_key(row.key.as_str()).link(&case_path(&case.number))))
}
