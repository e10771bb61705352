//! The questions on the pages of a survey, each with the reason why it is asked, follow-up questions and the text for "other"; on
//! the check page, the consent checkbox.

use bank::kernel::forms::{Field, Refusal};
use bank::kernel::language::Language;
use bank::suggestions::Category;
use bank::surveys::{
    self, FOR_RECOMMENDATIONS, Group, OTHER, Question, QuestionKind, Survey, SurveyRefusal, TOPIC, field, other_field,
    possible_in_group, visible,
};
use leptos::prelude::*;

use super::group::words;
use super::pages::SurveyFormData;
use crate::form::{Ask, Asks};
use crate::suggestions::category_words;
use crate::t;
use crate::ui::choice_group::Choice;
use crate::visit::Visit;
use crate::words::Locale;

/// The questions on a page.
pub struct Questions<'s> {
    language: Language,
    locale: Locale,
    data: &'s SurveyFormData,
    /// The page's group; `None` on the check page.
    group: Option<&'s Group>,
    /// The questions of the group that can be shown.
    possible: Vec<&'s Question>,
}

impl<'s> Questions<'s> {
    /// For the page of a group.
    pub fn of_group(visit: &Visit, data: &'s SurveyFormData, group: &'s Group) -> Self {
        let possible = possible_in_group(data.survey(), group, &data.answers);
        Self { group: Some(group), possible, ..Self::of_check(visit.language, visit.locale(), data) }
    }

    /// For the check page.
    pub fn of_check(language: Language, locale: Locale, data: &'s SurveyFormData) -> Self {
        Self { language, locale, data, group: None, possible: Vec::new() }
    }

    /// The refusals of fields that a page has shown.
    pub fn refusals(&self) -> impl Iterator<Item = &'s SurveyRefusal> {
        let (data, offered) = (self.data, &self.data.survey_form.state.offered);
        data.refusals.iter().filter(|refusal| offered.contains(refusal.field()))
    }

    fn question(&self, question: &Question) -> Ask {
        let hint = reasons(self.language, self.locale, question);
        let ask = Ask::new().hint(hint).within(question.code.clone());
        if question.kind == QuestionKind::Text {
            ask.counter(t!(self.locale, surveys.at_most, count = self.data.limits.text)).rows(6)
        } else {
            ask.choices(self.choices(question))
        }
    }

    fn choices(&self, question: &Question) -> Vec<Choice> {
        let values = &self.data.values;
        let name = field(&question.code);
        let words = values.filled(&other_field(&question.code)).filter(|_| question.kind == QuestionKind::MultiOther);
        let chosen = |code: &str| values.all(&name).any(|value| value == code) || (code == OTHER && words.is_some());
        let mut choices: Vec<Choice> = question
            .options
            .iter()
            .map(|option| {
                let words = option_words(self.language, self.locale, question, option);
                let choice = Choice::new(option.code.clone(), words).chosen(chosen(&option.code));
                let opens = self.group.map_or_else(String::new, |group| opens(self.data.survey(), group, question, &option.code));
                let choice = if opens.is_empty() { choice } else { choice.data("opens", opens) };
                if question.kind == QuestionKind::MultiOther && option.code == OTHER { choice.reveals() } else { choice }
            })
            .collect();
        // A radio button cannot be cleared, so an answered question gets an option without an answer.
        if question.kind == QuestionKind::Single && values.filled(&name).is_some() {
            choices.push(Choice::new("", t!(self.locale, surveys.no_answer)));
        }
        choices
    }
}

