//! The check page: every answer with a button to change it, the tick for recommendations, and the submit button.

use axum::response::Response;
use bank::kernel::language::Language;
use bank::surveys::{Answer, Answers, CHECK, OTHER, Question, Survey, field, progress, visible};
use leptos::prelude::*;

use super::address;
use super::group::leave;
use super::pages::SurveyFormData;
use super::questions::{Questions, option_words};
use crate::form::{OpenForm, Rendered, Saves, forms_behind, notices, whole};
use crate::page::{PAGE_FORM, Page};
use crate::typed::display_text;
use crate::ui::button::{Button, hidden};
use crate::ui::steps::Steps;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::Visit;
use crate::words::Locale;
use crate::{counted, t};

pub fn show(visit: &Visit, data: SurveyFormData) -> Response {
    let locale = visit.locale();
    let title = format!("{} · {}", t!(locale, surveys.check_title), data.survey().title.in_language(visit.language));
    let back = leave(locale);
    let language = visit.language;
    Page::new(visit, title).task(back, data.is_saved()).form(Some(("do", "submit"))).show(move || view(language, locale, &data))
}

fn view(language: Language, locale: Locale, data: &SurveyFormData) -> AnyView {
    let survey = data.survey();
    let rows = shown(survey, &data.answers)
        .map(|(group, question)| {
            let change = OpenForm::to_field(group, &field(&question.code), t!(locale, surveys.change_answer));
            row(language, locale, question, &data.answers).change(change)
        })
        .collect();
    let steps = survey.groups.len() + 1;
    let left = progress(survey, &data.answers).left();
    let left = (left > 0).then(
        || view! { <p class="hint">{counted!(locale, left, [surveys.left_hint_one], [surveys.left_hint], count = left)}</p> },
    );
    let changing = data.survey_form.response.is_some();
    let submit = if changing { t!(locale, surveys.submit_again) } else { t!(locale, surveys.submit) };
    let asks = Questions::of_check(language, locale, data);
    let Rendered { view: fields, offered, .. } =
        whole(data.survey_form.form.step(CHECK).iter().flat_map(|step| &step.fields), &asks);
    view! {
        <Steps
            at=steps
            of=steps
            text=t!(locale, surveys.step, at = steps, of = steps)
            done=super::group::done(data, language, survey.groups.len())
            form=PAGE_FORM
        />
        <h1>{t!(locale, surveys.check_title)}</h1>
        {left}
        {super::group::changed(language, locale, &data.survey_form.changes)}
        {notices(locale, &data.shown, &asks)}
        <div class="answers">
            <SummaryList rows=rows form=PAGE_FORM />
        </div>
        <form method="post" action=address(&survey.code) id=PAGE_FORM class="form">
            {hidden(data.hidden(CHECK, &offered))}
            {fields}
            <div class="actions">
                <Button text=submit name="do" value="submit" />
            </div>
            <Saves locale=locale form=data.survey_form.form.name.clone().into_owned() />
        </form>
        {forms_behind(locale, &data.shown, CHECK)}
    }
    .into_any()
}

/// The visible questions, each with its group's code.
pub(super) fn shown<'s>(survey: &'s Survey, answers: &Answers) -> impl Iterator<Item = (&'s str, &'s Question)> {
    let all = survey.groups.iter().flat_map(|group| group.questions.iter().map(|question| (group.code.as_str(), question)));
    all.filter(move |(_, question)| visible(question, survey, answers))
}

/// A row with a question and its answer.
pub(super) fn row(language: Language, locale: Locale, question: &Question, answers: &Answers) -> SummaryRow {
    let title = question.title.in_language(language);
    match answers.get(&question.code) {
        Some(answer) => {
            let words = answer_words(language, locale, question, answer);
            SummaryRow::new(title, view! { <span class="answer">{words}</span> })
        }
        None => SummaryRow::new(title, view! { <span class="hint">{t!(locale, surveys.unanswered)}</span> }),
    }
}

fn answer_words(language: Language, locale: Locale, question: &Question, answer: &Answer) -> String {
    let label = |code: &str| {
        let option = question.options.iter().find(|option| option.code == code);
        option.map_or_else(|| code.to_owned(), |option| option_words(language, locale, question, option))
    };
    match answer {
        Answer::Text(text) => display_text(text),
        Answer::Single(option) => label(option),
        Answer::Multi { options, other } => {
            let words = options.iter().map(|code| match other {
                Some(text) if code == OTHER => t!(locale, surveys.other_with, other = label(code), text = display_text(text)),
                _ => label(code),
            });
            words.collect::<Vec<_>>().join(match language {
                Language::ZhCn => "、",
                Language::En => ", ",
            })
        }
    }
}
