//! The context of a request: caller, language, time, reference. A middleware creates it for every request; handlers take it
//! and the proof they need as parameters, so a handler that needs a proof cannot run without one.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use bank::branches::{BankDetails, known_details};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::{Language, moment, moment_full};
use bank::kernel::text::cleaned;
use bank::kernel::time::At;
use bank::sessions::{
    Appearance, Caller, Customer, CustomerKind, EndedSession, Mode, Permission, SessionTime, Staff, StepUp, Visitor, set_language,
};
use serde::de::DeserializeOwned;
use tokio::sync::{Notify, watch};

use crate::addresses;
use crate::again;
use crate::appearance;
use crate::factors;
use crate::founding::{Founded, not_founded};
use crate::page::{Page, PageError, see_other};
use crate::routes::{Callers, is_idle};
use crate::sign_in::cookie::SessionCookie;
use crate::ui::parts::ScreenAndPrint;
use crate::words::{Locale, locale};

/// The state available to every handler. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Portal>);

impl From<Portal> for App {
    fn from(portal: Portal) -> Self {
        Self(Arc::new(portal))
    }
}

impl Deref for App {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.0
    }
}

/// The contents of an [`App`].
pub struct Portal {
    pub bank: Bank,
    /// Creates and reads the session cookie.
    pub cookie: Arc<SessionCookie>,
    /// Folder of the current script, wasm and style sheet.
    pub pkg: Arc<str>,
    /// The bank's own details until the database holds them.
    pub bank_details: Arc<BankDetails>,
    /// Whether the database holds a bank.
    pub founded: Founded,
    /// Signals open streams that the server is stopping.
    pub stopping: Stopping,
    /// Whether the gallery of components is served at `/ui`.
    pub gallery: bool,
    /// Scheme and host under which the portal is reached.
    pub origin: Arc<str>,
    /// Whether only this computer reaches it, because no public origin is set.
    pub origin_is_local: bool,
    /// How many proxies stand between clients and the server.
    pub trusted_proxies: usize,
    /// Wakes whoever sends messages. Without a channel there is nobody, and they are shown in the portal only.
    pub courier: Option<Arc<Notify>>,
}

/// Signals open event streams that the server is stopping.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Completes when the value becomes true; never if the sender is dropped before.
    pub fn when(asked: watch::Receiver<bool>) -> Self {
        Self(asked)
    }

    /// Waits for the signal.
    pub async fn wait(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The request's reference, set by the server and shown on error pages.
#[derive(Clone, Debug)]
pub struct RequestReference(pub String);

/// The context of one request. Clones share it.
#[derive(Clone, Debug)]
pub struct Visit(Arc<Context>);

impl From<Context> for Visit {
    fn from(context: Context) -> Self {
        Self(Arc::new(context))
    }
}

impl Deref for Visit {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.0
    }
}

/// The contents of a [`Visit`].
#[derive(Clone, Debug)]
pub struct Context {
    pub caller: Caller,
    /// The session of the cookie, if it has expired recently.
    pub ended: Option<EndedSession>,
    pub language: Language,
    /// How the page looks.
    pub appearance: Appearance,
    /// Whether to offer the elder mode.
    pub offer_elder: bool,
    /// When the session ends; `None` without a session.
    pub session: Option<SessionTime>,
    /// What an act that asks for a fresh proof wants first; `None`: the last one counts still.
    pub step_up: Option<StepUp>,
    /// The bank's time.
    pub now: At,
    /// Path and query as sent by the browser.
    pub uri: String,
    /// Folder of script and style sheet.
    pub pkg: Arc<str>,
    /// The bank's own details.
    pub bank_details: Arc<BankDetails>,
    /// Nonce of the inline scripts of this response.
    pub nonce: String,
    /// The request's reference for error pages and log.
    pub reference: String,
}

impl Visit {
    /// The catalogue's locale.
    pub fn locale(&self) -> Locale {
        locale(self.language)
    }

    /// A text with dates and times in two forms: relative to now for the screen, and in full for print.
    pub fn dated(&self, words: impl Fn(&dyn Fn(At) -> String) -> String) -> ScreenAndPrint {
        ScreenAndPrint::new(words(&|at| moment(self.language, at, self.now)), words(&|at| moment_full(self.language, at)))
    }

    /// Whether the caller may act for the customer. The approver of a company may only read. Visitors count as allowed, because
    /// sign-in comes first.
    pub fn acts(&self) -> bool {
        matches!(self.caller, Caller::Nobody | Caller::Ended(_)) || Callers::Acting.admit(&self.caller)
    }

    pub fn path(&self) -> &str {
        self.uri.split('?').next().unwrap_or("/")
    }
}

/// Cookie with the language of a visitor who is not signed in.
const LANGUAGE_COOKIE: &str = "language";

/// How long that cookie is kept, seconds (a year).
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;

/// Stores the chosen language with the signed-in user; returns the cookie that keeps it in this browser.
pub async fn switch_language(app: &App, visit: &Visit, language: Language) -> Result<Cookie<'static>, Failure> {
    set_language(&app.bank, &visit.caller, language).await?;
    Ok(app.cookie.cookie(LANGUAGE_COOKIE, language.tag().to_owned(), LANGUAGE_SECONDS))
}

fn language(visitor: &Visitor, jar: &CookieJar, headers: &HeaderMap) -> Language {
    let cookie = || jar.get(LANGUAGE_COOKIE).and_then(|cookie| Language::parse(cookie.value()));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::preferred);
    visitor.language.or_else(cookie).or_else(accepted).unwrap_or_default()
}

