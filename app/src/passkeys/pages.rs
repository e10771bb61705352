//! `/me/passkeys`: the list, and the form that adds one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bank::kernel::forms::Refusal;
use bank::kernel::language::moment;
use bank::sessions::{Caller, Ceremony, MOST_PASSKEYS, Passkey, PasskeyRefusal, find_options, list_passkeys};
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, SCRIPT, obstacles, party, words};
use crate::factors::next_fields;
use crate::page::{Page, PageError};
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, LinkButton, PostButton, hidden};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::parts::{Fields, Tone};
use crate::ui::text_field::TextField;
use crate::visit::{App, LenientQuery, Visit};

/// Query: what was just done here, whether one is being added, and the page that is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct PasskeysQuery {
    done: Option<String>,
    adding: Option<String>,
    next: Option<String>,
}

/// The section of `/me`.
pub fn section(visit: &Visit, passkeys: &[Passkey]) -> AnyView {
    let l = visit.locale();
    let words = match passkeys.len() {
        0 => t!(l, passkeys.what),
        count => t!(l, passkeys.some, count = count),
    };
    view! {
        <section class="block" id="passkeys">
            <h2>{t!(l, passkeys.title)}</h2>
            <ul class="rows">
                <li>
                    <p class="hint">{words}</p>
                    <a href=PATH class=ButtonKind::Secondary.class()>
                        {t!(l, passkeys.manage)}
                    </a>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// What the page shows besides the list.
#[derive(Default)]
pub struct Shown {
    pub refusal: Option<PasskeyRefusal>,
    pub done: Option<String>,
    /// Whether one is being added, and what was typed and answered for it.
    pub adding: bool,
    pub name: String,
    pub answer: String,
    /// The page that is wanted afterwards.
    pub next: String,
}

/// GET /me/passkeys
pub async fn passkeys(visit: Visit, State(app): State<App>, LenientQuery(query): LenientQuery<PasskeysQuery>) -> Response {
    let shown =
        Shown { done: query.done, adding: query.adding.is_some(), next: query.next.unwrap_or_default(), ..Shown::default() };
    visit.answer(show(&visit, &app, shown).await)
}

/// The page as it is now.
pub async fn show(visit: &Visit, app: &App, shown: Shown) -> Result<Response, PageError> {
    let passkeys = list_passkeys(&app.bank, &visit.caller).await?;
    let options = if shown.adding { find_options(&app.bank, &visit.caller, Ceremony::Add).await? } else { None };
    let (l, required) = (visit.locale(), matches!(visit.caller, Caller::Awaiting(_)));
    let status = if shown.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let possible = party(app).is_some();
    Ok(Page::new(visit, t!(l, passkeys.title)).status(status).script(SCRIPT).show(move || {
        let summary = shown.refusal.map(|refusal| view! { <ErrorSummary refused=vec![words::refused(visit, refusal)] /> });
        let done = match shown.done.as_deref() {
            Some("added") => Some((t!(l, passkeys.added), t!(l, passkeys.added_text))),
            Some("removed") => Some((t!(l, passkeys.removed), t!(l, passkeys.removed_text))),
            _ => None,
        };
        let done = done.map(|(title, text)| view! { <Banner tone=Tone::Ok title=title text=text focused=true /> });
        let back = if required { "/me/factor" } else { "/me" };
        let adding = options.map(|options| adding(visit, &shown, options));
        let is_adding = adding.is_some();
        view! {
            <p>
                <a href=back>{t!(l, passkeys.back)}</a>
            </p>
            <h1>{t!(l, passkeys.title)}</h1>
            {summary}
            {done}
            <p>{t!(l, passkeys.what)}</p>
            {(!possible)
                .then(|| {
                    view! { <Banner tone=Tone::Wait title=t!(l, passkeys.not_here) text=t!(l, passkeys.not_here_text) /> }
                })}
            {adding}
            {list(visit, &passkeys)}
            {(possible && !is_adding && passkeys.len() < MOST_PASSKEYS)
                .then(|| {
                    view! {
                        <noscript>
                            <Banner tone=Tone::Wait title=t!(l, passkeys.scripts) text=t!(l, passkeys.scripts_text) />
                        </noscript>
                        <PostButton
                            action=PATH
                            text=t!(l, passkeys.begin)
                            fields=fields(visit, &shown.next)
                            name="do"
                            value="begin"
                        />
                    }
                })}
            {(passkeys.len() >= MOST_PASSKEYS).then(|| view! { <p>{t!(l, passkeys.full, most = MOST_PASSKEYS)}</p> })}
            {(!passkeys.is_empty())
                .then(|| {
                    view! {
                        <p>{t!(l, passkeys.lost)}</p>
                        <PostButton
                            action=PATH
                            text=t!(l, factors.renew)
                            kind=ButtonKind::Secondary
                            fields=visit.bound(Vec::new())
                            name="do"
                            value="renew"
                        />
                    }
                })}
        }
        .into_any()
    }))
}

/// Hidden fields of the page's forms.
fn fields(visit: &Visit, next: &str) -> Fields {
    visit.bound(next_fields(PATH, next))
}

fn list(visit: &Visit, passkeys: &[Passkey]) -> Option<AnyView> {
    let l = visit.locale();
    let row = |passkey: &Passkey| {
        let time = |at| moment(visit.language, at, visit.now);
        let since = time(passkey.since);
        let words = match passkey.used {
            Some(used) => t!(l, passkeys.used, since = since, used = time(used)),
            None => t!(l, passkeys.unused, since = since),
        };
        let name = display_text(&passkey.name);
        let fields = visit.bound(vec![("passkey".to_owned(), passkey.id.clone())]);
        view! {
            <li>
                <div>
                    <b>{name.clone()}</b>
                    <p class="hint">{words}</p>
                </div>
                <PostButton
                    action=PATH
                    text=t!(l, passkeys.remove, name = name)
                    kind=ButtonKind::Danger
                    fields=fields
                    name="do"
                    value="remove"
                />
            </li>
        }
    };
    (!passkeys.is_empty()).then(|| view! { <ul class="rows">{passkeys.iter().map(row).collect_view()}</ul> }.into_any())
}

/// The form whose answer the script fetches from the device.
fn adding(visit: &Visit, shown: &Shown, options: String) -> AnyView {
    let l = visit.locale();
    let error = shown.refusal.filter(|refusal| refusal.field() == "name").map(|refusal| words::words(l, refusal).0);
    view! {
        {obstacles(visit)}
        <form method="post" action=PATH class="form" data-passkey="add" data-options=options>
            {hidden(fields(visit, &shown.next))}
            <input type="hidden" name="answer" value=shown.answer.clone() autocomplete="off" />
            <TextField
                name="name"
                label=t!(l, passkeys.name)
                hint=t!(l, passkeys.name_hint)
                error=error
                value=shown.name.clone()
                autocomplete="off"
            />
            <p>{t!(l, passkeys.create_lead)}</p>
            <div class="actions">
                <Button text=t!(l, passkeys.create) name="do" value="add" />
                <LinkButton href=PATH text=t!(l, passkeys.cancel) kind=ButtonKind::Quiet />
            </div>
        </form>
    }
    .into_any()
}
