//! Consistency of the needs survey's data: with itself, the bank's paper form, the products and the suggestion categories.

use super::model::{QuestionKind, QuestionRole, Survey, needs_2026};
use crate::kernel::bilingual::Bilingual;
use crate::recommendations::{catalogue, forbidden};
use crate::suggestions::Category;

fn survey() -> Survey {
    needs_2026().expect("data/needs-2026.json reads")
}

#[test]
fn the_definition_holds_together() {
    let survey = survey();
    assert_eq!(survey.groups.len(), 4);
    let codes: Vec<&str> = survey.questions().map(|question| question.code.as_str()).collect();
    assert!((8..=10).contains(&codes.len()));
    for (place, question) in survey.questions().enumerate() {
        assert_eq!(codes.iter().filter(|code| **code == question.code).count(), 1);
        assert_eq!(question.options.is_empty(), question.kind == QuestionKind::Text, "{}", question.code);
        assert_eq!(question.kind == QuestionKind::MultiOther, question.kind != QuestionKind::Single && question.offers("other"));
        if let Some(condition) = &question.shown_if {
            let earlier = survey.question(&condition.question).expect("an earlier question");
            assert!(earlier.offers(&condition.option), "{}", question.code);
            assert!(codes[..place].contains(&condition.question.as_str()), "{} looks ahead", question.code);
        }
        for text in question.texts().flat_map(Bilingual::both) {
            assert!(!text.trim().is_empty());
            assert_eq!(forbidden(text), None, "{text}");
        }
    }
    assert_eq!(survey.questions().filter(|question| question.role == Some(QuestionRole::Need)).count(), 1);
}

#[test]
fn the_banks_own_form_is_asked_whole() {
    let survey = survey();
    let labels = |code: &str| -> Vec<String> {
        let question = survey.question(code).expect("a question");
        question.options.iter().map(|choice| choice.label.zh.clone()).collect()
    };
    assert_eq!(labels("uses"), ["储蓄", "证券基金", "保险", "房产", "汽车", "教育", "黄金", "债券", "其他"]);
    assert_eq!(labels("information"), ["外汇", "保险", "证券", "汽车", "房产", "邮品", "收藏", "其他"]);
}

#[test]
fn the_topics_are_the_categories_of_suggestions() {
    let survey = survey();
    let topic = survey.question("topic").expect("a question");
    let codes: Vec<&str> = topic.options.iter().map(|choice| choice.code.as_str()).collect();
    assert_eq!(codes, Category::ALL.map(Category::code));
}

#[test]
fn every_answer_a_product_answers_can_be_given() {
    let survey = survey();
    for product in catalogue().expect("products") {
        for suits in &product.suits {
            let question = survey.question(&suits.question).expect("a question");
            assert!(question.offers(&suits.option), "{}: {}", product.code.as_str(), suits.option);
        }
    }
}
