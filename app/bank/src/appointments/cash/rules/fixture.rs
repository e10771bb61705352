//! A customer, a branch and an accepted form, for tests that change one thing at a time.

use std::collections::BTreeSet;

use jiff::civil::{date, time};

use super::super::CashParameters;
use super::{ParsedCashForm, read_cash};
use crate::appointments::cash::availability::{
    Availability, CashContext, CashLimits, CutoffStatus, DayAvailability, SlotAvailability,
};
use crate::appointments::cash::model::Notes;
use crate::kernel::forms::{Nearest, Values};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time};

/// The n-th working day of the window of Tuesday 2026-12-01.
pub(crate) fn day(n: usize) -> Day {
    [2, 3, 4, 7, 8].get(n).map(|day| date(2026, 12, *day)).expect("a day of the window")
}

pub(crate) fn hour(hour: i8) -> Time {
    time(hour, 0, 0, 0)
}

/// A personal customer, with a branch that has places, cash and notes on every day.
pub(crate) fn context() -> CashContext {
    let available = |n| DayAvailability {
        slot_minutes: 60,
        day: day(n),
        open: true,
        slots: [9, 10, 11, 14, 15, 16].map(|at| SlotAvailability { slot: hour(at), places: 4 }).to_vec(),
        cash_left: Fen::from_yuan(2_000_000),
        stock_left: Notes([20_000, 5_000, 5_000, 5_000, 2_000, 5_000]),
    };
    CashContext {
        now: At::of(date(2026, 12, 1), hour(10)),
        limits: CashLimits::from(&CashParameters::default()),
        corporate: false,
        risk_flag: false,
        accounts: vec!["a1".to_owned(), "a2".to_owned()],
        balances: vec![Fen::from_yuan(5_000_000), Fen::from_yuan(5_000_000)],
        branches: vec!["b1".to_owned(), "b2".to_owned()],
        availability: Some(Availability { days: (0..5).map(available).collect(), cutoff_status: CutoffStatus::InTime(hour(15)) }),
        booked: Vec::new(),
        busy: Vec::new(),
        blocked_until: None,
        open_left: Fen::from_yuan(1_000_000),
        known_to: None,
        own: None,
    }
}

pub(crate) fn accepted() -> Values {
    values(&[
        ("branch", "b1"),
        ("day", "2026-12-03"),
        ("slot", "10:00"),
        ("account", "a1"),
        ("amount", "60000"),
        ("notes_100", "600"),
        ("collector", "self"),
        ("phone", "13800138000"),
    ])
}

pub(crate) fn values(pairs: &[(&str, &str)]) -> Values {
    Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// The accepted form with some values replaced; an empty value removes the field.
pub(crate) fn with(pairs: &[(&str, &str)]) -> Values {
    apply(&accepted(), &Nearest(values(pairs).0))
}

/// A form with the values of an offer filled in.
pub(crate) fn apply(form: &Values, nearest: &Nearest) -> Values {
    let mut form = form.clone();
    for (name, value) in &nearest.0 {
        form.set(name, value.clone());
    }
    form
}

/// Parses a form all of whose fields have been shown.
pub(crate) fn read(values: &Values, context: &CashContext) -> ParsedCashForm {
    let fields = [
        "branch",
        "day",
        "slot",
        "account",
        "amount",
        "notes_100",
        "any_notes",
        "purpose",
        "purpose_other",
        "collector",
        "agent_name",
        "agent_id_type",
        "agent_id",
        "phone",
        "remark",
    ];
    let offered: BTreeSet<String> = fields.map(str::to_owned).into();
    read_cash(values, &offered, context)
}
