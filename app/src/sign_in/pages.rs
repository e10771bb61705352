//! The sign-in page.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use bank::kernel::forms::Refusal;
use bank::sessions::{Caller, SessionEnd, SignInRefusal};
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
    let locale = visit.locale();
    let asked = query.refused.as_deref().unwrap_or_default();
    let refusals = SignInRefusal::ALL.into_iter().filter(|refusal| asked.split(',').any(|code| code == refusal.code()));
    let refusals: Vec<SignInRefusal> = refusals.collect();
    let refused = !refusals.is_empty();
    let activated = query.activated.is_some();
    let name = jar.get(NAME_COOKIE).filter(|_| refused || activated).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let name =
        form_urlencoded::parse(format!("n={name}").as_bytes()).next().map(|(_, name)| name.into_owned()).unwrap_or_default();
    let ended = query.ended.as_deref().and_then(SessionEnd::parse).filter(|_| !refused);
    let signed_out = query.signed_out.is_some();
    let done_text = match name.as_str() {
        "" => t!(locale, activation.done_text),
        name => t!(locale, activation.done_name, name = name.to_owned()),
    };
    let phone = visit.bank_details.hotline.clone();
    let label = |refusal: SignInRefusal| match refusal {
        SignInRefusal::PasswordMissing => t!(locale, sign_in.password),
        SignInRefusal::NameMissing | SignInRefusal::SignInFailed => t!(locale, sign_in.name),
    };
    let summary = refusals.iter().map(|refusal| {
        let words = match refusal {
            SignInRefusal::SignInFailed => {
                (t!(locale, sign_in.failed_title), t!(locale, sign_in.failed_text, phone = phone.clone()))
            }
            missing => (missing_words(locale, *missing), String::new()),
        };
        Refused::of(refusal, words).field(refusal.field(), label(*refusal))
    });
    let summary: Vec<Refused> = summary.collect();
    let missing = |refusal: SignInRefusal| refusals.contains(&refusal).then(|| missing_words(locale, refusal));
    let (no_name, no_password) = (missing(SignInRefusal::NameMissing), missing(SignInRefusal::PasswordMissing));
    Page::new(&visit, t!(locale, sign_in.title)).show(move || {
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
                    <PasswordField
                        name="password"
                        label=t!(locale, sign_in.password)
                        autocomplete="current-password"
                        show=t!(locale, sign_in.show_password)
                        hide=t!(locale, sign_in.hide_password)
                        error=no_password
                    />
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

/// Why the session has ended, and what has become of what was typed: title and text.
fn ended_words(locale: Locale, end: SessionEnd, phone: &str) -> (String, String) {
    let phone = phone.to_owned();
    match end {
        SessionEnd::Idle => (t!(locale, sign_in.expired_title), t!(locale, sign_in.expired_text)),
        SessionEnd::TooOld => (t!(locale, sign_in.expired_title), t!(locale, sign_in.too_old_text)),
        SessionEnd::SignedOut => (t!(locale, sign_in.elsewhere_title), t!(locale, sign_in.elsewhere_text, phone = phone)),
        SessionEnd::ByBank => (t!(locale, sign_in.by_bank_title), t!(locale, sign_in.by_bank_text, phone = phone)),
    }
}

/// What is missing, as a request.
fn missing_words(locale: Locale, refusal: SignInRefusal) -> String {
    match refusal {
        SignInRefusal::PasswordMissing => t!(locale, sign_in.password_missing),
        SignInRefusal::NameMissing | SignInRefusal::SignInFailed => t!(locale, sign_in.name_missing),
    }
}
