//! Tests of the needs survey: pages, conditional questions, refusals, kept and used answers.

use super::form::declared;
use super::model::{Answer, Answers, Survey, SurveyRefusal, needs_2026};
use super::parameters::SurveyParameters;
use super::read::{SurveyLimits, read_answers, values_of};
use super::rules::{
    answers_for_advice, ensure_open, kept, need, next_group, passed, possible_in_group, progress, visible_in_group,
};
use crate::kernel::forms::{Nearest, Refusal, Values};
use crate::kernel::time::At;

fn survey() -> Survey {
    needs_2026().expect("data/needs-2026.json reads")
}

fn values(pairs: &[(&str, &str)]) -> Values {
    Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn limits() -> SurveyLimits {
    SurveyLimits::from(&SurveyParameters::default())
}

fn read(pairs: &[(&str, &str)]) -> Answers {
    read_answers(&survey(), &values(pairs), limits()).expect("answers")
}

fn refused(pairs: &[(&str, &str)]) -> Vec<SurveyRefusal> {
    read_answers(&survey(), &values(pairs), limits()).expect_err("a refusal")
}

#[test]
fn nothing_is_required() {
    assert_eq!(read(&[]), Answers::default());
    assert_eq!(read(&[("q_uses", ""), ("q_needs", "  "), ("key", "abc"), ("q_gone", "x")]), Answers::default());
}

#[test]
fn several_options_and_the_other_text_are_read_in_the_order_of_the_question() {
    let answers = read(&[("q_uses", "other"), ("q_uses", "gold"), ("q_uses", "gold"), ("q_uses_other", " 养老 ")]);
    assert_eq!(
        answers.get("uses"),
        Some(&Answer::Multi { options: vec!["gold".to_owned(), "other".to_owned()], other: Some("养老".to_owned()) })
    );
}

#[test]
fn a_text_beside_an_unticked_other_ticks_it() {
    let answers = read(&[("q_uses", "gold"), ("q_uses_other", "养老")]);
    let options = vec!["gold".to_owned(), "other".to_owned()];
    assert_eq!(answers.get("uses"), Some(&Answer::Multi { options, other: Some("养老".to_owned()) }));
}

#[test]
fn an_option_the_question_does_not_have_is_refused_at_its_field() {
    let refusals = refused(&[("q_account", "cheque")]);
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].code(), refusals[0].field()), ("survey_option_unknown", "q_account"));
    assert!(refusals[0].nearest().is_empty());
}

#[test]
fn other_without_its_text_is_an_answer_too() {
    let answers = read(&[("q_uses", "gold"), ("q_uses", "other"), ("q_uses_other", " ")]);
    let options = vec!["gold".to_owned(), "other".to_owned()];
    assert_eq!(answers.get("uses"), Some(&Answer::Multi { options, other: None }));
}

#[test]
fn a_text_too_long_offers_what_fits_and_that_is_accepted() {
    let text = "多".repeat(1_001);
    let refusals = refused(&[("q_needs", &text)]);
    assert_eq!(refusals[0].code(), "survey_text_too_long");
    let Nearest(fields) = &refusals[0].nearest()[0];
    let answers = read_answers(&survey(), &Values(fields.clone()), limits()).expect("accepted");
    assert_eq!(answers.get("needs"), Some(&Answer::Text("多".repeat(1_000))));
    assert!(read_answers(&survey(), &values(&[("q_needs", &"多".repeat(1_000))]), limits()).is_ok());
}

#[test]
fn the_declared_maximum_lengths_are_those_of_the_rules() {
    let limited = declared(&survey(), At(0)).limited();
    let names: Vec<&str> = limited.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["q_uses_other", "q_information_other", "q_needs"]);
    for (name, [fits, long]) in &limited {
        let read = |text: &str| read_answers(&survey(), &values(&[(name, text)]), limits());
        assert!(read(fits).is_ok() && read(long).is_err(), "{name}");
    }
}

#[test]
fn a_line_break_counts_once() {
    let text = "a\r\n".repeat(500);
    assert!(read_answers(&survey(), &values(&[("q_needs", &text)]), limits()).is_ok());
}

