//! The list of surveys: closing time, duration, and the customer's progress.

use axum::extract::State;
use axum::response::Response;
use bank::kernel::language::{day_from_now, day_long, moment};
use bank::kernel::time::At;
use bank::surveys::{self, Opened, Published, SurveyForm, progress, read_all};
use leptos::prelude::*;

use super::{address, submitted_address};
use crate::page::{Page, PageError};
use crate::ui::button::{ButtonKind, LinkButton};
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::visit::{App, PersonalCustomer, Visit};
use crate::{counted, t};

/// A survey with the customer's progress.
struct SurveyItem {
    published: Published,
    status: SurveyStatus,
}

enum SurveyStatus {
    New,
    Going { left: usize, saved_at: At },
    Sent { at: At },
    Closed { sent: bool },
}

/// GET /surveys
pub async fn list(visit: Visit, State(app): State<App>, customer: PersonalCustomer) -> Response {
    visit.answer(items(&visit, &app, &customer).await.map(|items| show(&visit, items)))
}

async fn items(visit: &Visit, app: &App, PersonalCustomer(customer): &PersonalCustomer) -> Result<Vec<SurveyItem>, PageError> {
    let limits = surveys::limits(&app.bank).await?;
    let mut items = Vec::new();
    for published in surveys::list(&app.bank).await? {
        let survey = &published.survey;
        let Opened::Form(survey_form) = surveys::open_form(&app.bank, customer, &published, None).await? else { continue };
        let status = match *survey_form {
            SurveyForm { response, .. } if visit.now >= published.closes_at => SurveyStatus::Closed { sent: response.is_some() },
            SurveyForm { saved_at: Some(saved_at), state, form, .. } => {
                let (answers, _) = read_all(survey, &state.shown(&form), limits);
                SurveyStatus::Going { left: progress(survey, &answers).left(), saved_at }
            }
            SurveyForm { response: Some(response), .. } => SurveyStatus::Sent { at: response.submitted_at },
            _ => SurveyStatus::New,
        };
        items.push(SurveyItem { published, status });
    }
    Ok(items)
}

fn show(visit: &Visit, items: Vec<SurveyItem>) -> Response {
    let locale = visit.locale();
    let visit_for_view = visit.clone();
    Page::new(visit, t!(locale, surveys.title)).layout("page page-list").show(move || {
        let none = items.is_empty().then(|| view! { <p class="card">{t!(locale, surveys.none)}</p> });
        let cards = items.into_iter().map(|item| card(&visit_for_view, item)).collect_view();
        view! {
            <h1>{t!(locale, surveys.title)}</h1>
            <p class="hint">{t!(locale, surveys.list_hint)}</p>
            {none}
            <ul class="stack">{cards}</ul>
        }
        .into_any()
    })
}

fn card(visit: &Visit, SurveyItem { published: Published { survey, closes_at }, status }: SurveyItem) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let minutes = counted!(locale, survey.minutes, [surveys.minutes_one], [surveys.minutes], minutes = survey.minutes);
    let last = day_long(language, At(closes_at.0 - 1).day());
    let until = t!(locale, surveys.until, day = last.clone());
    let new = format!("{minutes} · {until}");
    let form = address(&survey.code);
    let (tag, facts, action) = match status {
        SurveyStatus::New => (None, new, Some((form, t!(locale, surveys.start), ButtonKind::Primary))),
        SurveyStatus::Going { left, saved_at } => {
            let saved = t!(locale, surveys.saved_at, when = moment(language, saved_at, visit.now));
            let left = if left == 0 {
                t!(locale, surveys.only_submit)
            } else {
                counted!(locale, left, [surveys.left_one], [surveys.left], count = left)
            };
            (Some((left, Tone::Wait)), format!("{saved} · {until}"), Some((form, t!(locale, surveys.go_on), ButtonKind::Primary)))
        }
        SurveyStatus::Sent { at } => (
            Some((t!(locale, surveys.sent), Tone::Ok)),
            t!(locale, surveys.sent_at, when = day_from_now(language, at.day(), visit.now), day = last),
            Some((form, t!(locale, surveys.change), ButtonKind::Secondary)),
        ),
        SurveyStatus::Closed { sent } => (
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
