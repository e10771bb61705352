//! The list of surveys: closing time, duration, and the customer's progress.

use axum::extract::State;
use axum::response::Response;
use bank::kernel::language::{day_from_now, day_long, moment};
use bank::kernel::time::At;
use bank::surveys::{self, Filling, Opened, Published, progress, read_all};
use leptos::prelude::*;

use super::{address, submitted_address};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton};
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::visit::{App, PersonalCustomer, Visit};

/// A survey with the customer's progress.
struct Line {
    published: Published,
    standing: Standing,
}

enum Standing {
    New,
    Going { left: usize, saved_at: At },
    Sent { at: At },
    Closed { sent: bool },
}

/// GET /surveys
pub async fn list(visit: Visit, State(app): State<App>, customer: PersonalCustomer) -> Response {
    visit.answer(lines(&visit, &app, &customer).await.map(|lines| show(&visit, lines)))
}

async fn lines(visit: &Visit, app: &App, PersonalCustomer(customer): &PersonalCustomer) -> Result<Vec<Line>, PageError> {
    let limits = surveys::limits(&app.bank).await?;
    let mut lines = Vec::new();
    for published in surveys::list(&app.bank).await? {
        let survey = &published.survey;
        let Opened::Form(filling) = surveys::open_form(&app.bank, customer, &published, None).await? else { continue };
        let standing = match *filling {
            Filling { response, .. } if visit.now >= published.closes_at => Standing::Closed { sent: response.is_some() },
            Filling { saved_at: Some(saved_at), state, form, .. } => {
                let (answers, _) = read_all(survey, &state.shown(&form), limits);
                Standing::Going { left: progress(survey, &answers).left(), saved_at }
            }
            Filling { response: Some(response), .. } => Standing::Sent { at: response.submitted_at },
            _ => Standing::New,
        };
        lines.push(Line { published, standing });
    }
    Ok(lines)
}

fn show(visit: &Visit, lines: Vec<Line>) -> Response {
    let locale = visit.locale();
    let visit_for_view = visit.clone();
    Page::new(visit, t!(locale, surveys.title)).layout("page page-list").show(move || {
        let none = lines.is_empty().then(|| view! { <p class="card">{t!(locale, surveys.none)}</p> });
        let cards = lines.into_iter().map(|line| card(&visit_for_view, line)).collect_view();
        view! {
            <h1>{t!(locale, surveys.title)}</h1>
            <p class="hint">{t!(locale, surveys.list_hint)}</p>
            {none}
            <ul class="stack">{cards}</ul>
        }
        .into_any()
    })
}

fn card(visit: &Visit, Line { published: Published { survey, closes_at }, standing }: Line) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let minutes = t!(locale, surveys.minutes, minutes = survey.minutes);
    let last = day_long(language, At(closes_at.0 - 1).day());
    let until = t!(locale, surveys.until, day = last.clone());
    let new = format!("{minutes} · {until}");
    let form = address(&survey.code);
    let (tag, facts, action) = match standing {
        Standing::New => (None, new, Some((form, t!(locale, surveys.start), ButtonKind::Primary))),
        Standing::Going { left, saved_at } => {
            let saved = t!(locale, surveys.saved_at, when = moment(language, saved_at, visit.now));
            let left = if left == 0 { t!(locale, surveys.only_submit) } else { t!(locale, surveys.left, count = left) };
            (Some((left, Tone::Wait)), format!("{saved} · {until}"), Some((form, t!(locale, surveys.go_on), ButtonKind::Primary)))
        }
        Standing::Sent { at } => (
            Some((t!(locale, surveys.sent), Tone::Ok)),
            t!(locale, surveys.sent_at, when = day_from_now(language, at.day(), visit.now), day = last),
            Some((form, t!(locale, surveys.change), ButtonKind::Secondary)),
        ),
        Standing::Closed { sent } => (
            Some((t!(locale, surveys.closed), Tone::Neutral)),
            t!(locale, surveys.closed_at, day = last),
            sent.then(|| (submitted_address(&survey.code), t!(locale, surveys.see), ButtonKind::Secondary)),
        ),
    };
    view! {
        <li class="card survey-card">
            {tag.map(|(words, tone)| view! { <StateTag text=words tone=tone /> })}
            <h2>{survey.title.in_language(language).to_owned()}</h2>
            <p>{survey.intro.in_language(language).to_owned()}</p>
            <p class="hint">{facts}</p>
            {action.map(|(href, words, kind)| view! { <LinkButton href=href text=words kind=kind /> })}
        </li>
    }
    .into_any()
}
