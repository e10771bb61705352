//! POST handlers of activation.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::ids::Key;
use bank::sessions::{CodeClaim, activate_by_code, activate_by_link};

use super::pages::{code_page, followed, link_page};
use super::password;
use crate::page::{PageError, see_other};
use crate::sign_in::name_cookie;
use crate::sign_in::source::CameFrom;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// GET /login with the notice that the password is set. The sign-in name is passed in a cookie, so that no address holds it.
fn done(app: &App, sign_in_name: &str) -> Response {
    (CookieJar::new().add(name_cookie(app, sign_in_name)), see_other("/login?activated=1")).into_response()
}

/// POST /activate/link
pub async fn by_link(visit: Visit, State(app): State<App>, jar: CookieJar, source: CameFrom, form: Submission) -> Response {
    let Ok(key) = Key::parse(form.key()) else { return PageError::BadForm.answer(&visit) };
    let secret = followed(&jar);
    match activate_by_link(&app.bank, &secret, &key, password::typed(&visit, &app, &form), &source.0).await {
        // The cookie stays for its quarter of an hour, so that a repeated post gets the same answer; its secret is used.
        Ok(name) => done(&app, &name),
        Err(Rejected::Refused(refusal)) => visit.answer(link_page(&visit, &app, &secret, Some(refusal)).await),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

/// POST /activate
pub async fn by_code(visit: Visit, State(app): State<App>, source: CameFrom, form: Submission) -> Response {
    let Ok(key) = Key::parse(form.key()) else { return PageError::BadForm.answer(&visit) };
    let claim = CodeClaim::typed(form.0.typed("number"), form.0.typed("id_end"), form.0.typed("code"));
    match activate_by_code(&app.bank, &claim, &key, password::typed(&visit, &app, &form), &source.0).await {
        Ok(name) => done(&app, &name),
        Err(Rejected::Refused(refusal)) => visit.answer(code_page(&visit, &app, &form, Some(refusal))),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}
