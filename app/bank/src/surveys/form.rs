//! A survey's form as data: one step per group of questions, named by the group's code, and the check step. Parsing of
//! answers is in `read.rs`.

use super::model::{FOR_RECOMMENDATIONS, Question, QuestionKind, SURVEY_VERSION, Survey};
use super::parameters::SurveyParameters;
use super::read::{field, other_field};
use crate::kernel::forms::{DraftLifetime, Field, FieldKind as Kind, Form, Step, Values};
use crate::kernel::time::At;

/// The step after the last group.
pub const CHECK: &str = "check";

/// The form of a survey. Its drafts are kept until the survey closes.
pub fn declared(survey: &Survey, closes_at: At) -> Form {
    let groups = survey
        .groups
        .iter()
        .map(|group| Step { name: group.code.clone().into(), fields: group.questions.iter().flat_map(fields).collect() });
    let check = Step {
        name: CHECK.into(),
        fields: vec![Field::new(FOR_RECOMMENDATIONS, Kind::Tick), Field::new(SURVEY_VERSION, Kind::Carried)],
    };
    Form {
        name: format!("surveys/{}", survey.code).into(),
        steps: groups.chain([check]).collect(),
        lifetime: DraftLifetime::Until(closes_at),
        begins_with: Values::default(),
    }
}

/// The fields of a question: the answer, and the text beside the option "other".
pub fn fields(question: &Question) -> Vec<Field> {
    let kind = match question.kind {
        QuestionKind::Single => Kind::Choice,
        QuestionKind::Multi | QuestionKind::MultiOther => Kind::Choices,
        QuestionKind::Text => Kind::Lines(|set| set.of::<SurveyParameters>().survey_text_max),
    };
    let other = (question.kind == QuestionKind::MultiOther)
        .then(|| Field::named(other_field(&question.code), Kind::Short(|set| set.of::<SurveyParameters>().survey_other_max)));
    std::iter::once(Field::named(field(&question.code), kind)).chain(other).collect()
}
