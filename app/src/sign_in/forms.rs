//! POST handlers of sign-in, sign-out and the language switch.

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use bank::branches::reference;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::Refusal;
use bank::kernel::language::Language;
use bank::kernel::retention::RetentionParameters;
use bank::kernel::text::narrow;
use bank::sessions::{self, Caller, NewToken, SessionParameters, SignInRefusal, SignedIn};

use super::pages::{NotNow, not_now};
use super::source::CameFrom;
use super::{NAME_COOKIE, landing, name_cookie};
use crate::factors::first;
use crate::local_path::LocalPath;
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit, switch_language};

/// What the browser has to forget.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// POST /login
pub async fn sign_in(visit: Visit, State(app): State<App>, jar: CookieJar, source: CameFrom, form: Submission) -> Response {
    let name = narrow(form.0.typed("sign_in_name")).to_lowercase();
    let password = form.0.typed("password").to_owned();
    let next = form.0.filled("next").map(LocalPath::from);
    let missing = SignInRefusal::missing(&name, &password);
    if !missing.is_empty() {
        return refused(&app, jar, &form, next.as_ref(), &missing);
    }
    match sessions::sign_in(&app.bank, &name, password, &source.0).await {
        Ok(signed_in) => visit.answer(admit(&visit, &app, jar, &signed_in, next).await),
        Err(Rejected::Refused(SignInRefusal::NetworkSlowed)) => {
            not_now(&visit, form.0.typed("sign_in_name"), next, NotNow::Slowed)
        }
        Err(Rejected::Unexpected(Failure::Overloaded(_))) => not_now(&visit, form.0.typed("sign_in_name"), next, NotNow::Busy),
        Err(Rejected::Refused(refusal)) => refused(&app, jar, &form, next.as_ref(), &[refusal]),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

/// Redirects back to the form, with the typed name.
fn refused(app: &App, jar: CookieJar, form: &Submission, next: Option<&LocalPath>, refusals: &[SignInRefusal]) -> Response {
    let next = form_urlencoded::byte_serialize(next.map_or("", LocalPath::as_str).as_bytes()).collect::<String>();
    let codes = refusals.iter().map(Refusal::code).collect::<Vec<_>>().join(",");
    let back = format!("/login?refused={codes}&next={next}");
    (jar.add(name_cookie(app, form.0.typed("sign_in_name"))), see_other(&back)).into_response()
}

/// Begins the session and redirects: staff of the desk to the desk, everybody else to the page they wanted.
async fn admit(
    visit: &Visit,
    app: &App,
    jar: CookieJar,
    signed_in: &SignedIn,
    next: Option<LocalPath>,
) -> Result<Response, PageError> {
    let jar = enter(visit, app, jar, signed_in).await?;
    let caller = sessions::caller(&app.bank, &signed_in.session_id, app.courier.is_some()).await?.caller;
    let landing = match &caller {
        Caller::Awaiting(awaiting) => first(awaiting, next.as_ref().map_or("", LocalPath::as_str)).as_str().into(),
        _ => landing(&caller, next),
    };
    Ok((jar, see_other(landing)).into_response())
}

/// Ends the session that this browser had, and sets the cookies of the one that begins.
pub(crate) async fn enter(visit: &Visit, app: &App, jar: CookieJar, signed_in: &SignedIn) -> Result<CookieJar, PageError> {
    let (reference, today) = (reference(&app.bank).await?, app.bank.now().day());
    let hours = reference.parameters::<SessionParameters>("", today).session_hours;
    let days = reference.parameters::<RetentionParameters>("", today).keep_devices_days;
    sessions::sign_out(&app.bank, &visit.caller).await?;
    let now = app.bank.now();
    let (session_id, id) = (signed_in.session_id.clone(), signed_in.token.clone());
    let token = NewToken { session_id, id, until: now.plus_hours(hours) };
    let gone = app.cookie.cookie(NAME_COOKIE, String::new(), 0);
    let jar = signed_in.device.iter().fold(jar, |jar, token| jar.add(app.cookie.remember(token, days)));
    Ok(hold(app, jar, &token)?.add(gone))
}

/// The cookies with the token of a new session.
pub(crate) fn hold(app: &App, jar: CookieJar, token: &NewToken) -> Result<CookieJar, PageError> {
    let cookie = app.cookie.issue(token, app.bank.now()).map_err(|error| Failure::Host(error.to_string()))?;
    Ok(jar.add(cookie))
}

/// POST /logout
pub async fn sign_out(visit: Visit, State(app): State<App>, jar: CookieJar) -> Response {
    if let Err(failure) = sessions::sign_out(&app.bank, &visit.caller).await {
        return PageError::from(failure).answer(&visit);
    }
    // Pages that the browser has kept are the person's who has gone. Their cookies and storage are not: the appearance stays.
    let forget = [(CLEAR_SITE_DATA, "\"cache\"")];
    (jar.add(app.cookie.clear()), forget, see_other("/login?signed_out=1")).into_response()
}

/// POST /language
pub async fn language(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let back = see_other(form.0.filled("to").map_or_else(|| "/".into(), LocalPath::from));
    let Some(language) = form.0.filled("language").and_then(Language::parse) else { return back };
    match switch_language(&app, &visit, language).await {
        Ok(cookie) => (jar.add(cookie), back).into_response(),
        Err(failure) => PageError::from(failure).answer(&visit),
    }
}
