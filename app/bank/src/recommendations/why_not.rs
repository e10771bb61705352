//! Why a product is not recommended, with the compared values, for "why not" on `/products/{code}`. It only interprets the
//! recorded [`Verdict`]. The sentences are in the catalogue.

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::gate::{GateRules, Outcome, RuleId, Verdict};
use super::inputs::Inputs;
use super::model::{CustomerLevel, Customers, RiskLevel, SaleState};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// Why the assessment does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentGap {
    /// There is no assessment.
    Missing,
    /// The last day it was valid.
    Expired(Day),
    /// It is not based on the customer's own answers, or its level is not confirmed.
    NotConfirmed,
}

/// The rule that refused a product, with the values it compared. See [`RuleId`](super::gate::RuleId).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    Consent,
    OnSale {
        state: SaleState,
        /// First day of sale.
        from: Day,
        /// Last day of sale, inclusive.
        until: Option<Day>,
    },
    Capacity,
    Residency,
    CustomerKind {
        /// Whom the product is for.
        customers: Customers,
    },
    Private,
    Assessment(AssessmentGap),
    /// Above the customer's level, or unrated.
    Level {
        /// `None` if unrated.
        product: Option<RiskLevel>,
        customer: Option<CustomerLevel>,
    },
    /// Tied up longer than the customer stated, or than the default if nothing was stated.
    Horizon {
        /// Calendar days the product ties up money; `None` if unknown.
        days: Option<i64>,
        /// Maximum allowed, calendar days.
        limit: i64,
        /// Whether the customer stated the limit.
        stated: bool,
    },
    /// Redeemable later than the customer stated, or than the default if nothing was stated.
    Liquidity {
        /// Calendar days until the money is back; `None` if unknown.
        days: Option<i64>,
        /// Maximum allowed, calendar days.
        limit: i64,
        /// Whether the customer stated the limit.
        stated: bool,
    },
    Minimum {
        minimum: Fen,
        /// Total balance of the customer's active accounts.
        available: Fen,
    },
    /// Outside the product's age limits, or the age is unknown.
    ProductAge {
        /// Minimum age, years.
        min: Option<i64>,
        /// Maximum age, years, inclusive.
        max: Option<i64>,
    },
    /// Above the highest level recommended from the elder age on.
    ElderCare {
        /// The age from which the rule applies.
        from: i64,
        /// The highest level still recommended.
        ceiling: RiskLevel,
    },
    NotHeld,
    /// Declined recently.
    NotDeclined {
        /// First day it may be shown again.
        again_on: Day,
    },
    NoComplaint,
    Prequalified,
}

/// Explains a refusal; `None` if the product was admitted. `rules` must be those of the verdict.
pub fn why_not(verdict: &Verdict, rules: &GateRules) -> Option<WhyNot> {
    let Outcome::Refused(rule) = verdict.outcome else {
        return None;
    };
    let i = &verdict.inputs;
    Some(match rule {
        RuleId::Consent => WhyNot::Consent,
        RuleId::OnSale => WhyNot::OnSale { state: i.state, from: i.on_sale_from, until: i.on_sale_until },
        RuleId::Capacity => WhyNot::Capacity,
        RuleId::Residency => WhyNot::Residency,
        RuleId::CustomerKind => WhyNot::CustomerKind { customers: i.customers },
        RuleId::Private => WhyNot::Private,
        RuleId::Assessment => WhyNot::Assessment(assessment_gap(i)),
        RuleId::Level => WhyNot::Level { product: i.product_level, customer: i.level },
        RuleId::Horizon => WhyNot::Horizon {
            days: match i.horizon_days {
                Some(_) => i.term_days.or(i.redeemable_within_days),
                None => i.redeemable_within_days.or(i.term_days),
            },
            limit: i.horizon_days.unwrap_or(rules.quick_redemption_days),
            stated: i.horizon_days.is_some(),
        },
        RuleId::Liquidity => WhyNot::Liquidity {
            days: i.redeemable_within_days.or(i.term_days),
            limit: i.liquidity_days.unwrap_or(rules.quick_redemption_days),
            stated: i.liquidity_days.is_some(),
        },
        RuleId::Minimum => WhyNot::Minimum { minimum: i.minimum, available: i.available },
        RuleId::ProductAge => WhyNot::ProductAge { min: i.min_age, max: i.max_age },
        RuleId::ElderCare => WhyNot::ElderCare { from: rules.elder_from, ceiling: rules.elder_ceiling },
        RuleId::NotHeld => WhyNot::NotHeld,
        RuleId::NotDeclined => {
            WhyNot::NotDeclined { again_on: i.declined_on.unwrap_or(i.day).saturating_add(Span::new().days(rules.declined_days)) }
        }
        RuleId::NoComplaint => WhyNot::NoComplaint,
        RuleId::Prequalified => WhyNot::Prequalified,
    })
}

fn assessment_gap(i: &Inputs) -> AssessmentGap {
    match i.valid_until {
        None => AssessmentGap::Missing,
        Some(until) if until < i.day => AssessmentGap::Expired(until),
        Some(_) => AssessmentGap::NotConfirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::gate::decide;
    use super::super::test_support::{a_customer, a_product, now};
    use super::*;

    #[test]
    fn an_admitted_product_has_nothing_to_explain() {
        let rules = GateRules::default();
        let verdict = decide(&a_customer(), &a_product(), &rules, now());
        assert_eq!(why_not(&verdict, &rules), None);
    }

    #[test]
    fn a_level_too_high_names_both_levels() {
        let rules = GateRules::default();
        let mut product = a_product();
        product.seller_level = Some(RiskLevel::R5);
        let verdict = decide(&a_customer(), &product, &rules, now());
        assert_eq!(
            why_not(&verdict, &rules),
            Some(WhyNot::Level { product: Some(RiskLevel::R5), customer: Some(CustomerLevel::C3) })
        );
    }

    #[test]
    fn a_declined_product_says_when_it_comes_back() {
        let rules = GateRules::default();
        let product = a_product();
        let mut facts = a_customer();
        facts.declined.push(super::super::facts::Declined { product: product.code.clone(), on: Day::constant(2026, 11, 1) });
        let verdict = decide(&facts, &product, &rules, now());
        assert_eq!(why_not(&verdict, &rules), Some(WhyNot::NotDeclined { again_on: Day::constant(2027, 1, 30) }));
    }

    #[test]
    fn an_expired_assessment_says_until_when_it_was_valid() {
        let rules = GateRules::default();
        let mut facts = a_customer();
        facts.assessment = facts.assessment.map(|mut assessment| {
            assessment.assessed_on = Day::constant(2025, 3, 1);
            assessment
        });
        let verdict = decide(&facts, &a_product(), &rules, now());
        assert_eq!(why_not(&verdict, &rules), Some(WhyNot::Assessment(AssessmentGap::Expired(Day::constant(2026, 2, 28)))));
    }
}