#[test]
fn a_hidden_question_shows_when_its_option_is_chosen_and_is_never_refused_before() {
    let survey = survey();
    let funds = survey.group("funds").expect("a page");
    let shown = |answers: &Answers| -> Vec<String> {
        let questions = visible_in_group(&survey, funds, answers);
        questions.iter().map(|question| question.code.clone()).collect()
    };
    assert_eq!(shown(&Answers::default()), ["uses"]);
    assert_eq!(shown(&read(&[("q_uses", "savings")])), ["uses", "savings_term"]);
    assert_eq!(read(&[("q_uses", "gold"), ("q_savings_term", "no-such")]).0.len(), 1);
    assert_eq!(refused(&[("q_uses", "savings"), ("q_savings_term", "no-such")]).len(), 1);
}

#[test]
fn a_page_carries_what_an_answer_on_it_can_open() {
    let survey = survey();
    let carried = |group: &str, answers: &Answers| -> Vec<String> {
        let group = survey.group(group).expect("a page");
        possible_in_group(&survey, group, answers).iter().map(|question| question.code.clone()).collect()
    };
    assert_eq!(carried("funds", &Answers::default()), ["uses", "savings_term", "property_plan"]);
    assert_eq!(carried("information", &Answers::default()), ["information", "currency"]);
}

#[test]
fn a_page_is_passed_when_one_of_its_questions_was_sent_back() {
    let offered = ["q_uses", "q_needs", "for_recommendations"].map(str::to_owned).into();
    assert_eq!(passed(&survey(), &offered), ["funds", "voice"]);
}

#[test]
fn an_answer_of_a_branch_not_taken_is_dropped_when_sent() {
    let answers = read(&[("q_uses", "gold"), ("q_savings_term", "within_year")]);
    assert!(answers.get("savings_term").is_some());
    let sent = kept(&survey(), &answers);
    assert!(sent.get("savings_term").is_none());
    let used = answers_for_advice(&survey(), &answers, true);
    assert!(used.iter().all(|answer| answer.question != "savings_term"));
    assert!(used.iter().any(|answer| answer.option == "gold"));
}

#[test]
fn answers_feed_recommendations_only_with_the_purpose_ticked() {
    let answers = read(&[("q_uses", "gold")]);
    assert!(answers_for_advice(&survey(), &answers, false).is_empty());
    let used = answers_for_advice(&survey(), &answers, true);
    assert_eq!(used.len(), 1);
    assert_eq!(used[0].survey, "needs-2026");
}

#[test]
fn pages_are_passed_one_after_the_other_and_the_count_goes_down() {
    let survey = survey();
    let mut passed: Vec<String> = Vec::new();
    let mut answers = Answers::default();
    let before = progress(&survey, &answers);
    while let Some(group) = next_group(&survey, &answers, &passed) {
        passed.push(group.code.clone());
    }
    assert_eq!(passed, ["funds", "information", "voice", "account"]);
    answers = read(&[("q_uses", "gold"), ("q_account", "debit")]);
    assert_eq!(progress(&survey, &answers).left(), before.left() - 2);
}

#[test]
fn submitted_answers_fill_the_form_again() {
    let answers =
        read(&[("q_uses", "other"), ("q_uses_other", "养老"), ("q_topic", "e_channel"), ("q_needs", "手机银行字大一点\n谢谢")]);
    let again = read_answers(&survey(), &values_of(&survey(), &answers), limits()).expect("answers");
    assert_eq!(again, answers);
    let kept: Answers = serde_json::from_str(&serde_json::to_string(&answers).expect("json")).expect("answers");
    assert_eq!(kept, answers);
}

#[test]
fn a_need_carries_its_topic_and_its_words() {
    let found = need(&survey(), &read(&[("q_topic", "e_channel"), ("q_needs", "字大一点")])).expect("a need");
    assert_eq!((found.topic.as_deref(), found.text.as_str()), (Some("e_channel"), "字大一点"));
    assert_eq!(need(&survey(), &read(&[("q_topic", "e_channel")])), None);
}

#[test]
fn a_closed_survey_takes_nothing() {
    let closes = At(1_000);
    assert_eq!(ensure_open(closes, At(999)), Ok(()));
    let refusal = ensure_open(closes, closes).expect_err("closed");
    assert_eq!(refusal.code(), "survey_closed");
    assert!(refusal.nearest().is_empty());
}
