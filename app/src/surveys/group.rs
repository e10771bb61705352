//! One page of a survey: a group of questions. `questions.rs` renders the questions.

use axum::response::Response;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{Language, day_from_now, day_long, moment};
use bank::kernel::time::At;
use bank::surveys::{self, SurveyChange, SurveyRefusal};
use leptos::prelude::*;

use super::SurveyBranching;
use super::pages::SurveyFormData;
use super::questions::Questions;
use crate::form::{FormQuery, OpenForm, Rendered, Saves, forms_behind, notices};
use crate::page::{PAGE_FORM, Page, PageError};
use crate::t;
use crate::typed::several_wrong;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::error_summary::{ErrorSummary, OfferButton, OfferForms, Refused};
use crate::ui::parts::Tone;
use crate::ui::steps::{DoneStep, LEAVE, StepButton, Steps};
use crate::visit::Visit;
use crate::words::Locale;

pub fn show(visit: &Visit, data: SurveyFormData, query: &FormQuery, code: &str) -> Response {
    let Some((place, group)) = data.survey().groups.iter().enumerate().find(|(_, group)| group.code == code) else {
        return PageError::NotFound.answer(visit);
    };
    let locale = visit.locale();
    let title = [&group.title, &data.survey().title].map(|title| title.in_language(visit.language)).join(" · ");
    let back = leave(locale);
    let visit_for_view = visit.clone();
    if let Some(moved) = data.shown.moved_to_step(query, code) {
        return moved;
    }
    let fields = || data.survey_form.form.step(code).into_iter().flat_map(|step| &step.fields);
    let asks = Questions::of_group(visit, &data, group);
    if let Some(next) = data.shown.past(fields(), &asks) {
        return next;
    }
    let shown = data.shown.fields(fields(), &asks);
    if let Some(moved) = data.shown.moved(query, code, &shown.offered) {
        return moved;
    }
    Page::new(visit, title).task(back, data.is_saved()).form(None).show(move || view(&visit_for_view, &data, place, shown))
}

fn view(visit: &Visit, data: &SurveyFormData, place: usize, shown: Rendered) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let survey = data.survey();
    let Some(group) = survey.groups.get(place) else { return ().into_any() };
    let asks = Questions::of_group(visit, data, group);
    let Rendered { view: fields, offered, place: question, before: earlier } = shown;
    let refusals = asks.refusals().filter(|refusal| offered.iter().any(|name| name == refusal.field()));
    let refused: Vec<Refused> = refusals.map(|refusal| refused(locale, data, &group.code, refusal)).collect();
    let offers = Refused::all_offers(&refused);
    let before = place.checked_sub(1).and_then(|before| survey.groups.get(before));
    let form = data.survey_form.form.name.clone().into_owned();
    let begins = place == 0 && question.is_none_or(|question| question.at == 1);
    let steps = survey.groups.len() + 1;
    let step = t!(locale, surveys.step, at = place + 1, of = steps);
    let step = match question {
        Some(place) => t!(locale, form.question_of, step = step, at = place.at),
        None => step,
    };
    let previous = (earlier.is_some() || before.is_some()).then(|| {
        let before = before.map(|group| &*group.code);
        let text = t!(locale, surveys.previous);
        let button = OpenForm::way_back(&group.code, earlier.as_deref(), before, text);
        button.view(Some(PAGE_FORM.to_owned()), ButtonKind::Quiet.class(), None)
    });
    view! {
        <Steps at=place + 1 of=steps text=step done=done(data, language, place) form=PAGE_FORM />
        <h1>{group.title.in_language(language).to_owned()}</h1>
        {begins.then(|| view! { <p class="hint">{survey.intro.in_language(language).to_owned()}</p> })}
        {resubmission(visit, data)}
        {changed(language, locale, &data.survey_form.changes)}
        {notices(locale, &data.shown, &asks)}
        <ErrorSummary several=several_wrong(locale, refused.len()) refused=refused />
        <form method="post" action=super::address(&survey.code) id=PAGE_FORM class="form questions">
            {hidden(data.hidden(&group.code, &offered))}
            {fields}
            <div class="actions">
                <Button text=t!(locale, surveys.next) />
            </div>
            <div>
                <Saves locale=locale form=form now=saved_words(visit, data) />
                <SurveyBranching opened=t!(locale, surveys.opened) />
            </div>
        </form>
        {previous}
        <OfferForms offers=offers />
        {forms_behind(locale, &data.shown, &group.code)}
    }
    .into_any()
}

