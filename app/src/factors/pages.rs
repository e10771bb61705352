//! The page in its three states: off, begun (code to scan), on.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bank::kernel::forms::Refusal;
use bank::kernel::language::moment;
use bank::sessions::{Caller, Enrolment, Factor, FactorRefusal, RECOVERY_CODES, SHORTEST_ALONE, find_factor};
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, next_fields, with_next, words};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, PostButton, hidden};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::parts::{Fields, Tone};
use crate::ui::qr_code::QrCode;
use crate::ui::state_tag::StateTag;
use crate::ui::text_field::TextField;
use crate::visit::{App, LenientQuery, Visit};
use crate::words::Locale;

/// Query: a form was sent again after the codes had been shown; the factor was removed; the page that is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct FactorQuery {
    already: Option<String>,
    removed: Option<String>,
    next: Option<String>,
}

/// The name under which an app keeps the codes.
fn bank_name(visit: &Visit) -> &str {
    visit.bank_details.name(visit.language)
}

/// The section of `/me`: whether there is one, and the way to it.
pub fn section(visit: &Visit, factor: &Factor) -> AnyView {
    let l = visit.locale();
    let (state, tone, words) = match factor {
        Factor::On { since, codes_left, .. } => {
            let since = moment(visit.language, *since, visit.now);
            (t!(l, factors.on), Tone::Ok, t!(l, factors.on_since, since = since, left = *codes_left))
        }
        Factor::Off | Factor::Begun(_) => (t!(l, factors.off), Tone::Neutral, t!(l, factors.off_text)),
    };
    view! {
        <section class="block" id="factor">
            <h2>{t!(l, factors.title)}</h2>
            <ul class="rows">
                <li>
                    <div>
                        <StateTag text=state tone=tone />
                        <p class="hint">{words}</p>
                    </div>
                    <a href=PATH class=ButtonKind::Secondary.class()>
                        {t!(l, factors.manage)}
                    </a>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// GET /me/factor
pub async fn factor(visit: Visit, State(app): State<App>, LenientQuery(query): LenientQuery<FactorQuery>) -> Response {
    let shown = Shown {
        refusal: None,
        already: query.already.is_some(),
        removed: query.removed.is_some(),
        next: query.next.unwrap_or_default(),
    };
    visit.answer(show(&visit, &app, shown).await)
}

/// What the page shows besides the state.
pub struct Shown {
    /// Of the post that it answers.
    pub refusal: Option<FactorRefusal>,
    /// The recovery codes have been shown already.
    pub already: bool,
    /// It was just removed.
    pub removed: bool,
    /// The page that is wanted afterwards.
    pub next: String,
}

/// The page as it is now.
pub async fn show(visit: &Visit, app: &App, shown: Shown) -> Result<Response, PageError> {
    let Shown { refusal, already, removed, next } = shown;
    let required = matches!(visit.caller, Caller::Awaiting(_));
    let factor = find_factor(&app.bank, &visit.caller, bank_name(visit)).await?;
    let l = visit.locale();
    // The address stays when it is set up again.
    let removed = removed && factor == Factor::Off;
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Page::new(visit, t!(l, factors.title)).status(status).show(move || {
        let summary = refusal.map(|refusal| view! { <ErrorSummary refused=vec![words::refused(visit, refusal)] /> });
        let error = refusal.filter(|refusal| refusal.field() == "code").map(|refusal| words::words(visit, refusal).0);
        let already = already.then(|| {
            view! { <Banner tone=Tone::Wait title=t!(l, factors.already) text=t!(l, factors.already_text) focused=true /> }
        });
        let removed = removed.then(|| view! { <Banner tone=Tone::Ok title=t!(l, factors.removed) focused=true /> });
        view! {
            {(!required)
                .then(|| {
                    view! {
                        <p>
                            <a href="/me">{t!(l, factors.back)}</a>
                        </p>
                    }
                })}
            <h1>{t!(l, factors.title)}</h1>
            {summary}
            {already}
            {removed}
            {required
                .then(|| {
                    view! { <Banner tone=Tone::Wait title=t!(l, factors.required) text=t!(l, factors.required_text) /> }
                })}
            {match &factor {
                Factor::Off => off(visit, &next),
                Factor::Begun(enrolment) => begun(visit, enrolment, &next, error),
                Factor::On { since, codes_left, password_needs_it } => {
                    on(visit, &moment(visit.language, *since, visit.now), *codes_left, *password_needs_it, error)
                }
            }}
        }
        .into_any()
    }))
}

/// Hidden fields of the page's forms.
fn fields(visit: &Visit, next: &str) -> Fields {
    visit.bound(next_fields(PATH, next))
}

fn off(visit: &Visit, next: &str) -> AnyView {
    let l = visit.locale();
    view! {
        <p>{t!(l, factors.what)}</p>
        <p>{t!(l, factors.need)}</p>
        <p>
            <a href=with_next(crate::passkeys::PATH, next)>{t!(l, passkeys.instead)}</a>
        </p>
        <PostButton action=PATH text=t!(l, factors.begin) fields=fields(visit, next) name="do" value="begin" />
    }
    .into_any()
}

/// A secret in groups of four, to be typed.
fn grouped(secret: &str) -> String {
    let groups: Vec<String> = secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

/// The field of a code.
fn code_field(l: Locale, hint: String, error: Option<String>) -> AnyView {
    let label = t!(l, factors.code);
    view! { <TextField name="code" label=label hint=hint error=error autocomplete="one-time-code" literal=true /> }.into_any()
}

fn begun(visit: &Visit, enrolment: &Enrolment, next: &str, error: Option<String>) -> AnyView {
    let l = visit.locale();
    view! {
        <ol class="enrolment">
            <li>
                <div class="enrolment-way">
                    <div>
                        <p>
                            <a href=enrolment.address.clone()>{t!(l, factors.same_device)}</a>
                        </p>
                        <p>{t!(l, factors.or_type)}</p>
                        <p class="case-number enrolment-secret" data-secret="">
                            {grouped(&enrolment.secret)}
                        </p>
                    </div>
                    <div class="enrolment-scan">
                        <p>{t!(l, factors.scan)}</p>
                        <QrCode text=enrolment.address.clone() label=t!(l, factors.qr) />
                    </div>
                </div>
            </li>
            <li>
                <form method="post" action=PATH class="form">
                    {hidden(fields(visit, next))}
                    {code_field(l, t!(l, factors.code_hint), error)}
                    <div class="actions">
                        <Button text=t!(l, factors.confirm) name="do" value="confirm" />
                    </div>
                </form>
            </li>
        </ol>
        <PostButton
            action=PATH
            text=t!(l, factors.cancel)
            kind=ButtonKind::Quiet
            fields=fields(visit, next)
            name="do"
            value="cancel"
        />
    }
    .into_any()
}

fn on(visit: &Visit, since: &str, codes_left: i64, password_needs_it: bool, error: Option<String>) -> AnyView {
    let l = visit.locale();
    let few = (codes_left == 0)
        .then(|| view! { <Banner tone=Tone::Wait title=t!(l, factors.none_left) text=t!(l, factors.none_left_text) /> });
    let stays = password_needs_it.then(|| {
        view! {
            <p>
                {t!(l, factors.stays, fewest = SHORTEST_ALONE)} " " <a href=crate::me::PASSWORD>{t!(l, me.password_change)}</a>
            </p>
        }
    });
    view! {
        <p>{t!(l, factors.on_since, since = since.to_owned(), left = codes_left)}</p>
        {few}
        {stays}
        <form method="post" action=PATH class="form">
            {hidden(visit.bound(Vec::new()))}
            <p>{t!(l, factors.change, count = RECOVERY_CODES)}</p>
            {code_field(l, t!(l, factors.any_code_hint), error)}
            <div class="actions">
                <Button text=t!(l, factors.renew) kind=ButtonKind::Secondary name="do" value="renew" />
                <Button text=t!(l, factors.remove) kind=ButtonKind::Danger name="do" value="remove" />
            </div>
        </form>
    }
    .into_any()
}
