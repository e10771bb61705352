//! What follows from answers: which questions are shown, which page is next, which answers are kept and for what they may
//! be used.
//! Pure; the branching island and the server call the same functions. Reading a form is in [`super::read`].

use std::collections::BTreeSet;

use super::model::{Answer, Answers, Group, Question, Role, Survey, SurveyRefusal};
use super::read::field;
use crate::kernel::bilingual::Bilingual;
use crate::kernel::time::At;
use crate::recommendations::ChosenAnswer;

/// Whether a question shows: it has no condition, or the earlier question shows and has that option chosen.
pub fn visible(question: &Question, survey: &Survey, answers: &Answers) -> bool {
    let Some(condition) = &question.shown_if else {
        return true;
    };
    // Terminates: a condition refers to an earlier question only (a test checks the data).
    answers.chose(&condition.question, &condition.option)
        && survey.question(&condition.question).is_some_and(|earlier| visible(earlier, survey, answers))
}

/// The questions of a page that show.
pub fn visible_in_group<'s>(survey: &'s Survey, group: &'s Group, answers: &Answers) -> Vec<&'s Question> {
    group.questions.iter().filter(|question| visible(question, survey, answers)).collect()
}

/// The questions a page has to carry: those that show, and those an answer given on the same page can open.
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

/// The pages a form has been through: those with a question somebody was shown and sent back.
pub fn passed(survey: &Survey, offered: &BTreeSet<String>) -> Vec<String> {
    let seen = |group: &&Group| group.questions.iter().any(|question| offered.contains(&field(&question.code)));
    survey.groups.iter().filter(seen).map(|group| group.code.clone()).collect()
}

/// The first page not passed yet that shows anything; none when the answers can be checked and sent.
pub fn next_group<'s>(survey: &'s Survey, answers: &Answers, passed: &[String]) -> Option<&'s Group> {
    survey.groups.iter().find(|group| !passed.contains(&group.code) && !visible_in_group(survey, group, answers).is_empty())
}

/// How many of the questions that show are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub answered: usize,
    pub showing: usize,
}

impl Progress {
    /// Questions left: 还差 n 题.
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

/// What is stored when the survey is sent: the answers to questions that show, nothing of a branch not taken.
pub fn kept(survey: &Survey, answers: &Answers) -> Answers {
    let shows = |code: &str| survey.question(code).is_some_and(|question| visible(question, survey, answers));
    let kept = answers.0.iter().filter(|(code, _)| shows(code));
    Answers(kept.map(|(code, answer)| (code.clone(), answer.clone())).collect())
}

/// Answers are taken, and can be changed, until the survey closes.
pub fn ensure_open(closes_at: At, now: At) -> Result<(), SurveyRefusal> {
    if now < closes_at { Ok(()) } else { Err(SurveyRefusal::Closed { at: closes_at }) }
}

/// What a newer version asks otherwise than the one a draft was begun under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A question that was not there.
    Added(Bilingual),
    /// A question that is no longer asked; what was answered to it is not sent.
    Removed(Bilingual),
    /// A question with other words or other options.
    Reworded(Bilingual),
}

/// What has changed from one version to another, in the order of the newer one; what is gone comes last.
pub fn changes(older: &Survey, newer: &Survey) -> Vec<Change> {
    let now = newer.questions().filter_map(|question| match older.question(&question.code) {
        None => Some(Change::Added(question.title.clone())),
        Some(before) if before != question => Some(Change::Reworded(question.title.clone())),
        Some(_) => None,
    });
    let gone = older.questions().filter(|question| newer.question(&question.code).is_none());
    now.chain(gone.map(|question| Change::Removed(question.title.clone()))).collect()
}

fn with_role(survey: &Survey, role: Role) -> Option<&Question> {
    survey.questions().find(|question| question.role == Some(role))
}

/// The options recommendations may use: none unless the customer ticked that purpose (docs/domain.md §6, law).
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

/// A need in the customer's own words, to become a suggestion in one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What it is about: an option of the question `topic`, whose codes are the suggestion categories.
    pub topic: Option<String>,
    /// The words.
    pub text: String,
}

/// The question that says what a need is about.
const TOPIC: &str = "topic";

/// The free-text need of a response, when there is one.
pub fn need(survey: &Survey, answers: &Answers) -> Option<Need> {
    match answers.get(&with_role(survey, Role::Need)?.code)? {
        Answer::Text(text) => Some(Need { topic: answers.chosen(TOPIC).first().cloned(), text: text.clone() }),
        Answer::Single(_) | Answer::Multi { .. } => None,
    }
}
