//! POST handler of a survey: stores a page, and submits from the check page.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::kernel::forms::{Form, FormState, post_form};
use bank::surveys::{self, CHECK, Published, next_group, passed, read_all};

use super::pages::step_address;
use super::{address, at};
use crate::form::{Posted, after, handle_common_buttons, is_question, next_question, submitted};
use crate::page::PageError;
use crate::visit::{App, PersonalCustomer, Visit};

/// POST /surveys/{code}
pub async fn post(
    visit: Visit,
    State(app): State<App>,
    customer: PersonalCustomer,
    Path(code): Path<String>,
    posted: Posted,
) -> Response {
    visit.answer(answer(&visit, &app, &customer, &code, &posted).await)
}

async fn answer(
    visit: &Visit,
    app: &App,
    PersonalCustomer(customer): &PersonalCustomer,
    code: &str,
    posted: &Posted,
) -> Result<Response, PageError> {
    let published = surveys::published(&app.bank, code).await?.ok_or(PageError::NotFound)?;
    let (form, path) = (surveys::form(&app.bank, customer, &published).await?, address(code));
    let at = at(&form, &path);
    if let Some(answer) = handle_common_buttons(app, visit, customer.user_id(), &at, posted).await? {
        return Ok(answer);
    }
    if posted.pressed() == "submit" {
        return submitted(&surveys::submit(&app.bank, customer, &published, &form, &posted.0).await?, &at, posted);
    }
    let outcome = post_form(&app.bank, posted.0.row(customer.user_id(), &form), &posted.0).await?;
    let limits = surveys::limits(&app.bank).await?;
    after(&outcome, &at, posted, |state| {
        if is_question(posted) {
            return next_question(&at, posted);
        }
        step_address(code, posted.key(), &next(&published, &form, state, limits))
    })
}

/// The next step: the first one with a refusal, otherwise the first page not sent yet, otherwise the check page.
fn next(Published { survey, .. }: &Published, form: &Form, state: &FormState, limits: surveys::SurveyLimits) -> String {
    let (answers, refusals) = read_all(survey, &state.values, limits);
    if let Some(wrong) = refusals.iter().find_map(|refusal| form.step_of(bank::kernel::forms::Refusal::field(refusal))) {
        return wrong.name.clone().into_owned();
    }
    let onward = next_group(survey, &answers, &passed(survey, &state.offered));
    onward.map_or_else(|| CHECK.to_owned(), |group| group.code.clone())
}
