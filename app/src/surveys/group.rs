//! One page of a survey: a group of questions, each with the reason for asking and the effect of an answer.

use axum::response::Response;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{Language, day_from_now, day_long, moment};
use bank::kernel::time::At;
use bank::surveys::{
    self, Change, Group, OTHER, Question, QuestionKind, Survey, SurveyRefusal, field, other_field, possible_in_group,
};
use leptos::prelude::*;

use super::SurveyBranching;
use super::pages::Sheet;
use crate::form::{Saves, forms_behind, notices};
use crate::page::{PAGE_FORM, Page, PageError};
use crate::t;
use crate::typed::several_wrong;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::choice_group::{Choice, ChoiceGroup, Pick};
use crate::ui::error_summary::{ErrorSummary, Offer, OfferForms, Refused};
use crate::ui::parts::{Link, Tone};
use crate::ui::steps::Steps;
use crate::ui::text_area::TextArea;
use crate::ui::text_field::TextField;
use crate::visit::Visit;
use crate::words::Locale;

pub fn show(visit: &Visit, sheet: Sheet, code: &str) -> Response {
    let Some(place) = sheet.survey().groups.iter().position(|group| group.code == code) else {
        return PageError::NotFound.answer(visit);
    };
    let locale = visit.locale();
    let group = sheet.survey().groups.get(place).map_or("", |group| group.title.in_language(visit.language));
    let title = format!("{group} · {}", sheet.survey().title.in_language(visit.language));
    let back = Link::new("/surveys", t!(locale, surveys.back));
    let visit_for_view = visit.clone();
    Page::new(visit, title).task(back, sheet.is_saved()).form(None).show(move || view(&visit_for_view, &sheet, place))
}

fn view(visit: &Visit, sheet: &Sheet, place: usize) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let survey = sheet.survey();
    let Some(group) = survey.groups.get(place) else { return ().into_any() };
    let questions = possible_in_group(survey, group, &sheet.answers);
    let fields = questions.iter().flat_map(|question| surveys::fields(question));
    let offered: Vec<String> = fields.map(|field| field.name.into_owned()).collect();
    let refusals: Vec<&SurveyRefusal> = sheet
        .refusals
        .iter()
        .filter(|refusal| {
            offered.iter().any(|name| name == refusal.field()) && sheet.filling.state.offered.contains(refusal.field())
        })
        .collect();
    let refused: Vec<Refused> = refusals.iter().map(|refusal| refused(locale, sheet, &group.code, refusal)).collect();
    let offers = Refused::all_offers(&refused);
    let blocks = questions.iter().map(|question| block(language, locale, sheet, group, question, &refusals)).collect_view();
    let before = place.checked_sub(1).and_then(|before| survey.groups.get(before));
    let form = sheet.filling.form.name.clone().into_owned();
    let steps = survey.groups.len() + 1;
    view! {
        <Steps at=place + 1 of=steps text=t!(locale, surveys.step, at = place + 1, of = steps) />
        <h1>{group.title.in_language(language).to_owned()}</h1>
        {(place == 0).then(|| view! { <p class="hint">{survey.intro.in_language(language).to_owned()}</p> })}
        {resubmission(visit, sheet)}
        {changed(language, locale, &sheet.filling.changes)}
        {notices(locale, &sheet.shown, |field| title_of(language, survey, field))}
        <ErrorSummary several=several_wrong(locale, refused.len()) refused=refused />
        <form method="post" action=super::address(&survey.code) id=PAGE_FORM class="form questions">
            {hidden(sheet.hidden(&group.code, &offered))}
            {blocks}
            <div class="actions">
                <Button text=t!(locale, surveys.next) />
            </div>
            <div>
                <Saves locale=locale form=form now=saved_words(visit, sheet) />
                <SurveyBranching opened=t!(locale, surveys.opened) />
            </div>
        </form>
        <OfferForms offers=offers />
        {forms_behind(locale, &sheet.shown, &group.code)}
        {before
            .map(|group| {
                view! { <LinkButton href=sheet.step(&group.code) text=t!(locale, surveys.previous) kind=ButtonKind::Quiet /> }
            })}
    }
    .into_any()
}

