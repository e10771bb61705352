//! Why a product is not recommended, with the values the rule looked at, for "why not" on `/products/{code}`.
//! Says nothing a rule did not decide: it only reads the kept [`Verdict`]. The sentences are in the catalogue.

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::gate::{GateRules, Outcome, RuleId, Verdict};
use super::inputs::Inputs;
use super::model::{CustomerLevel, Customers, RiskLevel, SaleState};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// What is wrong with the assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentGap {
    /// There is none.
    Missing,
    /// It was valid until that day.
    Expired(Day),
    /// It is not the customer's own, or its level is not confirmed.
    NotConfirmed,
}

/// The rule that stopped a product and what it compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Personalised recommendations are off.
    Consent,
    /// Not sold today.
    OnSale {
        state: SaleState,
        /// First day of sale.
        from: Day,
        /// Last day of sale.
        until: Option<Day>,
    },
    /// No full capacity.
    Capacity,
    /// For residents only.
    Residency,
    /// For another kind of customer.
    CustomerKind {
        /// Whom it is for.
        customers: Customers,
    },
    /// Privately offered.
    Private,
    /// No valid assessment.
    Assessment(AssessmentGap),
    /// Above the customer's level, or unrated.
    Level {
        /// The product's level; none when unrated.
        product: Option<RiskLevel>,
        /// The customer's level.
        customer: Option<CustomerLevel>,
    },
    /// Tied up longer than the customer said, or than the default when nothing was said.
    Horizon {
        /// Days the product ties money up; none when it cannot be told.
        days: Option<i64>,
        /// Days allowed.
        limit: i64,
        /// Whether the customer stated the limit.
        stated: bool,
    },
    /// Back later than the customer said, or than the default when nothing was said.
    Liquidity {
        /// Days until the money is back; none when it cannot be told.
        days: Option<i64>,
        /// Days allowed.
        limit: i64,
        /// Whether the customer stated the limit.
        stated: bool,
    },
    /// Below the minimum.
    Minimum {
        /// The least amount.
        minimum: Fen,
        /// What the customer has.
        available: Fen,
    },
    /// Outside the product's age limits, or age not known.
    ProductAge {
        /// Least age.
        min: Option<i64>,
        /// Greatest age.
        max: Option<i64>,
    },
    /// Not recommended from that age on.
    ElderCare {
        /// The age from which it holds.
        from: i64,
        /// The highest level still recommended.
        ceiling: RiskLevel,
    },
    /// Held already.
    NotHeld,
    /// Declined; comes back on that day.
    NotDeclined {
        /// First day it may be shown again.
        again_on: Day,
    },
    /// A complaint is open.
    NoComplaint,
    /// Not pre-qualified.
    Prequalified,
}

/// Explains a refusal; none when the product was admitted. `rules` are those the verdict was made by.
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
