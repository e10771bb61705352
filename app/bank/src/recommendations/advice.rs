//! Everything a page can say about products to one customer at one time, computed from facts, products and rules that were
//! read once. Pure functions; `operations.rs` reads the data.

use super::facts::{AdviceFacts, Assessment, Holding};
use super::gate::{Verdict, decide, decide_neutral};
use super::model::{Product, ProductCode};
use super::score::{AdviceRules, Card, ScoreTerm, neutral, recommend};
use super::why_not::{WhyNot, why_not};
use crate::kernel::bilingual::Bilingual;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, days_between, shift};

/// What a page can say about products to one customer now.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The customer's facts.
    pub facts: AdviceFacts,
    /// Labels of the answers in `facts`, in the same order.
    pub labels: Vec<Bilingual>,
    /// All products in their fixed order, including private ones; pages must use [`Advice::product`].
    pub(super) products: Vec<Product>,
    /// The customer's holdings with their amounts.
    pub holdings: Vec<(Holding, Fen)>,
    /// The rules in force.
    pub rules: AdviceRules,
    /// The time the facts were read.
    pub now: At,
}

/// The latest assessment as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessed {
    pub assessment: Assessment,
    /// Last valid day, inclusive.
    pub valid_until: Day,
    /// Whether it counts today.
    pub valid: bool,
}

/// Everything that decides whether one product is recommended.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The verdict of all rules, including consent.
    pub verdict: Verdict,
    /// The rule that refused it; `None` if it was admitted.
    pub why_not: Option<WhyNot>,
    /// Without consent: the refusal of the suitability rules alone; `None` if they admit it.
    pub unsuitable: Option<WhyNot>,
    /// The facts that speak for it; empty if it was refused.
    pub reasons: Vec<ScoreTerm>,
    /// Whether it is among today's personalised cards.
    pub shown: bool,
}

/// A product the customer has declined and that is not shown for now.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclinedProduct<'p> {
    pub product: &'p Product,
    /// The first day it may be shown again.
    pub again_on: Day,
}

impl Advice {
    pub fn is_consented(&self) -> bool {
        self.facts.gate.consent
    }

    /// Personalised cards, best first; empty without consent.
    pub fn cards(&self) -> Vec<Card<'_>> {
        recommend(&self.facts, &self.products, &self.rules, self.now)
    }

    /// The list without personalisation, in fixed order.
    pub fn neutral(&self) -> Vec<Card<'_>> {
        neutral(&self.facts, &self.products, &self.rules, self.now)
    }

    /// A product that has a page. A private product is treated as unknown (docs/domain.md §9).
    pub fn product(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.code.as_str() == code && product.has_page())
    }

    /// The product of a stored fact, for its name; private products included.
    pub fn named(&self, code: &ProductCode) -> Option<&Product> {
        self.products.iter().find(|product| product.code == *code)
    }

    /// The label of an answer that speaks for a product.
    pub fn answer_words(&self, question: &str, option: &str) -> Option<&Bilingual> {
        let mut answers = self.facts.answers.iter().zip(&self.labels);
        answers.find(|(answer, _)| answer.question == question && answer.option == option).map(|(_, words)| words)
    }

    /// The latest assessment with its validity today.
    pub fn assessed(&self) -> Option<Assessed> {
        let assessment = self.facts.gate.assessment?;
        // Taken from the gate's own inputs, so that page and gate cannot differ.
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

    /// Declined products that are not shown for now, the latest first.
    pub fn declined_products(&self) -> Vec<DeclinedProduct<'_>> {
        let days = self.rules.gate.declined_days;
        let today = self.now.day();
        let declined = self.facts.gate.declined.iter().filter(|declined| days_between(declined.on, today) < days);
        declined
            .filter_map(|declined| {
                let product = self.product(declined.product.as_str())?;
                Some(DeclinedProduct { product, again_on: shift(declined.on, days) })
            })
            .collect()
    }

    /// The verdicts to record for the list shown. With consent both lists record the verdicts of all rules, so that viewing
    /// the list without personalisation adds no record.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let judge = if self.is_consented() { decide } else { decide_neutral };
        self.products.iter().map(|product| judge(&self.facts.gate, product, &self.rules.gate, self.now)).collect()
    }
}
