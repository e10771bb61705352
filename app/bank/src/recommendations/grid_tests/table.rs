//! Types of the gate's grids: axes, rows, and helpers that set a value in facts or product. Calls nothing of the gate. A row
//! refuses if every axis it names has one of the values it names; the first such row decides. The first value of every axis
//! is the admitted one. The grids: [`super::main_grid`], [`super::side_grid`].

use super::super::facts::{Assessment, Declined, GateFacts, Source};
use super::super::model::{CustomerLevel, Product, ProductCode, RiskLevel, SaleState};
use crate::kernel::time::Day;

/// A value of an axis: its name and the function that sets it.
pub type Value<T> = (&'static str, fn(&mut T));

/// One varying property of the customer or of the product.
pub struct Axis<T: 'static> {
    pub name: &'static str,
    pub values: &'static [Value<T>],
}

/// One row of a table.
pub struct Row {
    pub rule: &'static str,
    pub when: &'static [(&'static str, &'static str)],
}

impl Row {
    pub fn allows(&self, axis: &str, label: &str) -> bool {
        self.when.iter().filter(|(name, _)| *name == axis).all(|(_, labels)| labels.split(' ').any(|known| known == label))
    }
}

/// Axes and their table. The customer's axes come first, so that values derived from them are computed once.
pub struct Grid {
    pub customer: &'static [Axis<GateFacts>],
    pub product: &'static [Axis<Product>],
    pub rows: &'static [Row],
}

impl Grid {
    /// Names and values of all axes, in the order of the walk.
    pub fn axes(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let customer = self.customer.iter().map(|axis| (axis.name, labels(axis)));
        let product = self.product.iter().map(|axis| (axis.name, labels(axis)));
        customer.chain(product).collect()
    }
}

fn labels<T>(axis: &Axis<T>) -> Vec<&'static str> {
    axis.values.iter().map(|(label, _)| *label).collect()
}

pub const fn axis<T>(name: &'static str, values: &'static [Value<T>]) -> Axis<T> {
    Axis { name, values }
}

pub const fn row(rule: &'static str, when: &'static [(&'static str, &'static str)]) -> Row {
    Row { rule, when }
}

/// The day of these tests.
pub const TODAY: Day = Day::constant(2026, 11, 22);

pub fn code() -> ProductCode {
    ProductCode("sample".to_owned())
}

pub fn assess(facts: &mut GateFacts, source: Source, assessed_on: Day, confirmed: bool) {
    facts.assessment = Some(Assessment {
        level: CustomerLevel::C4,
        source,
        assessed_on,
        confirmed,
        horizon_days: Some(365),
        liquidity_days: Some(365),
    });
}

pub fn level(facts: &mut GateFacts, level: CustomerLevel) {
    if let Some(assessment) = &mut facts.assessment {
        assessment.level = level;
    }
}

pub fn rate(product: &mut Product, issuer: Option<RiskLevel>, seller: Option<RiskLevel>) {
    product.issuer_level = issuer;
    product.seller_level = seller;
}

/// Sets horizon and liquidity need of the assessment.
pub fn stated(facts: &mut GateFacts, horizon: Option<i64>, liquidity: Option<i64>) {
    if let Some(assessment) = &mut facts.assessment {
        assessment.horizon_days = horizon;
        assessment.liquidity_days = liquidity;
    }
}

/// Sets term and days until the money is back.
pub fn back(product: &mut Product, term: Option<i64>, within: Option<i64>) {
    product.term_days = term;
    product.redeemable_within_days = within;
}

pub fn sale(product: &mut Product, state: SaleState, from: Day, until: Option<Day>, private: bool) {
    product.state = state;
    product.on_sale_from = from;
    product.on_sale_until = until;
    product.private = private;
}

pub fn declined(facts: &mut GateFacts, on: Option<Day>) {
    facts.declined.clear();
    facts.declined.extend(on.map(|on| Declined { product: code(), on }));
}