/// A response that took longer brings no new token: a later one may have been issued and used meanwhile.
const RENEWED_WITHIN: Duration = Duration::from_secs(5);

/// Middleware: creates the visit, runs the handler, and sets the content security policy with the nonce. The reference data
/// (branches, calendar, parameters) are read at most once per request.
pub async fn visit_layer(State(app): State<App>, jar: CookieJar, request: Request, next: Next) -> Response {
    bank::branches::one_request(answer(app, jar, request, next)).await
}

async fn answer(app: App, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let reference = request.extensions().get::<RequestReference>().map_or_else(String::new, |r| r.0.clone());
    let visitor = match app.cookie.shown(&jar, app.bank.now()) {
        Some(shown) => {
            let (active, sends) = (!is_idle(request.uri().path()), app.courier.is_some());
            bank::sessions::visitor(&app.bank, &shown, active, sends).await
        }
        None => Ok(Visitor::default()),
    };
    // A database that does not answer is reported by whoever needs it.
    let founded = app.founded.is(&app.bank).await.unwrap_or(true);
    let (visitor, unread) = visitor.map_or_else(|failure| (Visitor::default(), Some(failure)), |visitor| (visitor, None));
    let nonce = app.bank.new_id().unwrap_or_default();
    let uri = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().to_string(), |uri| uri.0.to_string());
    let appearance = appearance::of(&visitor, &jar);
    let visit: Visit = Context {
        language: language(&visitor, &jar, request.headers()),
        appearance,
        offer_elder: visitor.offer_elder && appearance.mode == Mode::Normal,
        caller: visitor.caller,
        session: visitor.session.map(|time| appearance::warning(appearance, time)),
        ended: visitor.ended,
        step_up: visitor.step_up,
        now: app.bank.now(),
        uri,
        pkg: app.pkg.clone(),
        bank_details: known_details(&app.bank).unwrap_or_else(|| app.bank_details.clone()),
        nonce,
        reference,
    }
    .into();
    let policy = policy(&visit.nonce);
    let private = visit.caller.session_id().is_some();
    let renewed = visitor.renewed.as_ref().and_then(|token| app.cookie.issue(token, visit.now).ok());
    // Without a readable session the caller is unknown, so nothing is done; the request can be sent again.
    let mut response = match unread {
        Some(failure) => again::unread(&visit, failure, request).await,
        None if !founded => not_founded(&visit),
        None => match addresses::refused(&visit, request.uri()) {
            Some(refused) => refused,
            None => {
                request.extensions_mut().insert(visit);
                next.run(request).await
            }
        },
    };
    let headers = response.headers_mut();
    if let Some(renewed) = renewed.filter(|_| begun.elapsed() < RENEWED_WITHIN) {
        renew(headers, &renewed);
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if private || !headers.contains_key(header::CACHE_CONTROL) {
        // Pages hold personal data and a nonce, so they must not be cached.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Adds a renewed session cookie, unless the response sets it anyway: who signs out or in must not get the old session back.
fn renew(headers: &mut HeaderMap, renewed: &Cookie<'static>) {
    let own = format!("{}=", renewed.name());
    let is_set = headers.get_all(header::SET_COOKIE).iter().any(|cookie| cookie.as_bytes().starts_with(own.as_bytes()));
    if let Ok(value) = HeaderValue::from_str(&renewed.to_string())
        && !is_set
    {
        headers.append(header::SET_COOKIE, value);
    }
}

/// The content security policy: own sources only, inline scripts by nonce, no inline style.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| http::StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

/// Query parameters, parsed leniently: the last of repeated names counts, unknown names are ignored, and an undecodable query
/// counts as empty.
pub struct LenientQuery<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequestParts<App> for LenientQuery<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let asked = pairs.map(|(name, value)| (name.into_owned(), serde_json::Value::String(cleaned(&value))));
        Ok(Self(serde_json::from_value(serde_json::Value::Object(asked.collect())).unwrap_or_default()))
    }
}

async fn visit(parts: &mut Parts, app: &App) -> Result<Visit, Response> {
    Visit::from_request_parts(parts, app).await
}

impl FromRequestParts<App> for Customer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = visit(parts, app).await?;
        match &visit.caller {
            Caller::Customer(customer) => Ok(customer.clone()),
            _ => Err(refuse(&visit)),
        }
    }
}

/// A customer who is a person. Surveys and recommendations are not available to companies.
#[derive(Clone, Debug)]
pub struct PersonalCustomer(pub Customer);

impl FromRequestParts<App> for PersonalCustomer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = visit(parts, app).await?;
        match &visit.caller {
            Caller::Customer(customer) if customer.kind() == CustomerKind::Personal => Ok(Self(customer.clone())),
            _ => Err(refuse(&visit)),
        }
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = visit(parts, app).await?;
        match &visit.caller {
            Caller::Staff(staff) => Ok(staff.clone()),
            _ => Err(refuse(&visit)),
        }
    }
}

/// The page after sign-in: the desk for staff who may see it, otherwise the home page.
pub fn start(caller: &Caller) -> &'static str {
    match caller {
        Caller::Staff(staff) if staff.may(Permission::SeeCases) => "/desk",
        _ => "/",
    }
}

/// The response to a caller without access: the sign-in page, or 403.
pub fn refuse(visit: &Visit) -> Response {
    match visit.caller {
        Caller::Nobody => Page::sign_in_first(visit, None),
        Caller::Ended(end) => Page::sign_in_first(visit, Some(end)),
        Caller::Awaiting(ref awaiting) => see_other(&factors::first(awaiting, &visit.uri)),
        _ => PageError::Forbidden.answer(visit),
    }
}
