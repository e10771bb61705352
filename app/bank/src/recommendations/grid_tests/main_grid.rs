//! The main grid of the gate, from docs/domain.md §9: every combination of its axes.
//! It calls nothing of the gate; the format of rows is in [`super::table`].

use super::super::facts::{Holding, Source};
use super::super::model::{CustomerLevel, ProductKind, RiskLevel, SaleState};
use super::table::{Grid, TODAY, assess, axis, back, code, declined, level, rate, row, sale, stated};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// The customer's balance in this grid.
const AVAILABLE: Fen = Fen::from_yuan(50_000);

/// Level × product level × age × residency × consent × assessment × horizon × minimum × capacity × held × declined ×
/// complaint × pre-qualified × sale, for one kind of each group that the rules distinguish. The term is 90 days.
pub const MAIN: Grid = Grid {
    customer: &[
        axis(
            "assessment",
            &[
                ("fresh", |f| assess(f, Source::Own, TODAY, true)),
                ("last-day", |f| {
                    assess(f, Source::Own, Day::constant(2025, 11, 23), true);
                }),
                ("stale", |f| {
                    assess(f, Source::Own, Day::constant(2025, 11, 22), true);
                }),
                ("predicted", |f| assess(f, Source::Predicted, TODAY, true)),
                ("none", |f| f.assessment = None),
            ],
        ),
        axis(
            "level",
            &[
                ("C5", |f| level(f, CustomerLevel::C5)),
                ("C4", |f| level(f, CustomerLevel::C4)),
                ("C3", |f| level(f, CustomerLevel::C3)),
                ("C2", |f| level(f, CustomerLevel::C2)),
                ("C1", |f| level(f, CustomerLevel::C1)),
            ],
        ),
        axis(
            "stated",
            &[
                ("fits", |f| stated(f, Some(90), Some(8))),
                ("nothing", |f| stated(f, None, None)),
                ("horizon-89", |f| stated(f, Some(89), Some(8))),
                ("need-7", |f| stated(f, Some(90), Some(7))),
            ],
        ),
        axis(
            "age",
            &[
                ("64", |f| f.born = Some(Day::constant(1961, 11, 23))),
                ("65", |f| f.born = Some(Day::constant(1961, 11, 22))),
                ("unknown", |f| f.born = None),
            ],
        ),
        axis("prequalified", &[("yes", |f| f.prequalified = vec![code()]), ("no", |f| f.prequalified.clear())]),
        axis(
            "held",
            &[
                ("no", |f| f.holdings.clear()),
                ("yes", |f| {
                    f.holdings = vec![Holding { product: code(), kind: ProductKind::Fund, matures_on: None }];
                }),
            ],
        ),
        axis(
            "declined",
            &[
                ("90-days-ago", |f| {
                    declined(f, Some(Day::constant(2026, 8, 24)));
                }),
                ("89-days-ago", |f| {
                    declined(f, Some(Day::constant(2026, 8, 25)));
                }),
            ],
        ),
        axis("complaint", &[("none", |f| f.open_complaint = false), ("open", |f| f.open_complaint = true)]),
        axis("capacity", &[("full", |f| f.capacity = true), ("none", |f| f.capacity = false)]),
        axis("resident", &[("yes", |f| f.resident = true), ("no", |f| f.resident = false)]),
        axis(
            "consent",
            &[
                ("on", |f| (f.consent, f.available) = (true, AVAILABLE)),
                ("off", |f| (f.consent, f.available) = (false, AVAILABLE)),
            ],
        ),
    ],
    product: &[
        axis(
            "kind",
            &[
                ("wealth", |p| {
                    (p.kind, p.residents_only) = (ProductKind::Wealth, true);
                }),
                ("deposit", |p| {
                    (p.kind, p.residents_only) = (ProductKind::Deposit, true);
                }),
                ("large_cd", |p| {
                    (p.kind, p.residents_only) = (ProductKind::LargeCd, true);
                }),
                ("loan", |p| (p.kind, p.residents_only) = (ProductKind::Loan, true)),
            ],
        ),
        axis(
            "product",
            &[
                ("R1", |p| rate(p, Some(RiskLevel::R1), Some(RiskLevel::R1))),
                ("R2", |p| rate(p, Some(RiskLevel::R2), Some(RiskLevel::R1))),
                ("R3", |p| rate(p, Some(RiskLevel::R1), Some(RiskLevel::R3))),
                ("R4", |p| rate(p, Some(RiskLevel::R4), Some(RiskLevel::R4))),
                ("R5", |p| rate(p, None, Some(RiskLevel::R5))),
                ("unrated", |p| rate(p, None, None)),
            ],
        ),
        axis("back", &[("in-7-days", |p| back(p, Some(90), Some(7))), ("in-8-days", |p| back(p, Some(90), Some(8)))]),
        axis("minimum", &[("enough", |p| p.minimum = AVAILABLE), ("short", |p| p.minimum = Fen(AVAILABLE.0 + 1))]),
        axis(
            "state",
            &[
                ("on-sale", |p| {
                    sale(p, SaleState::Open, TODAY, Some(TODAY), false);
                }),
                ("ended", |p| {
                    sale(p, SaleState::Open, Day::constant(2026, 1, 1), Some(Day::constant(2026, 11, 21)), false);
                }),
                ("suspended", |p| {
                    sale(p, SaleState::Suspended, TODAY, None, false);
                }),
                ("private", |p| sale(p, SaleState::Open, TODAY, None, true)),
            ],
        ),
    ],
    rows: &[
        row("consent", &[("consent", "off")]),
        row("on_sale", &[("state", "ended suspended")]),
        row("capacity", &[("capacity", "none")]),
        row("residency", &[("resident", "no")]),
        row("private", &[("state", "private")]),
        row("assessment", &[("kind", "wealth large_cd loan"), ("assessment", "none stale predicted")]),
        row("level", &[("kind", "wealth"), ("product", "unrated")]),
        row("level", &[("kind", "wealth"), ("level", "C4"), ("product", "R5")]),
        row("level", &[("kind", "wealth"), ("level", "C3"), ("product", "R4 R5")]),
        row("level", &[("kind", "wealth"), ("level", "C2"), ("product", "R3 R4 R5")]),
        row("level", &[("kind", "wealth"), ("level", "C1"), ("product", "R2 R3 R4 R5")]),
        row("horizon", &[("kind", "wealth deposit large_cd"), ("stated", "horizon-89"), ("assessment", "fresh last-day")]),
        row("horizon", &[("kind", "wealth deposit large_cd"), ("stated", "nothing"), ("back", "in-8-days")]),
        row("horizon", &[("kind", "wealth deposit large_cd"), ("assessment", "none stale predicted"), ("back", "in-8-days")]),
        row("liquidity", &[("kind", "wealth deposit large_cd"), ("stated", "need-7"), ("back", "in-8-days")]),
        row("minimum", &[("minimum", "short")]),
        row("elder_care", &[("kind", "wealth"), ("age", "65 unknown"), ("product", "R4 R5")]),
        row("not_held", &[("held", "yes")]),
        row("not_declined", &[("declined", "89-days-ago")]),
        row("no_complaint", &[("complaint", "open")]),
        row("prequalified", &[("kind", "loan"), ("prequalified", "no")]),
    ],
};
