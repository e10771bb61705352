//! The page after submitting: thanks, the use of the answers, and the free-text need with a button that files it as a
//! suggestion. It shows stored data, so it can be bookmarked.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::kernel::ids::Key;
use bank::kernel::language::day_long;
use bank::kernel::time::At;
use bank::suggestions::SuggestionText;
use bank::surveys::{self, Published, Response as SurveyResponse, SurveyNeed, need};
use leptos::prelude::*;

use super::{address, check};
use crate::form::{ANSWER, AlreadyNotice};
use crate::page::{Page, PageError, see_other};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::parts::Fields;
use crate::ui::summary_list::SummaryList;
use crate::visit::{App, PersonalCustomer, Visit};
use crate::words::Locale;

/// GET /surveys/{code}/submitted
pub async fn submitted(
    visit: Visit,
    State(app): State<App>,
    PersonalCustomer(customer): PersonalCustomer,
    Path(code): Path<String>,
) -> Response {
    let outcome = async {
        let published = surveys::published(&app.bank, &code).await?.ok_or(PageError::NotFound)?;
        let Some(response) = surveys::response(&app.bank, &customer, &published.survey).await? else {
            return Ok(see_other(&address(&code)));
        };
        let need = need(&published.survey, &response.answers);
        let need = need.map(|need| (surveys::need_key(&customer, &published.survey, &need), need));
        Ok(show(&visit, published, response, need))
    };
    visit.answer(outcome.await)
}

fn show(visit: &Visit, published: Published, response: SurveyResponse, need: Option<(Key, SurveyNeed)>) -> Response {
    let locale = visit.locale();
    let visit_for_view = visit.clone();
    let title = t!(locale, surveys.submitted_title);
    Page::new(visit, title).show(move || view(&visit_for_view, &published, &response, need))
}

fn view(
    visit: &Visit,
    Published { survey, closes_at }: &Published,
    response: &SurveyResponse,
    need: Option<(Key, SurveyNeed)>,
) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let open = visit.now < *closes_at;
    let last = day_long(language, At(closes_at.0 - 1).day());
    let until = if open { t!(locale, surveys.changeable, day = last) } else { t!(locale, surveys.closed_at, day = last) };
    let when = visit.dated(|say| t!(locale, surveys.submitted_at, when = say(response.submitted_at)));
    let used = if response.for_recommendations { t!(locale, surveys.used) } else { t!(locale, surveys.not_used) };
    let rows = check::shown(survey, &response.answers)
        .map(|(_, question)| check::row(language, locale, question, &response.answers))
        .collect();
    view! {
        <section class="confirmation tone-ok" id=ANSWER tabindex="-1" data-survey-submitted=survey.code.clone()>
            <h1>{t!(locale, surveys.thanks)}</h1>
            <p>{survey.title.in_language(language).to_owned()}</p>
            <p class="confirmation-label">{when.view()} {format!(" · {until}")}</p>
        </section>
        <AlreadyNotice visit=visit.clone() form=address(&survey.code) />
        {need.map(|(key, need)| suggestion(visit, need, &key))}
        <section class="block">
            <h2>{t!(locale, surveys.next_title)}</h2>
            <p>{used}</p>
        </section>
        <section class="block">
            <h2>{t!(locale, surveys.your_answers)}</h2>
            <div class="answers">
                <SummaryList rows=rows />
            </div>
        </section>
        {open.then(|| actions(locale, &survey.code, response.for_recommendations))}
    }
    .into_any()
}

fn actions(locale: Locale, code: &str, for_recommendations: bool) -> AnyView {
    let kind = ButtonKind::Secondary;
    view! {
        <div class="actions">
            <LinkButton href=address(code) text=t!(locale, surveys.change) kind=kind />
            {for_recommendations.then(|| view! { <LinkButton href="/recommendations" text=t!(locale, surveys.to_recommendations) kind=kind /> })}
        </div>
    }
    .into_any()
}

/// The need in the customer's words, with the button that files it as a suggestion.
fn suggestion(visit: &Visit, SurveyNeed { topic, text }: SurveyNeed, key: &Key) -> AnyView {
    let locale = visit.locale();
    let values = SuggestionText::values_from_need(topic.as_deref(), &text);
    // Without a topic one question of the suggestion is unanswered, so the button opens its form instead.
    let press = if topic.is_some() { "submit" } else { "draft" };
    let mut fields: Fields = vec![
        ("key".to_owned(), key.to_string()),
        ("version".to_owned(), "0".to_owned()),
        ("made_for".to_owned(), visit.made_for()),
    ];
    fields.extend(values.0);
    view! {
        <section class="card stack">
            <h2>{t!(locale, surveys.need_title)}</h2>
            <p class="quote">{text}</p>
            <p class="hint">{t!(locale, surveys.need_hint)}</p>
            <PostButton action="/suggestions/new" text=t!(locale, surveys.need_button) fields=fields name="do" value=press />
        </section>
    }
    .into_any()
}