impl Asks for Questions<'_> {
    fn label(&self, name: &str) -> Option<String> {
        if name == FOR_RECOMMENDATIONS {
            return Some(t!(self.locale, surveys.for_recommendations));
        }
        let owns = |question: &&Question| surveys::fields(question).iter().any(|field| field.name == name);
        let question = self.data.survey().questions().find(owns);
        question.map(|question| question.title.in_language(self.language).to_owned())
    }

    fn ask(&self, asked: &Field) -> Option<Ask> {
        if asked.name == FOR_RECOMMENDATIONS {
            return Some(Ask::new().detail(t!(self.locale, surveys.for_recommendations_detail)));
        }
        self.possible.iter().find_map(|question| {
            if asked.name == field(&question.code) {
                Some(self.question(question))
            } else if asked.name == other_field(&question.code) {
                Some(Ask::new().label(t!(self.locale, surveys.other)).within(question.code.clone()))
            } else {
                None
            }
        })
    }

    fn applies(&self, name: &str) -> bool {
        let owns = |question: &&&Question| surveys::fields(question).iter().any(|field| field.name == name);
        let question = self.possible.iter().find(owns);
        question.is_none_or(|question| visible(question, self.data.survey(), &self.data.answers))
    }

    fn typed(&self, name: &str) -> String {
        self.data.values.typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        self.refusals().find(|refusal| refusal.field() == name).map(|refusal| words(self.locale, refusal).0)
    }

    /// A question with its condition; the text field for "other" is shown when "other" is selected.
    fn frame(&self, code: &str, fields: Vec<AnyView>) -> AnyView {
        let survey = self.data.survey();
        let question = self.possible.iter().find(|question| question.code == code);
        let opened = self.group.zip(question).and_then(|(group, question)| opened_by(survey, group, question));
        let condition = question.filter(|_| opened.is_some()).and_then(|question| condition(self.language, survey, question));
        let mut fields = fields.into_iter();
        let input = fields.next();
        let other = fields.next().map(|other| view! { <div class="reveal">{other}</div> });
        view! {
            <div class="question" class:question-opened=opened.is_some() data-opened=opened.map(|place| place.to_string())>
                {condition.map(|option| view! { <p class="hint">{t!(self.locale, surveys.only_if, option = option)}</p> })}
                {input}
                {other}
            </div>
        }
        .into_any()
    }
}

/// One line each: how to answer, why it is asked, what an answer changes.
fn reasons(language: Language, locale: Locale, question: &Question) -> String {
    let how = question.hint.as_ref().map(|hint| hint.in_language(language).to_owned());
    let why = t!(locale, surveys.why, why = question.why.in_language(language).to_owned());
    let changes = t!(locale, surveys.changes, changes = question.changes.in_language(language).to_owned());
    how.into_iter().chain([why, changes]).collect::<Vec<_>>().join("\n")
}

/// The position on its page of a question that is opened by an answer on the same page; otherwise `None`.
fn opened_by(survey: &Survey, group: &Group, question: &Question) -> Option<usize> {
    let condition = question.shown_if.as_ref()?;
    let here = group.questions.iter().any(|earlier| earlier.code == condition.question);
    let place = group.questions.iter().position(|known| known.code == question.code)?;
    (here && survey.question(&condition.question).is_some()).then_some(place)
}

/// The positions of the questions that an option opens, as the value of `data-opens`.
fn opens(survey: &Survey, group: &Group, question: &Question, option: &str) -> String {
    let opened = group.questions.iter().filter(|later| {
        later.shown_if.as_ref().is_some_and(|condition| condition.question == question.code && condition.option == option)
    });
    let places = opened.filter_map(|later| opened_by(survey, group, later)).map(|place| place.to_string());
    places.collect::<Vec<_>>().join(" ")
}

/// The label of an option. The topics of a need are the categories of suggestions, so they have the same names.
pub fn option_words(language: Language, locale: Locale, question: &Question, option: &surveys::Choice) -> String {
    if question.code == TOPIC && Category::parse(&option.code).is_some() {
        return category_words(locale, &option.code);
    }
    option.label.in_language(language).to_owned()
}

/// The label of the option that opens a question.
fn condition(language: Language, survey: &Survey, question: &Question) -> Option<String> {
    let condition = question.shown_if.as_ref()?;
    let options = &survey.question(&condition.question)?.options;
    options.iter().find(|option| option.code == condition.option).map(|option| option.label.in_language(language).to_owned())
}
