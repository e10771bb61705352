//! The pages on which a password is set.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::forms::fresh_key;
use bank::sessions::{ActivationKind, ActivationRefusal, ID_END, Invited, PasswordFault, SHORTEST_ALONE, Secret, find_invited};
use leptos::prelude::*;

use super::{BY_CODE, BY_LINK, SECRET_COOKIE, SECRET_SECONDS, password};
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, LinkButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::Tone;
use crate::ui::text_field::TextField;
use crate::visit::{App, Visit};

/// The longest secret that is put into a cookie.
const LONGEST_SECRET: usize = 64;

/// GET /activate/{code}: the secret leaves the address. Nothing is used, so that a program that looks at links does no harm.
pub async fn follow_link(State(app): State<App>, jar: CookieJar, Path(secret): Path<String>) -> Response {
    let plain =
        secret.len() <= LONGEST_SECRET && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let held = if plain { secret } else { String::new() };
    (jar.add(app.cookie.cookie(SECRET_COOKIE, held, SECRET_SECONDS)), see_other(BY_LINK)).into_response()
}

/// The secret of the link that was followed; an unknown one if none was.
pub(super) fn followed(jar: &CookieJar) -> Secret {
    Secret::typed(ActivationKind::Link, jar.get(SECRET_COOKIE).map_or("", |cookie| cookie.value()))
}

/// GET /activate/link
pub async fn by_link(visit: Visit, State(app): State<App>, jar: CookieJar) -> Response {
    visit.answer(link_page(&visit, &app, &followed(&jar), None).await)
}

/// The form for the user of the link, with the refusal of a post; the same page for every link that is not open.
pub(super) async fn link_page(
    visit: &Visit,
    app: &App,
    secret: &Secret,
    refusal: Option<ActivationRefusal>,
) -> Result<Response, PageError> {
    let invited = find_invited(&app.bank, secret).await?;
    let key = fresh_key(&app.bank)?.to_string();
    Ok(match (invited, refusal) {
        (Some(invited), Some(ActivationRefusal::Password(fault))) => link_form(visit, &invited, key, Some(fault)),
        (Some(invited), None) => link_form(visit, &invited, key, None),
        _ => void(visit),
    })
}

fn link_form(visit: &Visit, invited: &Invited, key: String, fault: Option<PasswordFault>) -> Response {
    let locale = visit.locale();
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let lead = t!(locale, activation.link_lead, name = invited.name.clone(), sign_in_name = invited.sign_in_name.clone());
    Page::new(visit, t!(locale, activation.title)).status(status).show(move || {
        let refused = fault.map(|fault| password::refused(locale, fault)).into_iter().collect::<Vec<_>>();
        view! {
            <div class="sign-in">
                <h1>{t!(locale, activation.title)}</h1>
                {(!refused.is_empty()).then(|| view! { <ErrorSummary refused=refused /> })}
                <p>{lead}</p>
                <form method="post" action=BY_LINK class="form">
                    {hidden(vec![("key".to_owned(), key)])}
                    {password::fields(locale, SHORTEST_ALONE, fault)}
                    <Button text=t!(locale, activation.submit) />
                </form>
            </div>
        }
        .into_any()
    })
}

/// The page of a link that is unknown, used, renewed or expired.
fn void(visit: &Visit) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, activation.void_title)).show(move || {
        view! {
            <div class="sign-in">
                <h1>{t!(locale, activation.void_title)}</h1>
                <Banner tone=Tone::Wait title=t!(locale, activation.void_banner) text=t!(locale, activation.void_text) />
                <LinkButton href="/login" text=t!(locale, activation.to_sign_in) />
            </div>
        }
        .into_any()
    })
}

/// GET /activate
pub async fn by_code(visit: Visit, State(app): State<App>) -> Response {
    visit.answer(code_page(&visit, &app, &Submission::default(), None))
}

/// The form for customers; after a refused post with the typed values, passwords excepted.
pub(super) fn code_page(
    visit: &Visit,
    app: &App,
    typed: &Submission,
    refusal: Option<ActivationRefusal>,
) -> Result<Response, PageError> {
    let locale = visit.locale();
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let key = fresh_key(&app.bank)?.to_string();
    let phone = visit.bank_details.hotline.clone();
    let [number, id_end, code] = ["number", "id_end", "code"].map(|name| typed.0.typed(name).to_owned());
    let fault = match refusal {
        Some(ActivationRefusal::Password(fault)) => Some(fault),
        _ => None,
    };
    let wrong = match refusal {
        Some(ActivationRefusal::Password(fault)) => vec![password::refused(locale, fault)],
        Some(refusal) => {
            let words = (t!(locale, activation.code_wrong), t!(locale, activation.code_wrong_text, phone = phone));
            vec![Refused::of(&refusal, words).field("number", t!(locale, activation.number))]
        }
        None => Vec::new(),
    };
    Ok(Page::new(visit, t!(locale, activation.title)).status(status).show(move || {
        view! {
            <div class="sign-in">
                <h1>{t!(locale, activation.title)}</h1>
                {(!wrong.is_empty()).then(|| view! { <ErrorSummary refused=wrong /> })}
                <p>{t!(locale, activation.code_lead)}</p>
                <form method="post" action=BY_CODE class="form">
                    {hidden(vec![("key".to_owned(), key)])}
                    <TextField name="number" label=t!(locale, activation.number) value=number autocomplete="username" literal=true />
                    <TextField name="id_end" label=t!(locale, activation.id_end, count = ID_END) hint=t!(locale, activation.id_end_hint) value=id_end autocomplete="off" literal=true />
                    <TextField name="code" label=t!(locale, activation.code) hint=t!(locale, activation.code_hint) value=code autocomplete="one-time-code" literal=true />
                    {password::fields(locale, SHORTEST_ALONE, fault)}
                    <Button text=t!(locale, activation.submit) />
                </form>
            </div>
        }
        .into_any()
    }))
}