/// The way out of the survey.
pub(super) fn leave(locale: Locale) -> StepButton {
    StepButton { to: LEAVE.to_owned(), text: t!(locale, surveys.back) }
}

/// The pages before one, to go back to.
pub(super) fn done(data: &SurveyFormData, language: Language, place: usize) -> Vec<DoneStep> {
    let groups = data.survey().groups.iter().take(place);
    groups.map(|group| DoneStep { name: group.code.clone(), title: group.title.in_language(language).to_owned() }).collect()
}

/// When the draft was saved; empty if it was not.
fn saved_words(visit: &Visit, data: &SurveyFormData) -> String {
    let saved = data.survey_form.saved_at;
    saved.map_or_else(String::new, |at| t!(visit.locale(), form.saved_when, when = moment(visit.language, at, visit.now)))
}

/// Says that these are the submitted answers, and until when they can be changed.
fn resubmission(visit: &Visit, data: &SurveyFormData) -> Option<AnyView> {
    let response = data.survey_form.response.as_ref().filter(|_| !data.is_saved())?;
    let (locale, language) = (visit.locale(), visit.language);
    let text = t!(
        locale,
        surveys.resubmit_text,
        when = day_from_now(language, response.submitted_at.day(), visit.now),
        day = day_long(language, At(data.published.closes_at.0 - 1).day())
    );
    let check = StepButton { to: surveys::CHECK.to_owned(), text: t!(locale, surveys.to_check) };
    Some(
        view! {
            <Banner title=t!(locale, surveys.resubmit_title) text=text>
                <p>{check.view(Some(PAGE_FORM.to_owned()), "as-link", None)}</p>
            </Banner>
        }
        .into_any(),
    )
}

/// Lists changes of the survey since the draft was typed; the answers are kept.
pub(super) fn changed(language: Language, locale: Locale, changes: &[SurveyChange]) -> Option<AnyView> {
    let lines = changes.iter().map(|change| {
        let (SurveyChange::Added(title) | SurveyChange::Removed(title) | SurveyChange::Reworded(title)) = change;
        let title = title.in_language(language).to_owned();
        let words = match change {
            SurveyChange::Added(_) => t!(locale, surveys.change_added, title = title),
            SurveyChange::Removed(_) => t!(locale, surveys.change_removed, title = title),
            SurveyChange::Reworded(_) => t!(locale, surveys.change_reworded, title = title),
        };
        view! { <li>{words}</li> }
    });
    let lines = lines.collect_view();
    (!changes.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Wait title=t!(locale, surveys.changed_title) text=t!(locale, surveys.changed_text)>
                <ul>{lines}</ul>
            </Banner>
        }
        .into_any()
    })
}

fn refused(locale: Locale, data: &SurveyFormData, step: &str, refusal: &SurveyRefusal) -> Refused {
    let offers = fill(locale, data, step, refusal.nearest());
    Refused::of(refusal, words(locale, refusal)).field(refusal.field(), t!(locale, surveys.to_question)).offers(offers)
}

fn fill(locale: Locale, data: &SurveyFormData, step: &str, nearest: Vec<bank::kernel::forms::Nearest>) -> Vec<OfferButton> {
    let action = super::address(&data.survey().code);
    nearest
        .into_iter()
        .map(|nearest| {
            let mut fields = data.hidden(step, &[]);
            fields.extend(nearest.0);
            OfferButton::fill(t!(locale, surveys.cut), action.clone(), fields)
        })
        .collect()
}

/// Title and explanation of a refusal.
pub(super) fn words(locale: Locale, refusal: &SurveyRefusal) -> (String, String) {
    match refusal {
        SurveyRefusal::OptionUnknown { .. } => {
            (t!(locale, surveys.option_unknown_title), t!(locale, surveys.option_unknown_text))
        }
        SurveyRefusal::TextTooLong { length, limit, .. } => (
            t!(locale, surveys.too_long_title, limit = *limit),
            t!(locale, surveys.too_long_text, length = *length, over = length - limit, limit = *limit),
        ),
        SurveyRefusal::Closed { .. } => (t!(locale, surveys.closed), t!(locale, surveys.closed_text)),
    }
}
