//! Tests of the score and the neutral list with the demo bank's products.

use super::facts::{AdviceFacts, ChosenAnswer, Holding, Tier};
use super::gate::{Outcome, RuleId};
use super::model::{Product, ProductCode, ProductKind, RiskLevel, catalogue};
use super::score::{AdviceRules, Card, Reason, neutral, recommend};
use super::test_support::{a_customer, now};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

fn products() -> Vec<Product> {
    catalogue().expect("data/products.json reads")
}

fn facts() -> AdviceFacts {
    let chosen = |question: &str, option: &str| ChosenAnswer {
        survey: "needs-2026".to_owned(),
        question: question.to_owned(),
        option: option.to_owned(),
    };
    let mut gate = a_customer();
    gate.available = Fen::from_yuan(680_000);
    gate.holdings.push(Holding {
        product: ProductCode("deposit-1y".to_owned()),
        kind: ProductKind::Deposit,
        matures_on: Some(Day::constant(2026, 12, 20)),
    });
    AdviceFacts {
        gate,
        answers: vec![chosen("uses", "gold"), chosen("savings_term", "within_year")],
        savings: Some(Fen::from_yuan(620_000)),
        tier: Some(Tier::Vip),
    }
}

fn codes<'p>(cards: &[Card<'p>]) -> Vec<&'p str> {
    cards.iter().map(|card| card.product.code.as_str()).collect()
}

fn of_kind(cards: &[Card], kind: ProductKind) -> usize {
    cards.iter().filter(|card| card.product.kind == kind).count()
}

#[test]
fn the_demo_bank_sells_25_products_of_every_kind() {
    let products = products();
    assert_eq!(products.len(), 25);
    for kind in ProductKind::ALL {
        assert!(products.iter().any(|product| product.kind == kind), "{}", kind.code());
    }
    for level in RiskLevel::ALL {
        assert!(products.iter().any(|product| product.level() == Some(level)), "{}", level.code());
    }
    assert!(products.iter().any(|product| product.private));
    assert!(products.iter().any(|product| product.rerated_on.is_some()));
    for product in &products {
        assert!(!product.against.is_empty(), "{}", product.code.as_str());
        assert_eq!(product.kind.needs_level(), product.level().is_some(), "{}", product.code.as_str());
        assert!(product.kind != ProductKind::Loan || product.fictitious);
        assert!(product.kind != ProductKind::Wealth || product.registration.is_some());
    }
}

#[test]
fn a_card_gives_one_to_three_reasons_that_can_be_opened() {
    let products = products();
    let cards = recommend(&facts(), &products, &AdviceRules::default(), now());
    assert!(cards.len() >= 3, "{:?}", codes(&cards));
    for card in &cards {
        assert!((1..=3).contains(&card.reasons.len()), "{}", card.product.code.as_str());
        assert!(card.reasons.iter().all(|term| term.points > 0 && term.reason.link().starts_with('/')));
        assert!(card.score >= card.reasons.iter().map(|term| term.points).sum());
    }
}

#[test]
fn nothing_is_recommended_without_consent_and_the_neutral_list_does_not_need_it() {
    let products = products();
    let mut facts = facts();
    facts.gate.consent = false;
    let rules = AdviceRules::default();
    assert_eq!(codes(&recommend(&facts, &products, &rules, now())), Vec::<&str>::new());
    let shown = neutral(&facts, &products, &rules, now());
    assert!(!shown.is_empty());
    assert!(shown.iter().all(|card| card.reasons.is_empty() && card.verdict.admits()));
}

#[test]
fn neither_list_shows_anything_above_the_level_or_more_than_two_of_a_kind() {
    let products = products();
    let (facts, rules) = (facts(), AdviceRules::default());
    for cards in [recommend(&facts, &products, &rules, now()), neutral(&facts, &products, &rules, now())] {
        assert!(cards.iter().all(|card| card.product.level() <= Some(RiskLevel::R3)));
        assert!(ProductKind::ALL.into_iter().all(|kind| of_kind(&cards, kind) <= 2));
        assert_eq!(of_kind(&cards, ProductKind::Deposit), 1, "{:?}", codes(&cards));
    }
}

#[test]
fn the_deposit_keeps_its_place_however_short_the_list_is() {
    let products = products();
    let mut rules = AdviceRules::default();
    for cards in 1..6 {
        rules.score.cards = cards;
        let shown = recommend(&facts(), &products, &rules, now());
        assert_eq!(shown.len(), cards);
        assert_eq!(of_kind(&shown, ProductKind::Deposit), 1);
    }
}

#[test]
fn the_neutral_list_keeps_the_order_of_the_products() {
    let products = products();
    let shown = codes(&neutral(&facts(), &products, &AdviceRules::default(), now()));
    let all: Vec<&str> = products.iter().map(|product| product.code.as_str()).collect();
    let places: Vec<_> = shown.iter().map(|code| all.iter().position(|known| known == code)).collect();
    assert!(places.is_sorted());
}