/// The title of the question that a field belongs to.
pub(super) fn title_of(language: Language, survey: &Survey, name: &str) -> Option<String> {
    let owns = |question: &&Question| surveys::fields(question).iter().any(|field| field.name == name);
    survey.questions().find(owns).map(|question| question.title.in_language(language).to_owned())
}

/// When the draft was saved; empty if it was not.
fn saved_words(visit: &Visit, sheet: &Sheet) -> String {
    let saved = sheet.filling.saved_at;
    saved.map_or_else(String::new, |at| t!(visit.locale(), form.saved_when, when = moment(visit.language, at, visit.now)))
}

/// Says that these are the submitted answers, and until when they can be changed.
fn resubmission(visit: &Visit, sheet: &Sheet) -> Option<AnyView> {
    let response = sheet.filling.response.as_ref().filter(|_| !sheet.is_saved())?;
    let (locale, language) = (visit.locale(), visit.language);
    let text = t!(
        locale,
        surveys.resubmit_text,
        when = day_from_now(language, response.submitted_at.day(), visit.now),
        day = day_long(language, At(sheet.published.closes_at.0 - 1).day())
    );
    let check = sheet.step(surveys::CHECK);
    Some(
        view! {
            <Banner title=t!(locale, surveys.resubmit_title) text=text>
                <p>
                    <a href=check>{t!(locale, surveys.to_check)}</a>
                </p>
            </Banner>
        }
        .into_any(),
    )
}

