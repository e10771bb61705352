//! The side grid of the gate, from docs/domain.md §9: axes that are constant in the main grid, for every kind of product.
//! It calls nothing of the gate; the format of rows is in [`super::table`].

use super::super::facts::{GateFacts, Source};
use super::super::model::{Customers, ProductCode, ProductKind, RiskLevel, SaleState};
use super::table::{Grid, TODAY, assess, axis, back, code, rate, row, sale, stated};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;
use crate::sessions::CustomerKind;

/// Kinds that have a level.
const RATED: &str = "wealth structured fund insurance metal";
/// Kinds that tie up money.
const MONEY: &str = "wealth structured fund insurance metal deposit treasury large_cd";

/// A C4 assessment by the customer's own answers, made today, with a horizon of a year and no stated liquidity need.
fn need_unstated(facts: &mut GateFacts) {
    assess(facts, Source::Own, TODAY, true);
    stated(facts, Some(365), None);
}

/// Every kind × customers the product is for × its own limits × validity of the assessment × issuer's and seller's level.
/// The customer's level is C4.
pub const SIDE: Grid = Grid {
    customer: &[
        axis(
            "assessment",
            &[
                ("own", |f| assess(f, Source::Own, TODAY, true)),
                ("own-need-unstated", need_unstated),
                ("copied", |f| assess(f, Source::Copied, TODAY, true)),
                ("unconfirmed", |f| assess(f, Source::Own, TODAY, false)),
                ("from-tomorrow", |f| {
                    assess(f, Source::Own, Day::constant(2026, 11, 23), true);
                }),
            ],
        ),
        axis(
            "customer",
            &[("person", |f| f.customer = CustomerKind::Personal), ("company", |f| f.customer = CustomerKind::Company)],
        ),
        axis(
            "age",
            &[
                ("40", |f| f.born = Some(Day::constant(1986, 1, 1))),
                ("17", |f| f.born = Some(Day::constant(2008, 11, 23))),
                ("18", |f| f.born = Some(Day::constant(2008, 11, 22))),
                ("70", |f| f.born = Some(Day::constant(1955, 11, 23))),
                ("71", |f| f.born = Some(Day::constant(1955, 11, 22))),
                ("unknown", |f| f.born = None),
            ],
        ),
        axis("resident", &[("yes", |f| f.resident = true), ("no", |f| f.resident = false)]),
        axis(
            "prequalified",
            &[
                ("yes", |f| f.prequalified = vec![code()]),
                ("for-another", |f| {
                    f.prequalified = vec![ProductCode("another".to_owned())];
                }),
            ],
        ),
    ],
    product: &[
        axis(
            "kind",
            &[
                ("wealth", |p| p.kind = ProductKind::Wealth),
                ("structured", |p| p.kind = ProductKind::StructuredDeposit),
                ("fund", |p| p.kind = ProductKind::Fund),
                ("insurance", |p| p.kind = ProductKind::Insurance),
                ("metal", |p| p.kind = ProductKind::PreciousMetal),
                ("deposit", |p| p.kind = ProductKind::Deposit),
                ("treasury", |p| p.kind = ProductKind::TreasuryBond),
                ("service", |p| p.kind = ProductKind::Service),
                ("large_cd", |p| p.kind = ProductKind::LargeCd),
                ("loan", |p| p.kind = ProductKind::Loan),
                ("card", |p| p.kind = ProductKind::Card),
            ],
        ),
        axis(
            "for",
            &[
                ("both", |p| p.customers = Customers::Both),
                ("persons", |p| p.customers = Customers::Personal),
                ("companies", |p| p.customers = Customers::Company),
            ],
        ),
        axis(
            "rating",
            &[
                ("both-R3", |p| {
                    rate(p, Some(RiskLevel::R3), Some(RiskLevel::R3));
                }),
                ("issuer-R5", |p| {
                    rate(p, Some(RiskLevel::R5), Some(RiskLevel::R1));
                }),
                ("seller-R4", |p| {
                    rate(p, Some(RiskLevel::R1), Some(RiskLevel::R4));
                }),
                ("issuer-only-R1", |p| rate(p, Some(RiskLevel::R1), None)),
            ],
        ),
        axis(
            "back",
            &[
                ("at-once", |p| back(p, None, Some(0))),
                ("at-maturity-in-8", |p| back(p, Some(8), None)),
                ("never-told", |p| back(p, None, None)),
            ],
        ),
        axis(
            "limits",
            &[("none", |p| (p.min_age, p.max_age) = (None, None)), ("18-70", |p| (p.min_age, p.max_age) = (Some(18), Some(70)))],
        ),
        axis("residents", &[("and-others", |p| p.residents_only = false), ("only", |p| p.residents_only = true)]),
        axis("minimum", &[("none", |p| p.minimum = Fen(0)), ("out-of-reach", |p| p.minimum = Fen::from_yuan(5_000_000))]),
        axis(
            "state",
            &[
                ("on-sale", |p| {
                    sale(p, SaleState::Open, Day::constant(2026, 1, 1), None, false);
                }),
                ("not-yet", |p| {
                    sale(p, SaleState::Open, Day::constant(2026, 11, 23), None, false);
                }),
                ("withdrawn", |p| {
                    sale(p, SaleState::Withdrawn, TODAY, None, false);
                }),
                ("private", |p| sale(p, SaleState::Open, TODAY, None, true)),
            ],
        ),
    ],
    rows: &[
        row("on_sale", &[("state", "not-yet withdrawn")]),
        row("residency", &[("resident", "no"), ("residents", "only")]),
        row("customer_kind", &[("customer", "company"), ("for", "persons")]),
        row("customer_kind", &[("customer", "person"), ("for", "companies")]),
        row("private", &[("state", "private")]),
        row(
            "assessment",
            &[
                ("kind", "wealth structured fund insurance metal large_cd loan card"),
                ("assessment", "copied unconfirmed from-tomorrow"),
            ],
        ),
        row("level", &[("kind", RATED), ("rating", "issuer-R5 issuer-only-R1")]),
        row("horizon", &[("kind", MONEY), ("back", "never-told")]),
        row("horizon", &[("kind", MONEY), ("back", "at-maturity-in-8"), ("assessment", "copied unconfirmed from-tomorrow")]),
        row("liquidity", &[("kind", MONEY), ("back", "at-maturity-in-8"), ("assessment", "own-need-unstated")]),
        row("minimum", &[("minimum", "out-of-reach")]),
        row("product_age", &[("limits", "18-70"), ("age", "17 71 unknown")]),
        row("elder_care", &[("kind", RATED), ("customer", "person"), ("rating", "seller-R4"), ("age", "70 71 unknown")]),
        row("prequalified", &[("kind", "loan card"), ("prequalified", "for-another")]),
    ],
};
