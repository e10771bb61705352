//! The gate (docs/domain.md §9): may this product be shown to this customer today? It denies by default; the first rule that
//! fails decides. Facts and product are read into [`Inputs`] once, and the rules see nothing else. The inputs are stored
//! with the verdict, so that every decision can be checked later. The order of admitted products is in [`super::score`].

use serde::{Deserialize, Serialize};

use super::facts::GateFacts;
use super::inputs::{CustomerInputs, Inputs};
use super::model::{Product, ProductCode, RiskLevel, SaleState};
use super::parameters::AdviceParameters;
use crate::kernel::time::{At, days_between};
use crate::sessions::CustomerKind;

/// Parameters of the gate, marked [default] or [law] in docs/domain.md §9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRules {
    /// Version stored with every verdict.
    pub version: String,
    /// How many months an assessment is valid; it may only be shortened.
    pub assessment_months: i64,
    /// Without a stated horizon or liquidity need, money must be redeemable within this many days.
    pub quick_redemption_days: i64,
    /// Age from which the elder rule applies.
    pub elder_from: i64,
    /// The highest product level recommended from that age on.
    pub elder_ceiling: RiskLevel,
    /// How many days a declined product is not shown.
    pub declined_days: i64,
}

impl Default for GateRules {
    fn default() -> Self {
        Self {
            version: "2026-02-01/1".to_owned(),
            assessment_months: 12,
            quick_redemption_days: 7,
            elder_from: 65,
            elder_ceiling: RiskLevel::R3,
            declined_days: 90,
        }
    }
}

impl From<&AdviceParameters> for GateRules {
    fn from(parameters: &AdviceParameters) -> Self {
        let default = Self::default();
        Self {
            // The legal limit may only be tightened.
            assessment_months: parameters.advice_assessment_months.min(default.assessment_months),
            quick_redemption_days: parameters.advice_quick_redemption_days,
            elder_from: parameters.advice_elder_from,
            declined_days: parameters.advice_declined_days,
            ..default
        }
    }
}

/// A rule of the gate; its code is stored with a refusal and is the catalogue key of the explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleId {
    /// The customer has consented to personalised recommendations.
    Consent,
    OnSale,
    /// The person has full capacity for civil conduct.
    Capacity,
    /// A residents-only product needs a resident.
    Residency,
    /// The product is for this kind of customer.
    CustomerKind,
    /// The product is not privately offered.
    Private,
    /// There is a valid assessment by the customer's own answers, where the product needs one.
    Assessment,
    /// The product's level does not exceed the customer's.
    Level,
    /// The term does not exceed the customer's horizon.
    Horizon,
    /// The money is redeemable in time for the customer's liquidity need.
    Liquidity,
    /// The customer's balance covers the minimum.
    Minimum,
    /// The customer is within the product's age limits.
    ProductAge,
    /// From the elder age on, the level does not exceed the elder ceiling.
    ElderCare,
    /// The customer does not hold it already.
    NotHeld,
    /// The customer has not declined it recently.
    NotDeclined,
    /// The customer has no open complaint.
    NoComplaint,
    /// A credit product needs pre-qualification.
    Prequalified,
}

impl RuleId {
    /// The code stored and used in catalogue keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::OnSale => "on_sale",
            Self::Capacity => "capacity",
            Self::Residency => "residency",
            Self::CustomerKind => "customer_kind",
            Self::Private => "private",
            Self::Assessment => "assessment",
            Self::Level => "level",
            Self::Horizon => "horizon",
            Self::Liquidity => "liquidity",
            Self::Minimum => "minimum",
            Self::ProductAge => "product_age",
            Self::ElderCare => "elder_care",
            Self::NotHeld => "not_held",
            Self::NotDeclined => "not_declined",
            Self::NoComplaint => "no_complaint",
            Self::Prequalified => "prequalified",
        }
    }
}

/// Admitted, or refused by the first rule that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Admitted,
    Refused(RuleId),
}

/// A decision together with its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub product: ProductCode,
    pub outcome: Outcome,
    pub rule_version: String,
    /// The values the rules used.
    pub inputs: Inputs,
}

impl Verdict {
    pub fn admits(&self) -> bool {
        self.outcome == Outcome::Admitted
    }
}

