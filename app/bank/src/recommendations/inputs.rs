//! The inputs of a verdict: facts of one customer and one product on one day as plain values. They are stored with every
//! verdict. The rules are in [`super::gate`].

use serde::{Deserialize, Serialize};

use super::facts::{Assessment, GateFacts, Source};
use super::gate::GateRules;
use super::model::{CustomerLevel, Customers, Product, ProductKind, RiskLevel, SaleState};
use crate::kernel::money::Fen;
use crate::kernel::time::{Day, age_on};
use crate::sessions::CustomerKind;

/// All values a verdict is based on.
#[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no question of docs/domain.md §9")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The bank day of the decision.
    pub day: Day,
    pub kind: ProductKind,
    pub consent: bool,
    pub state: SaleState,
    /// First day of sale.
    pub on_sale_from: Day,
    /// Last day of sale, inclusive.
    pub on_sale_until: Option<Day>,
    /// The customer has full capacity for civil conduct.
    pub capacity: bool,
    pub resident: bool,
    pub residents_only: bool,
    pub customer: CustomerKind,
    /// Whom the product is for.
    pub customers: Customers,
    /// The product is privately offered.
    pub private: bool,
    /// Level of the latest assessment.
    pub level: Option<CustomerLevel>,
    /// Day of that assessment.
    pub assessed_on: Option<Day>,
    /// Last valid day of that assessment.
    pub valid_until: Option<Day>,
    /// The assessment is valid today, confirmed, and based on the customer's own answers.
    pub assessed: bool,
    /// The product level that counts, see [`Product::level`].
    pub product_level: Option<RiskLevel>,
    /// Horizon stated in a valid assessment, calendar days.
    pub horizon_days: Option<i64>,
    /// Liquidity need stated in a valid assessment, calendar days.
    pub liquidity_days: Option<i64>,
    /// Term of the product, calendar days.
    pub term_days: Option<i64>,
    /// Calendar days until the money is back.
    pub redeemable_within_days: Option<i64>,
    /// Total balance of the customer's active accounts.
    pub available: Fen,
    /// Minimum amount of the product.
    pub minimum: Fen,
    /// Age of the customer, years.
    pub age: Option<i64>,
    /// Minimum age of the product, years.
    pub min_age: Option<i64>,
    /// Maximum age of the product, years, inclusive.
    pub max_age: Option<i64>,
    /// The customer holds the product.
    pub held: bool,
    /// The day the customer last declined it.
    pub declined_on: Option<Day>,
    pub open_complaint: bool,
    /// The customer is pre-qualified for this product.
    pub prequalified: bool,
}

/// The facts of one customer on one day with the values derived from them, computed once for all products.
pub(super) struct CustomerInputs<'f> {
    facts: &'f GateFacts,
    day: Day,
    age: Option<i64>,
    valid_until: Option<Day>,
    valid: Option<Assessment>,
}

impl<'f> CustomerInputs<'f> {
    pub(super) fn read(facts: &'f GateFacts, rules: &GateRules, day: Day) -> Self {
        let valid_until = facts.assessment.map(|a| a.valid_until(rules.assessment_months));
        let valid = facts.assessment.filter(|a| {
            a.source == Source::Own && a.confirmed && a.assessed_on <= day && valid_until.is_some_and(|until| day <= until)
        });
        Self { facts, day, age: facts.born.map(|born| age_on(born, day)), valid_until, valid }
    }

    /// The inputs of the rules for one product.
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
