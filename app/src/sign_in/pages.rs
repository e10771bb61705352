//! The sign-in page.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use bank::kernel::forms::Refusal;
use bank::kernel::time::hhmm;
use bank::sessions::{Caller, SessionEnd, SignInRefusal, seconds_to_next_hour};
use leptos::prelude::*;
use serde::Deserialize;

use super::NAME_COOKIE;
use crate::factors::first;
use crate::local_path::LocalPath;
use crate::page::{Page, see_other};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::Button;
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::Tone;
use crate::ui::password_field::PasswordField;
use crate::ui::text_field::TextField;
use crate::visit::{App, LenientQuery, Visit, start};
use crate::words::Locale;

/// Query: why the page is shown.
#[derive(Debug, Default, Deserialize)]
pub struct SignInQuery {
    refused: Option<String>,
    ended: Option<String>,
    signed_out: Option<String>,
    activated: Option<String>,
    next: Option<String>,
}

/// GET /login
pub async fn sign_in(
    visit: Visit,
    State(_app): State<App>,
    jar: CookieJar,
    LenientQuery(query): LenientQuery<SignInQuery>,
) -> Response {
    let next = query.next.as_deref().filter(|next| !next.is_empty()).map(LocalPath::from);
    match &visit.caller {
        Caller::Awaiting(awaiting) => return see_other(&first(awaiting, next.as_ref().map_or("", LocalPath::as_str))),
        Caller::Staff(_) => return see_other(start(&visit.caller)),
        Caller::Customer(_) => return see_other(next.unwrap_or_else(|| "/".into())),
        Caller::Nobody | Caller::Ended(_) => {}
    }
    let asked = query.refused.as_deref().unwrap_or_default();
    let refusals = SignInRefusal::ALL.into_iter().filter(|refusal| asked.split(',').any(|code| code == refusal.code()));
    let refusals: Vec<SignInRefusal> = refusals.collect();
    let refused = !refusals.is_empty();
    let activated = query.activated.is_some();
    let name = jar.get(NAME_COOKIE).filter(|_| refused || activated).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let name = form_urlencoded::parse(format!("n={name}").as_bytes()).next().map(|(_, name)| name.into_owned());
    let page = SignInPage {
        summary: summary(&visit, &refusals),
        refusals,
        name: name.unwrap_or_default(),
        next,
        ended: query.ended.as_deref().and_then(SessionEnd::parse).filter(|_| !refused),
        signed_out: query.signed_out.is_some(),
        activated,
        ..SignInPage::default()
    };
    page.show(&visit)
}

