//! Which page of a survey is shown: the step the address names, else the first one not been through, else the check.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::surveys::{
    self, Answers, Filling, Opened, Published, SURVEY_VERSION, Survey, SurveyLimits, SurveyRefusal, next_group, passed, read_all,
};

use super::{address, check, group, submitted_address};
use crate::form::FormQuery;
use crate::page::{PageError, see_other};
use crate::visit::{App, Asked, PersonalCustomer, Visit};

/// The step after the last group.
pub const CHECK: &str = "check";

/// A survey's form, read for showing.
pub struct Sheet {
    /// The survey.
    pub published: Published,
    /// What has been filled in.
    pub filling: Filling,
    /// The answers that can be read.
    pub answers: Answers,
    /// What is wrong with the others.
    pub refusals: Vec<SurveyRefusal>,
    /// The limits of free texts.
    pub limits: SurveyLimits,
    /// Another tab was faster.
    pub stale: bool,
}

impl Sheet {
    /// The survey.
    pub fn survey(&self) -> &Survey {
        &self.published.survey
    }

    /// The address of one of its steps.
    pub fn step(&self, step: &str) -> String {
        step_address(&self.survey().code, &self.filling.key, step)
    }

    /// The hidden fields of a step's form.
    pub fn hidden(&self, step: &str, offered: &[String]) -> Vec<(String, String)> {
        let pairs = [
            ("key", self.filling.key.clone()),
            ("version", self.filling.state.version.to_string()),
            ("step", step.to_owned()),
            ("offered", offered.join(" ")),
            (SURVEY_VERSION, self.survey().version.to_string()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// Whether something is stored under its key.
    pub fn is_saved(&self) -> bool {
        self.filling.saved_at.is_some() || self.filling.state.version > 0
    }
}

/// The address of a step.
pub fn step_address(code: &str, key: &str, step: &str) -> String {
    format!("{}?key={key}&step={step}", address(code))
}

/// GET /surveys/{code}
pub async fn page(
    visit: Visit,
    State(app): State<App>,
    customer: PersonalCustomer,
    Path(code): Path<String>,
    Asked(query): Asked<FormQuery>,
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
    let filling = match surveys::open_form(&app.bank, customer, &published.survey, query.key.as_deref()).await? {
        Opened::Form(filling) => *filling,
        Opened::Submitted => return Ok(see_other(&submitted_address(code, false))),
        Opened::NotYours => return Err(PageError::NotFound),
    };
    let limits = surveys::limits(&app.bank).await?;
    let (answers, refusals) = read_all(&published.survey, &filling.state.values, limits);
    let sheet = Sheet { published, filling, answers, refusals, limits, stale: query.stale.is_some() };
    let survey = sheet.survey();
    let asked = query.step.as_deref().and_then(|step| survey.group(step));
    let first_open = || next_group(survey, &sheet.answers, &passed(survey, &sheet.filling.state.offered));
    let shown = if query.step.as_deref() == Some(CHECK) { None } else { asked.or_else(first_open) };
    let shown = shown.map(|group| group.code.clone());
    Ok(match shown {
        Some(code) => group::show(visit, sheet, &code),
        None => check::show(visit, sheet),
    })
}
