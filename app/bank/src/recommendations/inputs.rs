//! What a verdict rests on: facts of one customer and one product, read into plain values on one day.
//! Kept with every verdict, so that it can be judged again. Decides nothing; the rules are in [`super::gate`].

use serde::{Deserialize, Serialize};

use super::facts::{Assessment, GateFacts, Source};
use super::gate::GateRules;
use super::model::{CustomerKind, CustomerLevel, Customers, Kind, Product, RiskLevel, SaleState};
use crate::kernel::money::Fen;
use crate::kernel::time::{Day, age_on};

/// Everything a verdict rested on, as values: read once, kept whole.
#[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no question of docs/domain.md §9")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The bank's day of the decision.
    pub day: Day,
    /// Kind of the product.
    pub kind: Kind,
    pub consent: bool,
    /// Sale state of the product.
    pub state: SaleState,
    /// First day of sale.
    pub on_sale_from: Day,
    /// Last day of sale.
    pub on_sale_until: Option<Day>,
    /// Full capacity.
    pub capacity: bool,
    pub resident: bool,
    /// The product is for residents only.
    pub residents_only: bool,
    /// Kind of the customer.
    pub customer: CustomerKind,
    /// Whom the product is for.
    pub customers: Customers,
    /// Privately offered.
    pub private: bool,
    /// Level of the latest assessment.
    pub level: Option<CustomerLevel>,
    /// When that was made.
    pub assessed_on: Option<Day>,
    /// Its last valid day.
    pub valid_until: Option<Day>,
    /// It is valid today, the customer's own and confirmed.
    pub assessed: bool,
    /// Level of the product that counts.
    pub product_level: Option<RiskLevel>,
    /// Horizon of a valid assessment.
    pub horizon_days: Option<i64>,
    /// Liquidity need of a valid assessment.
    pub liquidity_days: Option<i64>,
    /// Term of the product.
    pub term_days: Option<i64>,
    /// Days to have the money back.
    pub redeemable_within_days: Option<i64>,
    /// What the customer has.
    pub available: Fen,
    /// What the product asks at least.
    pub minimum: Fen,
    /// Age in years.
    pub age: Option<i64>,
    /// Least age of the product.
    pub min_age: Option<i64>,
    /// Greatest age of the product.
    pub max_age: Option<i64>,
    /// Held already.
    pub held: bool,
    /// Declined last on.
    pub declined_on: Option<Day>,
    pub open_complaint: bool,
    /// Pre-qualified for this product.
    pub prequalified: bool,
}

/// A customer as the gate sees them on one day: what follows from the facts alone, worked out once for all products.
pub(super) struct Known<'f> {
    facts: &'f GateFacts,
    day: Day,
    age: Option<i64>,
    valid_until: Option<Day>,
    valid: Option<Assessment>,
}

impl<'f> Known<'f> {
    pub(super) fn read(facts: &'f GateFacts, rules: &GateRules, day: Day) -> Self {
        let valid_until = facts.assessment.map(|a| a.valid_until(rules.assessment_months));
        let valid = facts.assessment.filter(|a| {
            a.source == Source::Own && a.confirmed && a.assessed_on <= day && valid_until.is_some_and(|until| day <= until)
        });
        Self { facts, day, age: facts.born.map(|born| age_on(born, day)), valid_until, valid }
    }

    /// What the rules look at for one product.
    pub(super) fn inputs(&self, product: &Product) -> Inputs {
        let facts = self.facts;
        Inputs {
            day: self.day,
            kind: product.kind,
            consent: facts.consent,
            state: product.state,
            on_sale_from: product.on_sale_from,
            on_sale_until: product.on_sale_until,
            capacity: facts.capacity,
            resident: facts.resident,
            residents_only: product.residents_only,
            customer: facts.customer,
            customers: product.customers,
            private: product.private,
            level: facts.assessment.map(|a| a.level),
            assessed_on: facts.assessment.map(|a| a.assessed_on),
            valid_until: self.valid_until,
            assessed: self.valid.is_some(),
            product_level: product.level(),
            horizon_days: self.valid.and_then(|a| a.horizon_days),
            liquidity_days: self.valid.and_then(|a| a.liquidity_days),
            term_days: product.term_days,
            redeemable_within_days: product.redeemable_within_days,
            available: facts.available,
            minimum: product.minimum,
            age: self.age,
            min_age: product.min_age,
            max_age: product.max_age,
            held: facts.holdings.iter().any(|held| held.product == product.code),
            declined_on: facts.declined.iter().filter(|d| d.product == product.code).map(|d| d.on).max(),
            open_complaint: facts.open_complaint,
            prequalified: facts.prequalified.contains(&product.code),
        }
    }
}