#[test]
fn a_higher_rate_or_benchmark_moves_nothing() {
    let before = products();
    let mut after = before.clone();
    for product in &mut after {
        product.benchmark = None;
        for rate in &mut product.rates {
            rate.basis_points = 1_000 - rate.basis_points;
        }
    }
    let (facts, rules) = (facts(), AdviceRules::default());
    assert_eq!(codes(&recommend(&facts, &before, &rules, now())), codes(&recommend(&facts, &after, &rules, now())));
}

#[test]
fn an_answer_that_is_taken_back_takes_its_reason_with_it() {
    let products = products();
    let mut facts = facts();
    let rules = AdviceRules::default();
    let says_gold = |cards: &[Card]| {
        let reasons = cards.iter().flat_map(|card| &card.reasons);
        reasons.into_iter().any(|term| matches!(&term.reason, Reason::Answer { option, .. } if option == "gold"))
    };
    assert!(says_gold(&recommend(&facts, &products, &rules, now())));
    facts.answers.clear();
    assert!(!says_gold(&recommend(&facts, &products, &rules, now())));
}

#[test]
fn a_product_rated_up_is_gone_at_the_next_view() {
    let mut products = products();
    let (facts, rules) = (facts(), AdviceRules::default());
    let shown = codes(&recommend(&facts, &products, &rules, now())).contains(&"gold-savings");
    assert!(shown);
    for product in products.iter_mut().filter(|product| product.code.as_str() == "gold-savings") {
        product.issuer_level = Some(RiskLevel::R4);
    }
    let gold = products.iter().find(|product| product.code.as_str() == "gold-savings").expect("gold");
    let verdict = super::gate::decide(&facts.gate, gold, &rules.gate, now());
    assert_eq!(verdict.outcome, Outcome::Refused(RuleId::Level));
    assert!(!codes(&recommend(&facts, &products, &rules, now())).contains(&"gold-savings"));
}

#[test]
fn without_an_assessment_only_deposits_treasury_bonds_and_services_are_shown() {
    let products = products();
    let mut facts = facts();
    facts.gate.assessment = None;
    let rules = AdviceRules::default();
    for cards in [recommend(&facts, &products, &rules, now()), neutral(&facts, &products, &rules, now())] {
        assert!(cards.len() >= 3, "{:?}", codes(&cards));
        assert!(cards.iter().all(|card| card.product.kind.open_to_unassessed()));
    }
}

#[test]
fn the_same_facts_give_the_same_cards() {
    let products = products();
    let (facts, rules) = (facts(), AdviceRules::default());
    assert_eq!(recommend(&facts, &products, &rules, now()), recommend(&facts, &products, &rules, now()));
}

#[test]
fn a_customer_of_whom_nothing_is_known_is_shown_nothing() {
    let products = products();
    let mut facts = facts();
    facts.gate = super::facts::GateFacts::unknown(crate::sessions::CustomerKind::Personal);
    let rules = AdviceRules::default();
    assert!(recommend(&facts, &products, &rules, now()).is_empty());
    assert!(neutral(&facts, &products, &rules, now()).is_empty());
}

#[test]
fn a_verdict_can_be_kept_and_read_back() {
    let products = products();
    let cards = recommend(&facts(), &products, &AdviceRules::default(), now());
    let kept = serde_json::to_string(&cards[0].verdict).expect("json");
    let read: super::gate::Verdict = serde_json::from_str(&kept).expect("a verdict");
    assert_eq!(read, cards[0].verdict);
}

#[test]
fn no_two_cards_give_the_same_reasons_and_what_most_cards_say_stands_nowhere_beside_another() {
    let products = products();
    let cards = recommend(&facts(), &products, &AdviceRules::default(), now());
    for (place, card) in cards.iter().enumerate() {
        for other in &cards[place + 1..] {
            assert_ne!(card.reasons, other.reasons, "{} and {}", card.product.code.as_str(), other.product.code.as_str());
        }
    }
    // The balance covers every minimum, so it is no reason where there is another one.
    let covers = |card: &Card| card.reasons.iter().any(|term| matches!(term.reason, Reason::BalanceCovers { .. }));
    assert!(cards.iter().filter(|card| covers(card)).all(|card| card.reasons.len() == 1), "{cards:?}");
}

#[test]
fn a_rate_is_shown_only_of_what_pays_it_for_certain() {
    let day = Day::constant(2026, 11, 22);
    for kind in ProductKind::ALL {
        let mut product = products().into_iter().find(|product| product.code.as_str() == "deposit-1y").expect("a deposit");
        product.kind = kind;
        let certain = [ProductKind::Deposit, ProductKind::LargeCd, ProductKind::TreasuryBond, ProductKind::Loan];
        assert_eq!(product.rate_on(day).is_some(), certain.contains(&kind), "{}", kind.code());
    }
}
