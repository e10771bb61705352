//! What the forms of a case's page do. Every answer is a 303: back to the case as it now stands, or, when the bank
//! refuses, back to the same page with the refusal and everything that was typed.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::cases::{CaseLine, DeskRefusal, add_note, history};
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::{FormRow, KeyOf, Taken, find_form, fresh_key, post_form, refuse_form};
use bank::sessions::Staff;

use super::case_path;
use super::form::form_row;
use super::pages::find;
use super::query::DeskQuery;
use super::refused::Refused;
use crate::form::refusal_text;
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /desk/cases/{number}
pub async fn act(visit: Visit, staff: Staff, State(app): State<App>, Path(number): Path<String>, form: Submission) -> Response {
    visit.answer(take(&visit, &staff, &app.bank, &number, &form).await)
}

async fn take(visit: &Visit, staff: &Staff, bank: &Bank, typed: &str, form: &Submission) -> Result<Response, PageError> {
    let (case, _) = find(bank, staff, typed).await?;
    let query = DeskQuery::read(&visit.uri).list();
    let path = case_path(&case.number);
    // A page of ours always carries a key; without one nothing typed could be shown again.
    let key = if form.key().is_empty() { fresh_key(bank)? } else { form.key().to_owned() };
    let row = form_row(staff, &key);
    let held = match find_form(bank, &row).await? {
        KeyOf::Mine(state) => state.version,
        KeyOf::Nobody => 0,
        KeyOf::Another => return Err(PageError::NotFound),
    };
    if form.pressed() == "note" {
        return match add_note(bank, staff, &case.number, &row, Some(held), &form.0).await {
            Ok(()) => Ok(see_other(&query.link(&path))),
            Err(rejected) => keep(bank, &row, held, &case, form, &query, rejected_list(rejected)?).await,
        };
    }
    // What was typed is kept before anything is tried; that the key was here before tells a repeat from a new wish.
    let repeated = match post_form(bank, &row, Some(held), &form.0).await? {
        Taken::Fresh(state) => state.version > 1,
        _ => false,
    };
    if form.pressed().is_empty() {
        return Ok(see_other(&query.with_key(&key).link(&path)));
    }
    match carry_out(bank, staff, &case, form).await {
        Ok(()) => Ok(done(&query, &path)),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
        Err(Rejected::Refused(refusals))
            if repeated && refusals.contains(&DeskRefusal::Changed) && did_it(bank, staff, &case, form).await? =>
        {
            Ok(done(&query, &path))
        }
        Err(Rejected::Refused(refusals)) => keep(bank, &row, held + 1, &case, form, &query, refusals).await,
    }
}

fn done(query: &DeskQuery, path: &str) -> Response {
    let link = query.link(path);
    let mark = if link.contains('?') { '&' } else { '?' };
    see_other(&format!("{link}{mark}done=1"))
}

async fn carry_out(bank: &Bank, staff: &Staff, case: &CaseLine, form: &Submission) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    bank::cases::act(bank, staff, &case.number, form.pressed(), seen(case, form), &form.0).await
}

/// The version of the case the form was made from; one that names none means the case as it stands.
fn seen(case: &CaseLine, form: &Submission) -> i64 {
    form.version().unwrap_or(case.version)
}

/// Whether the change that came in between was this very form, sent twice: the next entry of the history is the same
/// action by the same person.
async fn did_it(bank: &Bank, staff: &Staff, case: &CaseLine, form: &Submission) -> Result<bool, Failure> {
    let actor = staff.actor();
    let since = seen(case, form);
    let history = history(bank, case).await?;
    Ok(history
        .iter()
        .find(|line| line.version > since)
        .is_some_and(|line| line.action == form.pressed() && line.role == actor.role && line.user_name == actor.name))
}

/// Keeps the refusal with what was typed and goes back to the page that shows both.
async fn keep(
    bank: &Bank,
    row: &FormRow,
    held: i64,
    case: &CaseLine,
    form: &Submission,
    query: &DeskQuery,
    refusals: Vec<DeskRefusal>,
) -> Result<Response, PageError> {
    let refused = Refused { number: case.number.clone(), since: seen(case, form), refusals };
    refuse_form(bank, row, Some(held), &form.0, refusal_text(&refused)?).await?;
    Ok(see_other(&query.with_key(&row.key).link(&case_path(&case.number))))
}

fn rejected_list(rejected: Rejected<DeskRefusal>) -> Result<Vec<DeskRefusal>, Failure> {
    match rejected {
        Rejected::Refused(refusal) => Ok(vec![refusal]),
        Rejected::Unexpected(failure) => Err(failure),
    }
}
