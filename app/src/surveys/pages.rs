//! Selects the page of a survey: the requested step, otherwise the first one not sent yet, otherwise the check page.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::kernel::forms::Values;
use bank::kernel::ids::Key;
use bank::sessions::Mode;
use bank::surveys::{
    self, Answers, CHECK, Opened, Published, SURVEY_VERSION, Survey, SurveyForm, SurveyLimits, SurveyRefusal, asked_through,
    next_group, passed, read_all,
};

use super::{address, check, group, submitted_address};
use crate::form::{FormQuery, OpenForm};
use crate::page::{PageError, see_other};
use crate::visit::{App, LenientQuery, PersonalCustomer, Visit};

/// A survey's form, read for rendering.
pub struct SurveyFormData {
    pub published: Published,
    /// The form's row or the submitted answers.
    pub survey_form: SurveyForm,
    /// The form with its hidden fields and refusals.
    pub shown: OpenForm,
    /// The field values: as typed; on the check page as posted.
    pub values: Values,
    /// The answers that could be parsed.
    pub answers: Answers,
    /// Refusals of the others.
    pub refusals: Vec<SurveyRefusal>,
    /// Limits of free texts.
    pub limits: SurveyLimits,
}

impl SurveyFormData {
    pub fn survey(&self) -> &Survey {
        &self.published.survey
    }

    /// The hidden fields of a step's form.
    pub fn hidden(&self, step: &str, offered: &[String]) -> Vec<(String, String)> {
        let mut pairs = self.shown.hidden(step, offered);
        pairs.push((SURVEY_VERSION.to_owned(), self.survey().version.to_string()));
        pairs
    }

    /// Whether a draft is stored under its key.
    pub fn is_saved(&self) -> bool {
        self.survey_form.saved_at.is_some() || self.shown.is_saved()
    }
}

/// URL of a step.
pub fn step_address(code: &str, key: &Key, step: &str) -> String {
    format!("{}?key={key}&step={step}", address(code))
}

/// GET /surveys/{code}
pub async fn page(
    visit: Visit,
    State(app): State<App>,
    customer: PersonalCustomer,
    Path(code): Path<String>,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    visit.answer(open(&visit, &app, &customer, &code, query).await)
}

async fn open(
    visit: &Visit,
    app: &App,
    PersonalCustomer(customer): &PersonalCustomer,
    code: &str,
    query: FormQuery,
) -> Result<Response, PageError> {
    let published = surveys::published(&app.bank, code).await?.ok_or(PageError::NotFound)?;
    if visit.now >= published.closes_at {
        return Ok(see_other("/surveys"));
    }
    let survey_form = match surveys::open_form(&app.bank, customer, &published, query.key()?).await? {
        Opened::Form(survey_form) => *survey_form,
        Opened::Submitted => return Ok(see_other(&submitted_address(code))),
    };
    let limits = surveys::limits(&app.bank).await?;
    let state = &survey_form.state;
    let (mut answers, mut refusals) = read_all(&published.survey, &state.values, limits);
    let asked = query.step.as_deref().and_then(|step| published.survey.group(step));
    let elder = visit.appearance.mode == Mode::Elder;
    let sent = if elder {
        asked_through(&published.survey, &answers, &state.offered)
    } else {
        passed(&published.survey, &state.offered)
    };
    let first_open = || next_group(&published.survey, &answers, &sent);
    let group = if query.step.as_deref() == Some(CHECK) { None } else { asked.or_else(first_open) };
    let group = group.map(|group| group.code.clone());
    let mut values = state.values.clone();
    if group.is_some() {
        values = state.shown(&survey_form.form);
        (answers, refusals) = read_all(&published.survey, &values, limits);
    }
    let known = !state.is_blank();
    let shown = OpenForm {
        form: survey_form.form.clone(),
        path: address(code),
        key: survey_form.key.clone(),
        made_for: visit.made_for(),
        state: state.clone(),
        stale: known && query.stale.is_some(),
        unsent: known && query.unsent.is_some(),
        turn: None,
        also: Vec::new(),
    }
    .for_visit(visit, &query);
    let data = SurveyFormData { published, survey_form, shown, values, answers, refusals, limits };
    Ok(match group {
        Some(code) => group::show(visit, data, &query, &code),
        None => match data.shown.moved(&query, CHECK, &[]) {
            Some(moved) => moved,
            None => check::show(visit, data),
        },
    })
}
