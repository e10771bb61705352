//! Test builders: one customer and one product that pass every rule.

use super::facts::{Assessment, GateFacts, Source};
use super::model::{CustomerLevel, Customers, Product, ProductCode, ProductKind, RiskLevel, SaleState};
use crate::kernel::bilingual::Bilingual;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::CustomerKind;

/// 2026-11-22 12:00 bank time.
pub fn now() -> At {
    At::of(Day::constant(2026, 11, 22), jiff::civil::time(12, 0, 0, 0))
}

/// A resident aged 46 with a valid C3 assessment who passes every rule for [`a_product`].
pub fn a_customer() -> GateFacts {
    GateFacts {
        consent: true,
        customer: CustomerKind::Personal,
        capacity: true,
        resident: true,
        born: Some(Day::constant(1980, 1, 1)),
        assessment: Some(Assessment {
            level: CustomerLevel::C3,
            source: Source::Own,
            assessed_on: Day::constant(2026, 6, 1),
            confirmed: true,
            horizon_days: Some(365),
            liquidity_days: Some(180),
        }),
        available: Fen::from_yuan(100_000),
        holdings: Vec::new(),
        declined: Vec::new(),
        open_complaint: false,
        prequalified: Vec::new(),
    }
}

/// A wealth product of level R2, term 90 days, minimum 10,000 yuan.
pub fn a_product() -> Product {
    let text = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    Product {
        code: ProductCode("sample".to_owned()),
        kind: ProductKind::Wealth,
        name: text("样品", "Sample"),
        summary: text("样品", "Sample"),
        issuer_level: Some(RiskLevel::R2),
        seller_level: Some(RiskLevel::R2),
        rerated_on: None,
        state: SaleState::Open,
        on_sale_from: Day::constant(2026, 1, 1),
        on_sale_until: None,
        minimum: Fen::from_yuan(10_000),
        per_person: None,
        term_days: Some(90),
        redeemable_within_days: None,
        customers: Customers::Personal,
        min_age: None,
        max_age: None,
        residents_only: false,
        private: false,
        for_vip: false,
        fictitious: false,
        registration: None,
        benchmark: None,
        rates: Vec::new(),
        features: Vec::new(),
        against: vec![text("可能亏损", "You may lose money")],
        suits: Vec::new(),
    }
}