/// One rule. `passes` must be true only if the inputs prove it; an unknown value fails.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) id: RuleId,
    pub(super) passes: fn(&Inputs, &GateRules) -> bool,
}

const fn rule(id: RuleId, passes: fn(&Inputs, &GateRules) -> bool) -> Rule {
    Rule { id, passes }
}

/// The rules in the order of docs/domain.md §9. Consent comes first; the neutral list uses the others.
pub(super) const RULES: [Rule; 17] = [
    rule(RuleId::Consent, |i, _| i.consent),
    rule(RuleId::OnSale, |i, _| {
        i.state == SaleState::Open && i.on_sale_from <= i.day && i.on_sale_until.is_none_or(|last| i.day <= last)
    }),
    rule(RuleId::Capacity, |i, _| i.capacity),
    rule(RuleId::Residency, |i, _| i.resident || !i.residents_only),
    rule(RuleId::CustomerKind, |i, _| i.customers.include(i.customer)),
    rule(RuleId::Private, |i, _| !i.private),
    rule(RuleId::Assessment, |i, _| i.assessed || i.kind.open_to_unassessed()),
    rule(RuleId::Level, |i, _| {
        !i.kind.needs_level() || i.level.zip(i.product_level).is_some_and(|(customer, product)| product <= customer.ceiling())
    }),
    rule(RuleId::Horizon, |i, rules| {
        let (days, limit) = match i.horizon_days {
            Some(horizon) => (i.term_days.or(i.redeemable_within_days), horizon),
            None => (i.redeemable_within_days, rules.quick_redemption_days),
        };
        !i.kind.ties_up_money() || days.is_some_and(|days| days <= limit)
    }),
    rule(RuleId::Liquidity, |i, rules| {
        let (days, limit) = match i.liquidity_days {
            Some(need) => (i.redeemable_within_days.or(i.term_days), need),
            None => (i.redeemable_within_days, rules.quick_redemption_days),
        };
        !i.kind.ties_up_money() || days.is_some_and(|days| days <= limit)
    }),
    rule(RuleId::Minimum, |i, _| i.minimum <= i.available),
    rule(RuleId::ProductAge, |i, _| {
        i.min_age.is_none_or(|least| i.age.is_some_and(|age| age >= least))
            && i.max_age.is_none_or(|most| i.age.is_some_and(|age| age <= most))
    }),
    rule(RuleId::ElderCare, |i, rules| {
        let risky = i.kind.needs_level() && i.product_level.is_none_or(|level| level > rules.elder_ceiling);
        let young = i.customer == CustomerKind::Company || i.age.is_some_and(|age| age < rules.elder_from);
        !risky || young
    }),
    rule(RuleId::NotHeld, |i, _| !i.held),
    rule(RuleId::NotDeclined, |i, rules| i.declined_on.is_none_or(|on| days_between(on, i.day) >= rules.declined_days)),
    rule(RuleId::NoComplaint, |i, _| !i.open_complaint),
    rule(RuleId::Prequalified, |i, _| i.prequalified || !i.kind.is_credit()),
];

/// Applies the rules in order; the first that fails decides.
pub(super) fn judge(list: &[Rule], inputs: &Inputs, rules: &GateRules) -> Outcome {
    list.iter().find(|rule| !(rule.passes)(inputs, rules)).map_or(Outcome::Admitted, |rule| Outcome::Refused(rule.id))
}

/// The verdict of a list of rules on one product.
pub(super) fn verdict(list: &[Rule], known: &CustomerInputs, product: &Product, rules: &GateRules) -> Verdict {
    let inputs = known.inputs(product);
    Verdict { product: product.code.clone(), outcome: judge(list, &inputs, rules), rule_version: rules.version.clone(), inputs }
}

/// Whether this product may be recommended to this customer now.
pub fn decide(facts: &GateFacts, product: &Product, rules: &GateRules, now: At) -> Verdict {
    verdict(&RULES, &CustomerInputs::read(facts, rules, now.day()), product, rules)
}

/// Whether it may be in the neutral list: all rules except consent (docs/domain.md §9).
pub fn decide_neutral(facts: &GateFacts, product: &Product, rules: &GateRules, now: At) -> Verdict {
    verdict(&RULES[1..], &CustomerInputs::read(facts, rules, now.day()), product, rules)
}
