//! What a survey's POST does: it stores the page, and from the check page it submits.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{FormState, Refusal, Taken};
use bank::surveys::{self, Published, field, next_group, other_field, passed, read_all};

use super::pages::{CHECK, step_address};
use super::{address, submitted_address};
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, PersonalCustomer, Visit};

/// POST /surveys/{code}
pub async fn take(
    visit: Visit,
    State(app): State<App>,
    customer: PersonalCustomer,
    Path(code): Path<String>,
    form: Submission,
) -> Response {
    let outcome = match surveys::published(&app.bank, &code).await {
        Ok(Some(published)) if form.pressed() == "submit" => submit(&app, &customer, &published, &form).await,
        Ok(Some(published)) => store(&app, &customer, &published, &form).await,
        Ok(None) => Err(PageError::NotFound),
        Err(failure) => Err(failure.into()),
    };
    visit.answer(outcome)
}

async fn submit(app: &App, customer: &PersonalCustomer, published: &Published, form: &Submission) -> Result<Response, PageError> {
    match surveys::submit(&app.bank, &customer.0, published, form.key(), form.version(), &form.0).await {
        Ok(Taken::Fresh(_)) => Ok(see_other(&submitted_address(&published.survey.code, false))),
        Ok(elsewhere) => away(published, form, elsewhere),
        // What was typed is kept; the page it leads to shows what is wrong.
        Err(Rejected::Refused(_)) => store(app, customer, published, form).await,
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}

async fn store(app: &App, customer: &PersonalCustomer, published: &Published, form: &Submission) -> Result<Response, PageError> {
    let survey = &published.survey;
    match surveys::post_step(&app.bank, &customer.0, survey, form.key(), form.version(), &form.0).await? {
        Taken::Fresh(state) => {
            let limits = surveys::limits(&app.bank).await?;
            Ok(see_other(&step_address(&survey.code, form.key(), &next(published, &state, limits))))
        }
        elsewhere => away(published, form, elsewhere),
    }
}

/// The step after what is stored: where something is wrong, else the first page not been through, else the check.
fn next(Published { survey, .. }: &Published, state: &FormState, limits: surveys::SurveyLimits) -> String {
    let (answers, refusals) = read_all(survey, &state.values, limits);
    let wrong = survey.groups.iter().find(|group| {
        let mut questions = group.questions.iter();
        questions.any(|question| {
            let names = [field(&question.code), other_field(&question.code)];
            refusals.iter().any(|refusal| names.iter().any(|name| name == refusal.field()))
        })
    });
    let onward = wrong.or_else(|| next_group(survey, &answers, &passed(survey, &state.offered)));
    onward.map_or_else(|| CHECK.to_owned(), |group| group.code.clone())
}

/// Where a POST leads that was not stored.
fn away(Published { survey, .. }: &Published, form: &Submission, taken: Taken) -> Result<Response, PageError> {
    match taken {
        Taken::Case { same, .. } => Ok(see_other(&submitted_address(&survey.code, !same))),
        Taken::Stale(_) => Ok(see_other(&format!("{}?key={}&step={}&stale=1", address(&survey.code), form.key(), step(form)))),
        Taken::Fresh(_) | Taken::NotYours => Err(PageError::NotFound),
    }
}

/// The step that was posted, if it is a name at all.
fn step(form: &Submission) -> &str {
    let named = form.0.filled("step").unwrap_or_default();
    if named.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') { named } else { "" }
}