/// The answer to a POST that was not judged: the page with the name, and when to send it again.
pub(super) fn not_now(visit: &Visit, name: &str, next: Option<LocalPath>, why: NotNow) -> Response {
    let locale = visit.locale();
    let (status, seconds, refused) = match why {
        NotNow::Busy => {
            let words = (t!(locale, sign_in.busy_title), t!(locale, sign_in.busy_text));
            (StatusCode::SERVICE_UNAVAILABLE, BUSY_SECONDS, Refused::new("busy", words.0, words.1))
        }
        NotNow::Slowed => {
            let seconds = seconds_to_next_hour(visit.now);
            let until = hhmm(visit.now.plus_ms(seconds * 1000).time());
            let phone = visit.bank_details.hotline.clone();
            let words = (t!(locale, sign_in.slowed_title), t!(locale, sign_in.slowed_text, time = until, phone = phone));
            (StatusCode::TOO_MANY_REQUESTS, seconds, Refused::of(&SignInRefusal::NetworkSlowed, words))
        }
    };
    let page = SignInPage { status, summary: vec![refused], name: name.to_owned(), next, ..SignInPage::default() };
    let mut answer = page.show(visit);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// Seconds after which a sign-in that found too many others waiting is sent again. A queue is worked off in less.
const BUSY_SECONDS: i64 = 3;

/// Why a sign-in was not judged.
pub(super) enum NotNow {
    /// Too many others wait.
    Busy,
    /// Too many from this network have failed.
    Slowed,
}

/// What the summary says about refusals.
fn summary(visit: &Visit, refusals: &[SignInRefusal]) -> Vec<Refused> {
    let locale = visit.locale();
    let phone = || visit.bank_details.hotline.clone();
    let refused = |refusal: &SignInRefusal| {
        let failed = || (t!(locale, sign_in.failed_title), t!(locale, sign_in.failed_text, phone = phone()));
        let (words, label) = match refusal {
            SignInRefusal::SignInFailed => (failed(), t!(locale, sign_in.name)),
            SignInRefusal::NameMissing => ((t!(locale, sign_in.name_missing), String::new()), t!(locale, sign_in.name)),
            SignInRefusal::PasswordMissing => {
                ((t!(locale, sign_in.password_missing), String::new()), t!(locale, sign_in.password))
            }
            // It is answered at once, not by a redirect.
            SignInRefusal::NetworkSlowed => return None,
        };
        Some(Refused::of(refusal, words).field(refusal.field(), label))
    };
    refusals.iter().filter_map(refused).collect()
}

/// What the page shows.
#[derive(Default)]
struct SignInPage {
    status: StatusCode,
    summary: Vec<Refused>,
    refusals: Vec<SignInRefusal>,
    name: String,
    next: Option<LocalPath>,
    ended: Option<SessionEnd>,
    signed_out: bool,
    activated: bool,
}

impl SignInPage {
    fn show(self, visit: &Visit) -> Response {
        let locale = visit.locale();
        let Self { status, summary, refusals, name, next, ended, signed_out, activated } = self;
        let done_text = match name.as_str() {
            "" => t!(locale, activation.done_text),
            name => t!(locale, activation.done_name, name = name.to_owned()),
        };
        let phone = visit.bank_details.hotline.clone();
        let no_name = refusals.contains(&SignInRefusal::NameMissing).then(|| t!(locale, sign_in.name_missing));
        let no_password = refusals.contains(&SignInRefusal::PasswordMissing).then(|| t!(locale, sign_in.password_missing));
        Page::new(visit, t!(locale, sign_in.title)).status(status).show(move || {
            view! {
                <div class="sign-in">
                    <h1>{t!(locale, sign_in.title)}</h1>
                    <ErrorSummary refused=summary several=t!(locale, sign_in.missing_both) />
                    {ended
                        .map(|end| {
                            let (title, text) = ended_words(locale, end, &phone);
                            view! { <Banner tone=Tone::Wait title=title text=text /> }
                        })}
                    {signed_out.then(|| view! { <Banner tone=Tone::Ok title=t!(locale, sign_in.signed_out) /> })}
                    {activated.then(|| view! { <Banner tone=Tone::Ok title=t!(locale, activation.done) text=done_text /> })}
                    <form method="post" action="/login" class="form">
                        <input type="hidden" name="next" value=next.map(|next| next.as_str().to_owned()).unwrap_or_default() />
                        <TextField
                            name="sign_in_name"
                            label=t!(locale, sign_in.name)
                            value=name
                            error=no_name
                            autocomplete="username"
                            literal=true
                        />
                        {password_field(locale, "password", t!(locale, sign_in.password), no_password)}
                        <Button text=t!(locale, sign_in.submit) />
                    </form>
                    <details class="forgotten" id="forgotten">
                        <summary>{t!(locale, sign_in.forgotten)}</summary>
                        <ul class="stack">
                            <li>{t!(locale, sign_in.forgotten_customers)}</li>
                            <li>{t!(locale, sign_in.forgotten_staff)}</li>
                            <li>
                                {t!(locale, sign_in.forgotten_call)} " "
                                <a href=crate::branches::phone_link(&phone)>{phone.clone()}</a>
                            </li>
                        </ul>
                    </details>
                    <p>
                        <a href=crate::activation::BY_CODE>{t!(locale, sign_in.activate)}</a>
                    </p>
                    <p class="hint">{t!(locale, sign_in.hint)}</p>
                </div>
            }
            .into_any()
        })
    }
}

/// The field of the present password.
pub(crate) fn password_field(locale: Locale, name: &'static str, label: String, error: Option<String>) -> AnyView {
    let (show, hide) = (t!(locale, sign_in.show_password), t!(locale, sign_in.hide_password));
    view! { <PasswordField name=name label=label autocomplete="current-password" show=show hide=hide error=error /> }.into_any()
}

/// Why the session has ended, and what has become of what was typed: title and text.
fn ended_words(locale: Locale, end: SessionEnd, phone: &str) -> (String, String) {
    let phone = phone.to_owned();
    match end {
        SessionEnd::Idle => (t!(locale, sign_in.expired_title), t!(locale, sign_in.expired_text)),
        SessionEnd::TooOld => (t!(locale, sign_in.expired_title), t!(locale, sign_in.too_old_text)),
        SessionEnd::SignedOut => (t!(locale, sign_in.elsewhere_title), t!(locale, sign_in.elsewhere_text, phone = phone)),
        SessionEnd::Reused => (t!(locale, sign_in.copy_title), t!(locale, sign_in.copy_text, phone = phone)),
        SessionEnd::ByBank => (t!(locale, sign_in.by_bank_title), t!(locale, sign_in.by_bank_text, phone = phone)),
    }
}
