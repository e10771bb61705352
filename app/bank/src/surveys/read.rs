//! Parses raw name/value pairs into answers, and formats them back. Fields: `q_<code>`, repeated for several options, and
//! `q_<code>_other` for the text beside 其他.

use serde::{Deserialize, Serialize};

use super::model::{Answer, Answers, OTHER, Question, QuestionKind, Survey, SurveyRefusal};
use super::parameters::SurveyParameters;
use super::rules::visible;
use crate::kernel::forms::Values;
use crate::kernel::text::{cut, length};

/// Limits of free texts, characters [default].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyLimits {
    pub text: i64,
    /// The text beside 其他.
    pub other: i64,
}

impl From<&SurveyParameters> for SurveyLimits {
    fn from(parameters: &SurveyParameters) -> Self {
        Self { text: parameters.survey_text_max, other: parameters.survey_other_max }
    }
}

/// The form field of a question.
pub fn field(question: &str) -> String {
    format!("q_{question}")
}

/// The form field of the text beside 其他.
pub fn other_field(question: &str) -> String {
    format!("q_{question}_other")
}

/// Parses all answers that can be parsed and collects the refusals of the others. Unknown fields and the values of hidden
/// questions are ignored, so that only visible input is refused.
pub fn read_all(survey: &Survey, values: &Values, limits: SurveyLimits) -> (Answers, Vec<SurveyRefusal>) {
    let mut answers = Answers::default();
    let mut refusals = Vec::new();
    for question in survey.questions() {
        // A condition refers to earlier questions only, so visibility can be decided here.
        let seen = visible(question, survey, &answers);
        match read_one(question, values, limits) {
            Ok(Some(answer)) => {
                answers.0.insert(question.code.clone(), answer);
            }
            Err(refusal) if seen => refusals.push(refusal),
            Ok(None) | Err(_) => {}
        }
    }
    (answers, refusals)
}

/// Parses all answers, or returns every refusal.
pub fn read_answers(survey: &Survey, values: &Values, limits: SurveyLimits) -> Result<Answers, Vec<SurveyRefusal>> {
    let (answers, refusals) = read_all(survey, values, limits);
    if refusals.is_empty() { Ok(answers) } else { Err(refusals) }
}

fn read_one(question: &Question, values: &Values, limits: SurveyLimits) -> Result<Option<Answer>, SurveyRefusal> {
    let name = field(&question.code);
    if question.kind == QuestionKind::Text {
        let text = values.filled(&name).map(str::to_owned);
        return Ok(text.map(|text| within(name, text, limits.text)).transpose()?.map(Answer::Text));
    }
    let sent: Vec<&str> = values.all(&name).filter(|value| !value.is_empty()).collect();
    if let Some(unknown) = sent.iter().find(|value| !question.offers(value)) {
        return Err(SurveyRefusal::OptionUnknown { field: name.clone(), option: (*unknown).to_owned() });
    }
    if question.kind == QuestionKind::Single {
        return Ok(sent.last().map(|option| Answer::Single((*option).to_owned())));
    }
    let beside = other_field(&question.code);
    // A text beside 其他 selects that option; 其他 without a text is accepted too, because nothing is required.
    let words = values.filled(&beside).filter(|_| question.kind == QuestionKind::MultiOther);
    let chosen = |code: &str| sent.contains(&code) || (code == OTHER && words.is_some());
    let options: Vec<String> = question.options.iter().map(|choice| choice.code.clone()).filter(|code| chosen(code)).collect();
    let other = words.map(|text| within(beside, text.to_owned(), limits.other)).transpose()?;
    Ok((!options.is_empty()).then_some(Answer::Multi { options, other }))
}

fn within(field: String, text: String, limit: i64) -> Result<String, SurveyRefusal> {
    let length = length(&text);
    if length <= limit {
        return Ok(text);
    }
    let cut = cut(&text, limit);
    Err(SurveyRefusal::TextTooLong { field, length, limit, cut })
}

/// The form values of answers, to fill a form with what was submitted.
pub fn values_of(survey: &Survey, answers: &Answers) -> Values {
    let mut values = Vec::new();
    for question in survey.questions() {
        let name = field(&question.code);
        match answers.get(&question.code) {
            Some(Answer::Single(value) | Answer::Text(value)) => values.push((name, value.clone())),
            Some(Answer::Multi { options, other }) => {
                values.extend(options.iter().map(|option| (name.clone(), option.clone())));
                values.extend(other.iter().map(|text| (other_field(&question.code), text.clone())));
            }
            None => {}
        }
    }
    Values(values)
}
