//! Rules about answers: which questions are shown, which page is next, which answers are kept and what they may be used for.
//! Pure functions. The browser does not run them: pages carry the conditions of their questions in attributes.

use std::collections::BTreeSet;

use super::model::{Answer, Answers, Group, Question, QuestionRole, Survey, SurveyRefusal};
use super::read::field;
use crate::kernel::bilingual::Bilingual;
use crate::kernel::time::At;
use crate::recommendations::ChosenAnswer;

/// Whether a question is shown: it has no condition, or the earlier question is shown and has that option chosen.
pub fn visible(question: &Question, survey: &Survey, answers: &Answers) -> bool {
    let Some(condition) = &question.shown_if else {
        return true;
    };
    // Terminates because a condition refers to an earlier question only (a test checks the data).
    answers.chose(&condition.question, &condition.option)
        && survey.question(&condition.question).is_some_and(|earlier| visible(earlier, survey, answers))
}

/// The visible questions of a page.
pub fn visible_in_group<'s>(survey: &'s Survey, group: &'s Group, answers: &Answers) -> Vec<&'s Question> {
    group.questions.iter().filter(|question| visible(question, survey, answers)).collect()
}

/// The questions in a page's markup: visible ones, and those that an answer on the same page can make visible.
pub fn possible_in_group<'s>(survey: &'s Survey, group: &'s Group, answers: &Answers) -> Vec<&'s Question> {
    let mut possible: Vec<&Question> = Vec::new();
    for question in &group.questions {
        let can_open = question.shown_if.as_ref().is_some_and(|condition| possible.iter().any(|q| q.code == condition.question));
        if can_open || visible(question, survey, answers) {
            possible.push(question);
        }
    }
    possible
}

/// The pages already sent: those with a question among the `offered` fields.
pub fn passed(survey: &Survey, offered: &BTreeSet<String>) -> Vec<String> {
    let seen = |group: &&Group| group.questions.iter().any(|question| offered.contains(&field(&question.code)));
    survey.groups.iter().filter(seen).map(|group| group.code.clone()).collect()
}

/// The pages of which every visible question was shown, for a survey that is asked question by question.
pub fn asked_through(survey: &Survey, answers: &Answers, offered: &BTreeSet<String>) -> Vec<String> {
    let shown = |group: &&Group| {
        let visible = visible_in_group(survey, group, answers);
        visible.iter().all(|question| offered.contains(&field(&question.code)))
    };
    survey.groups.iter().filter(shown).map(|group| group.code.clone()).collect()
}

/// The first page not sent yet that has a visible question; `None` when the answers can be checked and submitted.
pub fn next_group<'s>(survey: &'s Survey, answers: &Answers, passed: &[String]) -> Option<&'s Group> {
    survey.groups.iter().find(|group| !passed.contains(&group.code) && !visible_in_group(survey, group, answers).is_empty())
}

/// Counts of visible and of answered questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub answered: usize,
    pub showing: usize,
}

impl Progress {
    /// Unanswered questions: 还差 n 题.
    pub const fn left(self) -> usize {
        self.showing.saturating_sub(self.answered)
    }
}

fn count<'q>(questions: impl Iterator<Item = &'q Question>, answers: &Answers) -> Progress {
    questions.fold(Progress::default(), |so_far, question| Progress {
        answered: so_far.answered + usize::from(answers.get(&question.code).is_some()),
        showing: so_far.showing + 1,
    })
}

/// Progress over the whole survey.
pub fn progress(survey: &Survey, answers: &Answers) -> Progress {
    count(survey.questions().filter(|question| visible(question, survey, answers)), answers)
}

/// The answers to store on submission: those to visible questions only.
pub fn kept(survey: &Survey, answers: &Answers) -> Answers {
    let shows = |code: &str| survey.question(code).is_some_and(|question| visible(question, survey, answers));
    let kept = answers.0.iter().filter(|(code, _)| shows(code));
    Answers(kept.map(|(code, answer)| (code.clone(), answer.clone())).collect())
}

/// Answers are accepted, and can be changed, until the survey closes.
pub fn ensure_open(closes_at: At, now: At) -> Result<(), SurveyRefusal> {
    if now < closes_at { Ok(()) } else { Err(SurveyRefusal::Closed { at: closes_at }) }
}

/// A difference between a newer survey version and the one a draft was begun under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurveyChange {
    /// A new question.
    Added(Bilingual),
    /// A question that was removed; its answer is not submitted.
    Removed(Bilingual),
    /// A question whose wording or options have changed.
    Reworded(Bilingual),
}

/// The differences between two versions, in the order of the newer one; removed questions come last.
pub fn changes(older: &Survey, newer: &Survey) -> Vec<SurveyChange> {
    let now = newer.questions().filter_map(|question| match older.question(&question.code) {
        None => Some(SurveyChange::Added(question.title.clone())),
        Some(before) if before != question => Some(SurveyChange::Reworded(question.title.clone())),
        Some(_) => None,
    });
    let gone = older.questions().filter(|question| newer.question(&question.code).is_none());
    now.chain(gone.map(|question| SurveyChange::Removed(question.title.clone()))).collect()
}

fn with_role(survey: &Survey, role: QuestionRole) -> Option<&Question> {
    survey.questions().find(|question| question.role == Some(role))
}

/// The options that may be used for recommendations: none without the customer's tick (docs/domain.md §6, law).
pub fn answers_for_advice(survey: &Survey, answers: &Answers, for_recommendations: bool) -> Vec<ChosenAnswer> {
    if !for_recommendations {
        return Vec::new();
    }
    let shown = kept(survey, answers);
    survey
        .questions()
        .filter(|question| question.role.is_none())
        .flat_map(|question| shown.chosen(&question.code).iter().map(move |option| (question, option)))
        .map(|(question, option)| ChosenAnswer {
            survey: survey.code.clone(),
            question: question.code.clone(),
            option: option.clone(),
        })
        .collect()
}

/// A need in the customer's own words, which can be filed as a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyNeed {
    /// The chosen option of the question `topic`; its codes are the suggestion categories.
    pub topic: Option<String>,
    pub text: String,
}

/// Code of the question about the topic of a need.
pub const TOPIC: &str = "topic";

/// The free-text need of a response, if there is one.
pub fn need(survey: &Survey, answers: &Answers) -> Option<SurveyNeed> {
    match answers.get(&with_role(survey, QuestionRole::Need)?.code)? {
        Answer::Text(text) => Some(SurveyNeed { topic: answers.chosen(TOPIC).first().cloned(), text: text.clone() }),
        Answer::Single(_) | Answer::Multi { .. } => None,
    }
}
