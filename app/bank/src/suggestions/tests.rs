//! Parsing of suggestions and answers: accepted values, refusals, and offers.

use super::form::FORM;
use super::model::{AnswerText, Category, Judgement, SuggestionLimits, SuggestionRefusal, SuggestionText};
use super::parameters::SuggestionParameters;
use crate::kernel::forms::{Nearest, Refusal, Values};

fn values(pairs: &[(&str, &str)]) -> Values {
    Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn limits() -> SuggestionLimits {
    SuggestionLimits::from(&SuggestionParameters::default())
}

#[test]
fn the_declared_maximum_lengths_are_those_of_the_rules() {
    let limited = FORM.limited();
    assert_eq!(limited.len(), 1);
    for (name, [fits, long]) in limited {
        let parse = |text: &str| SuggestionText::parse(&values(&[("category", "savings"), (&name, text)]), limits());
        assert!(parse(&fits).is_ok() && parse(&long).is_err(), "{name}");
    }
}

#[test]
fn a_category_reads_by_code_and_by_term() {
    for category in Category::ALL {
        assert_eq!(Category::parse(category.code()), Some(category));
        assert_eq!(Category::parse(category.term()), Some(category));
    }
}

#[test]
fn an_empty_form_says_all_that_is_missing() {
    let refusals = SuggestionText::parse(
        &values(&[(
            "content", " 
",
        )]),
        limits(),
    )
    .expect_err("refused");
    assert_eq!(refusals, [SuggestionRefusal::CategoryMissing, SuggestionRefusal::ContentMissing]);
    let refusals = AnswerText::parse(&values(&[]), limits()).expect_err("refused");
    let fields: Vec<&str> = refusals.iter().map(Refusal::field).collect();
    assert_eq!(fields, ["judgement", "reason", "thanks"]);
}

#[test]
fn unknown_choices_are_refused() {
    let text = values(&[("category", "weather"), ("content", "x")]);
    assert_eq!(SuggestionText::parse(&text, limits()), Err(vec![SuggestionRefusal::CategoryUnknown]));
    let answer = values(&[("judgement", "maybe"), ("reason", "x"), ("thanks", "x")]);
    assert_eq!(AnswerText::parse(&answer, limits()), Err(vec![SuggestionRefusal::JudgementUnknown]));
}

#[test]
fn a_text_too_long_offers_what_fits() {
    let text = values(&[("category", "储蓄"), ("content", &"长".repeat(2_001))]);
    let refusals = SuggestionText::parse(&text, limits()).expect_err("refused");
    assert_eq!(refusals[0].code(), "suggestion_content_too_long");
    let Nearest(mut offered) = refusals[0].nearest().remove(0);
    offered.push(("category".to_owned(), "储蓄".to_owned()));
    assert!(SuggestionText::parse(&Values(offered), limits()).is_ok());
    for field in ["reason", "thanks"] {
        let long = "长".repeat(1_001);
        let mut answer = values(&[("judgement", "not")]);
        answer.0.push((field.to_owned(), long));
        let refusals = AnswerText::parse(&answer, limits()).expect_err("refused");
        let refusal = refusals.iter().find(|refusal| refusal.field() == field).expect("a refusal");
        assert_eq!(refusal.nearest().len(), 1, "{field}");
    }
}

#[test]
fn a_claim_is_a_suggestion_only_if_the_customer_says_so() {
    let mut text = values(&[("category", "储蓄"), ("content", "多扣三百元，要求赔偿")]);
    let refusals = SuggestionText::parse(&text, limits()).expect_err("refused");
    assert_eq!(refusals, [SuggestionRefusal::ClaimsLoss]);
    text.0.extend(refusals[0].nearest().remove(0).0);
    assert!(SuggestionText::parse(&text, limits()).is_ok());
}

#[test]
fn a_need_of_the_survey_is_a_suggestion_at_once() {
    let values = SuggestionText::values_from_need(Some("e_channel"), "字大一点");
    let text = SuggestionText::parse(&values, limits()).expect("a valid form");
    assert_eq!((text.category, text.content.as_str()), (Category::EChannel, "字大一点"));
    let values = SuggestionText::values_from_need(None, "字大一点");
    let text = SuggestionText::parse(&values, limits()).expect("a valid form");
    assert_eq!(text.category, Category::BranchService);
}

#[test]
fn a_whole_answer_is_read() {
    let answer = values(&[("judgement", "partly"), ("reason", "下月起"), ("thanks", "谢谢您")]);
    let text = AnswerText::parse(&answer, limits()).expect("an answer");
    assert_eq!(text.judgement, Judgement::Partly);
}