/// Lists changes of the survey since the draft was typed; the answers are kept.
pub(super) fn changed(language: Language, locale: Locale, changes: &[Change]) -> Option<AnyView> {
    let lines = changes.iter().map(|change| {
        let (Change::Added(title) | Change::Removed(title) | Change::Reworded(title)) = change;
        let title = title.in_language(language).to_owned();
        let words = match change {
            Change::Added(_) => t!(locale, surveys.change_added, title = title),
            Change::Removed(_) => t!(locale, surveys.change_removed, title = title),
            Change::Reworded(_) => t!(locale, surveys.change_reworded, title = title),
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

fn refused(locale: Locale, sheet: &Sheet, step: &str, refusal: &SurveyRefusal) -> Refused {
    let offers = fill(locale, sheet, step, refusal.nearest());
    Refused::of(refusal, words(locale, refusal)).field(refusal.field(), t!(locale, surveys.to_question)).offers(offers)
}

fn fill(locale: Locale, sheet: &Sheet, step: &str, nearest: Vec<bank::kernel::forms::Nearest>) -> Vec<Offer> {
    let action = super::address(&sheet.survey().code);
    nearest
        .into_iter()
        .map(|nearest| {
            let mut fields = sheet.hidden(step, &[]);
            fields.extend(nearest.0);
            Offer::fill(t!(locale, surveys.cut), action.clone(), fields)
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
            t!(locale, surveys.too_long_text, length = *length, limit = *limit),
        ),
        SurveyRefusal::Closed { .. } => (t!(locale, surveys.closed), t!(locale, surveys.closed_text)),
    }
}

/// One question with its condition, reasons and options.
fn block(
    language: Language,
    locale: Locale,
    sheet: &Sheet,
    group: &Group,
    question: &Question,
    refusals: &[&SurveyRefusal],
) -> AnyView {
    let survey = sheet.survey();
    let values = &sheet.values;
    let name = field(&question.code);
    let error = |name: &str| refusals.iter().find(|refusal| refusal.field() == name).map(|refusal| words(locale, refusal).0);
    let title = question.title.in_language(language).to_owned();
    let hint = reasons(language, locale, question);
    let input = if question.kind == QuestionKind::Text {
        let counter = t!(locale, surveys.at_most, count = sheet.limits.text);
        view! {
            <TextArea
                label=title
                name=name.clone()
                hint=hint
                error=error(&name)
                value=values.typed(&name).to_owned()
                counter=counter
                rows=6
            />
        }
        .into_any()
    } else {
        let pick = if question.kind == QuestionKind::Single { Pick::One } else { Pick::Many };
        let choices = choices(language, locale, sheet, group, question);
        view! { <ChoiceGroup legend=title name=name.clone() choices=choices pick=pick hint=hint error=error(&name) /> }.into_any()
    };
    let other = (question.kind == QuestionKind::MultiOther).then(|| {
        let name = other_field(&question.code);
        let value = values.typed(&name).to_owned();
        let error = error(&name);
        view! {
            <div class="reveal">
                <TextField label=t!(locale, surveys.other) name=name value=value error=error />
            </div>
        }
    });
    let opened = opened_by(survey, group, question);
    let condition = opened.and_then(|_| condition(language, survey, question));
    view! {
        <div class="question" class:question-opened=opened.is_some() data-opened=opened.map(|place| place.to_string())>
            {condition.map(|option| view! { <p class="hint">{t!(locale, surveys.only_if, option = option)}</p> })}
            {input}
            {other}
        </div>
    }
    .into_any()
}

/// One line each: how to answer, why it is asked, what an answer changes.
fn reasons(language: Language, locale: Locale, question: &Question) -> String {
    let how = question.hint.as_ref().map(|hint| hint.in_language(language).to_owned());
    let why = t!(locale, surveys.why, why = question.why.in_language(language).to_owned());
    let changes = t!(locale, surveys.changes, changes = question.changes.in_language(language).to_owned());
    how.into_iter().chain([why, changes]).collect::<Vec<_>>().join("\n")
}

fn choices(language: Language, locale: Locale, sheet: &Sheet, group: &Group, question: &Question) -> Vec<Choice> {
    let values = &sheet.values;
    let name = field(&question.code);
    let words = values.filled(&other_field(&question.code)).filter(|_| question.kind == QuestionKind::MultiOther);
    let chosen = |code: &str| values.all(&name).any(|value| value == code) || (code == OTHER && words.is_some());
    let mut choices: Vec<Choice> = question
        .options
        .iter()
        .map(|option| {
            let choice = Choice::new(option.code.clone(), option.label.in_language(language)).chosen(chosen(&option.code));
            let opens = opens(sheet.survey(), group, question, &option.code);
            let choice = if opens.is_empty() { choice } else { choice.data("opens", opens) };
            if question.kind == QuestionKind::MultiOther && option.code == OTHER { choice.reveals() } else { choice }
        })
        .collect();
    // A radio button cannot be cleared, so an answered question gets an option without an answer.
    if question.kind == QuestionKind::Single && values.filled(&name).is_some() {
        choices.push(Choice::new("", t!(locale, surveys.no_answer)));
    }
    choices
}

/// The position, on its page, of a question that an answer on the same page opens.
fn opened_by(survey: &Survey, group: &Group, question: &Question) -> Option<usize> {
    let condition = question.shown_if.as_ref()?;
    let here = group.questions.iter().any(|earlier| earlier.code == condition.question);
    let place = group.questions.iter().position(|known| known.code == question.code)?;
    (here && survey.question(&condition.question).is_some()).then_some(place)
}

/// The positions of the questions an option opens, as the value of `data-opens`.
fn opens(survey: &Survey, group: &Group, question: &Question, option: &str) -> String {
    let opened = group.questions.iter().filter(|later| {
        later.shown_if.as_ref().is_some_and(|condition| condition.question == question.code && condition.option == option)
    });
    let places = opened.filter_map(|later| opened_by(survey, group, later)).map(|place| place.to_string());
    places.collect::<Vec<_>>().join(" ")
}

/// The label of the option that opens a question.
fn condition(language: Language, survey: &Survey, question: &Question) -> Option<String> {
    let condition = question.shown_if.as_ref()?;
    let options = &survey.question(&condition.question)?.options;
    options.iter().find(|option| option.code == condition.option).map(|option| option.label.in_language(language).to_owned())
}
