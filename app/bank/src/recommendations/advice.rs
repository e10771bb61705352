//! Advice to one customer at one moment: the facts, the products and the rules, read once, and every answer a page
//! needs worked out from them. Pure; not the reading itself, which is `operations.rs`.

use super::facts::{AdviceFacts, Assessment, Holding};
use super::gate::{Verdict, decide, decide_neutral};
use super::model::{Product, ProductCode};
use super::score::{AdviceRules, Card, Term, neutral, recommend};
use super::why_not::{WhyNot, why_not};
use crate::kernel::bilingual::Bilingual;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, days_between, shift};

/// What a page can say about products to one customer now.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// What is known of the customer.
    pub facts: AdviceFacts,
    /// The words of each answer among the facts, in the same order.
    pub labels: Vec<Bilingual>,
    /// Every product in the fixed order, private ones included: pages go through [`Advice::product`].
    pub(super) products: Vec<Product>,
    /// What the customer holds, with the amounts in fen.
    pub holdings: Vec<(Holding, Fen)>,
    /// Rules in force.
    pub rules: AdviceRules,
    /// When it was worked out.
    pub now: At,
}

/// The latest assessment as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessed {
    pub assessment: Assessment,
    /// Its last valid day, inclusive.
    pub valid_until: Day,
    /// Whether it opens the gate today.
    pub valid: bool,
}

/// Everything that decides whether one product is recommended.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What the whole gate says, consent included.
    pub verdict: Verdict,
    /// The rule that stopped it; none when it passed.
    pub why_not: Option<WhyNot>,
    /// Without consent: what the rules of suitability alone say; `None`: they let it pass.
    pub unsuitable: Option<WhyNot>,
    /// The facts that speak for it; empty when it did not pass.
    pub reasons: Vec<Term>,
    /// Whether it stands among today's personalised cards.
    pub shown: bool,
}

/// A product the customer was not interested in and that stays away for now.
#[derive(Debug, Clone, PartialEq)]
pub struct Away<'p> {
    pub product: &'p Product,
    /// First day it may come back.
    pub again_on: Day,
}

impl Advice {
    /// Whether the customer agreed to personalised recommendations.
    pub fn is_consented(&self) -> bool {
        self.facts.gate.consent
    }

    /// Personalised cards, best first; none without consent.
    pub fn cards(&self) -> Vec<Card<'_>> {
        recommend(&self.facts, &self.products, &self.rules, self.now)
    }

    /// The list without personalisation, in the fixed order.
    pub fn neutral(&self) -> Vec<Card<'_>> {
        neutral(&self.facts, &self.products, &self.rules, self.now)
    }

    /// A product that has a page; a private one is like one that does not exist (docs/domain.md §9).
    pub fn product(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.code.as_str() == code && product.has_page())
    }

    /// The product behind a stored fact, for its name.
    pub fn named(&self, code: &ProductCode) -> Option<&Product> {
        self.products.iter().find(|product| product.code == *code)
    }

    /// The words of an answer that speaks for a product.
    pub fn answer_words(&self, question: &str, option: &str) -> Option<&Bilingual> {
        let mut answers = self.facts.answers.iter().zip(&self.labels);
        answers.find(|(answer, _)| answer.question == question && answer.option == option).map(|(_, words)| words)
    }

    /// The latest assessment with its validity today.
    pub fn assessed(&self) -> Option<Assessed> {
        let assessment = self.facts.gate.assessment?;
        // Read from the verdict of the gate, so that page and gate cannot differ.
        let inputs = self.products.first().map(|product| decide(&self.facts.gate, product, &self.rules.gate, self.now).inputs);
        Some(Assessed {
            assessment,
            valid_until: assessment.valid_until(self.rules.gate.assessment_months),
            valid: inputs.is_some_and(|inputs| inputs.assessed),
        })
    }

    /// Why one product is, or is not, recommended.
    pub fn explain(&self, product: &Product) -> Explanation {
        let rules = &self.rules.gate;
        let verdict = decide(&self.facts.gate, product, rules, self.now);
        let alone = recommend(&self.facts, std::slice::from_ref(product), &self.rules, self.now);
        Explanation {
            why_not: why_not(&verdict, rules),
            unsuitable: why_not(&decide_neutral(&self.facts.gate, product, rules, self.now), rules),
            reasons: alone.into_iter().next().map(|card| card.reasons).unwrap_or_default(),
            shown: self.cards().iter().any(|card| card.product.code == product.code),
            verdict,
        }
    }

    /// What was declined and stays away for now, the latest first.
    pub fn away(&self) -> Vec<Away<'_>> {
        let days = self.rules.gate.declined_days;
        let today = self.now.day();
        let declined = self.facts.gate.declined.iter().filter(|declined| days_between(declined.on, today) < days);
        declined
            .filter_map(|declined| {
                let product = self.product(declined.product.as_str())?;
                Some(Away { product, again_on: shift(declined.on, days) })
            })
            .collect()
    }

    /// The verdicts behind whichever list is shown: with consent both lists rest on the same ones, so that looking at
    /// the list without personalisation changes nothing that is kept.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let judge = if self.is_consented() { decide } else { decide_neutral };
        self.products.iter().map(|product| judge(&self.facts.gate, product, &self.rules.gate, self.now)).collect()
    }
}
