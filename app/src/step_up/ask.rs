//! The guard: whether a post has to wait for a fresh proof. The form is kept with all typed values.

use axum::extract::Request;
use axum::response::Response;
use bank::kernel::forms::{PostOutcome, keep_typed};
use http::Method;

use super::{BACK, PATH};
use crate::form::{FormAt, Posted, back_to};
use crate::local_path::LocalPath;
use crate::page::{PageError, see_other};
use crate::routes::{Asking, FormOf};
use crate::submission::{LARGEST_BODY, Submission};
use crate::visit::{App, Visit};

impl Asking {
    /// Whether a post asks. One that cannot be read is refused by its handler, unless the handler reads nothing.
    fn asks(self, posted: Option<&Submission>) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::By(buttons) => posted.is_some_and(|posted| buttons.contains(&posted.pressed())),
        }
    }
}

/// The request, if it may go on; otherwise the way to the page that asks.
pub async fn ask(app: &App, visit: &Visit, asking: Asking, form: Option<FormOf>, request: Request) -> Result<Request, Response> {
    if asking == Asking::Never || visit.step_up.is_none() || request.method() != Method::POST {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else { return Err(PageError::TooLarge.answer(visit)) };
    let posted = Submission::parse(&body).ok();
    if !asking.asks(posted.as_ref()) {
        return Ok(Request::from_parts(parts, body.into()));
    }
    let posted = posted.unwrap_or_default();
    if visit.caller.user_id().is_some_and(|user_id| !posted.is_made_for(user_id)) {
        return Err(PageError::OtherPerson.answer(visit));
    }
    let key = posted.key().to_owned();
    let back = match keep(app, visit, form, posted).await {
        Ok(back) => back,
        Err(error) => return Err(error.answer(visit)),
    };
    let encoded: String = form_urlencoded::byte_serialize(back.as_str().as_bytes()).collect();
    let key = if back.as_str().contains("key=") { key } else { String::new() };
    let key: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
    Err(see_other(&format!("{PATH}?key={key}&next={encoded}")))
}

/// Keeps the typed values of a form that has a state, and returns the page to come back to.
async fn keep(app: &App, visit: &Visit, form: Option<FormOf>, posted: Submission) -> Result<LocalPath, PageError> {
    let back = posted.0.filled(BACK).unwrap_or_else(|| visit.path()).to_owned();
    let (Some(of), Some(user_id)) = (form, visit.caller.user_id()) else { return Ok(LocalPath::from(&back)) };
    let posted = Posted::read(posted)?;
    let Some(form) = of.at(&app.bank, visit.path()).await? else { return Ok(LocalPath::from(&back)) };
    let at = FormAt { form: &form, path: visit.path(), list: "/", case: str::to_owned };
    let row = posted.0.row(user_id, &form);
    let kept = keep_typed(&app.bank, row, &posted.0).await?;
    if matches!(kept, PostOutcome::TooLarge) {
        return Err(PageError::TooLarge);
    }
    let page = back_to(&at, row, &posted, kept);
    // The filters of a list beside the form.
    let query = visit.uri.split_once('?').map_or_else(String::new, |(_, query)| format!("&{query}"));
    Ok(LocalPath::from(&format!("{page}{query}")))
}
