//! A posted form: parses its key, handles what all forms have in common (discard, the switches of the frame), and redirects with 303.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::forms::{
    FormRow, FormState, Post, PostOutcome, Refusal, SubmitOutcome, Values, discard_form, find_form, keep_typed,
};
use bank::kernel::ids::Key;
use bank::kernel::language::Language;
use bank::sessions::Mode;

use super::{CHANGE, FormAt, is_question, to_case};
use crate::appearance;
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::ui::steps::{LEAVE, TO_STEP};
use crate::visit::{App, Visit, switch_language};

/// A posted form with a valid key, rendered for the user who sends it.
#[derive(Clone, Debug)]
pub struct Posted(pub Post);

impl Posted {
    /// Parses a submission; a malformed key is [`PageError::BadForm`].
    pub fn read(submission: Submission) -> Result<Self, PageError> {
        let key = Key::parse(submission.key()).map_err(|_| PageError::BadForm)?;
        let version = submission.0.filled("version").and_then(|version| version.parse().ok());
        Ok(Self(Post { key, version, values: submission.0 }))
    }

    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// Names and values in the order of the page.
    pub fn values(&self) -> &Values {
        &self.0.values
    }

    /// The value of the pressed button.
    pub fn pressed(&self) -> &str {
        self.values().filled("do").unwrap_or_default()
    }

    /// The posted step, if the form has it.
    pub fn step<'p>(&'p self, at: &FormAt<'_>) -> Option<&'p str> {
        self.values().filled("step").filter(|step| at.form.step(step).is_some())
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let visit = request.extensions().get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| http::StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        let submission = Submission::from_request(request, app).await?;
        Self::read(submission).map_err(|error| error.answer(&visit))
    }
}

/// Handles the buttons of all forms: discard (`do=discard`), those that lead to another part of the form or out of it ([`TO_STEP`]),
/// and the switches of language and appearance, which all keep what was typed. `None` for other buttons.
pub async fn handle_common_buttons(
    app: &App,
    visit: &Visit,
    owner: &str,
    at: &FormAt<'_>,
    posted: &Posted,
) -> Result<Option<Response>, PageError> {
    let row = posted.0.row(owner, at.form);
    if posted.pressed() == "discard" {
        discard_form(&app.bank, row).await?;
        return Ok(Some(see_other(at.list)));
    }
    if let Some(to) = posted.values().filled(TO_STEP).and_then(|to| place(visit, at, posted, to)) {
        // Who has filled in nothing leaves no draft behind.
        if !at.form.is_filled_in(posted.values()) && find_form(&app.bank, row).await?.is_none() {
            return Ok(Some(see_other(&to)));
        }
        let kept = keep_typed(&app.bank, row, &posted.0).await?;
        return Ok(Some(match kept {
            PostOutcome::TooLarge => return Err(PageError::TooLarge),
            PostOutcome::Accepted(_) | PostOutcome::Retry(_) => see_other(&to),
            PostOutcome::Stale(_) | PostOutcome::Case { .. } => see_other(&back_to(at, row, posted, kept)),
        }));
    }
    let cookie = if let Some(chosen) = posted.values().filled(appearance::SWITCH).and_then(appearance::of_switch) {
        appearance::choose(app, visit, chosen).await?
    } else if let Some(language) = posted.values().filled("language").and_then(Language::parse) {
        switch_language(app, visit, language).await?
    } else {
        return Ok(None);
    };
    let to = back_to(at, row, posted, keep_typed(&app.bank, row, &posted.0).await?);
    Ok(Some((CookieJar::new().add(cookie), see_other(&to)).into_response()))
}

/// URL of the place that a button named [`TO_STEP`] leads to; `None` if the form has no such step or field.
fn place(visit: &Visit, at: &FormAt<'_>, posted: &Posted, to: &str) -> Option<String> {
    if to == LEAVE {
        return Some(at.list.to_owned());
    }
    let page = |step: &str| format!("{}?key={}&step={step}", at.path, posted.key());
    let Some((step, field)) = to.split_once('/') else { return at.form.step(to).map(|_| page(to)) };
    let step = at.form.step(step).filter(|step| step.fields.iter().any(|known| known.name == field))?;
    // From the page to check one answer is changed; from a question one goes back, and on from there.
    let changes = visit.appearance.mode == Mode::Elder && !is_question(posted);
    let change = if changes { CHANGE } else { "" };
    Some(format!("{}&field={field}{change}#{field}", page(&step.name)))
}

/// URL of a form whose typed values have been stored, at the same step.
pub(crate) fn back_to(at: &FormAt<'_>, row: FormRow<'_>, posted: &Posted, kept: PostOutcome) -> String {
    let key = match &kept {
        PostOutcome::Case { instead: Some(instead), .. } => instead,
        _ => row.key,
    };
    let step = posted.step(at).map_or_else(String::new, |step| format!("&step={step}"));
    let asked = posted.values().filled(super::ASKED).filter(|asked| at.form.field(asked).is_some());
    let step = asked.map_or(step.clone(), |asked| format!("{step}&field={asked}"));
    let stale = if matches!(kept, PostOutcome::Stale(_)) { "&stale=1" } else { "" };
    format!("{}?key={key}{step}{stale}", at.path)
}

/// The redirect after a stored POST: `next` if it was stored, the case, or back with a notice.
pub fn after(
    outcome: &PostOutcome,
    at: &FormAt<'_>,
    posted: &Posted,
    next: impl FnOnce(&FormState) -> String,
) -> Result<Response, PageError> {
    match outcome {
        PostOutcome::Accepted(state) | PostOutcome::Retry(state) => Ok(see_other(&next(state))),
        PostOutcome::Case { number, same, instead } => Ok(see_other(&to_case(at, number, !same, instead.as_ref()))),
        PostOutcome::Stale(_) => Ok(see_other(&stale(at, posted))),
        PostOutcome::TooLarge => Err(PageError::TooLarge),
    }
}

fn stale(at: &FormAt<'_>, posted: &Posted) -> String {
    let step = posted.step(at).map_or_else(String::new, |step| format!("&step={step}"));
    format!("{}?key={}{step}&stale=1", at.path, posted.key())
}

/// The redirect after submission: the case, or the step with the refusal.
pub fn submitted<R: Refusal>(outcome: &SubmitOutcome<R>, at: &FormAt<'_>, posted: &Posted) -> Result<Response, PageError> {
    let page = format!("{}?key={}", at.path, posted.key());
    let to = match outcome {
        SubmitOutcome::Case { number, same, instead } => to_case(at, number, !same, instead.as_ref()),
        SubmitOutcome::Refused(refusal) => match at.form.step_of(refusal.field()) {
            Some(step) => format!("{page}&step={}", step.name),
            None => page,
        },
        SubmitOutcome::Open | SubmitOutcome::Retry => page,
        SubmitOutcome::Stale => stale(at, posted),
        SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
    };
    Ok(see_other(&to))
}
