//! Texts about cases of any kind (kind, state, subject, history), and the customer's page of a case. Customer pages and desk
//! share them, so that both show the same case (docs/domain.md §1). The texts come from the kinds ([`crate::kinds`]).
//!
//! Reading order: this file (states and titles), `history.rs`, `pages.rs` (the customer's page).

mod history;
mod pages;
pub mod parameters;

use bank::cases::{CaseKind, CaseLine, QuotaFull};
use bank::kernel::language::Language;

pub use history::{Reader, comma, desk_timeline, history_entry, history_words, join};
pub use pages::{DAY, mine, routes};

use crate::kinds;
use crate::ui::parts::Tone;
use crate::words::Locale;
use crate::{counted, t};

/// Name and colour of a state; an unknown code is shown as it is.
pub fn state_words(locale: Locale, kind: CaseKind, state: &str) -> (String, Tone) {
    kinds::of(kind).and_then(|ui| ui.state(locale, state)).unwrap_or_else(|| (state.to_owned(), Tone::Neutral))
}

/// The same for the customer.
pub fn state_told(locale: Locale, kind: CaseKind, state: &str) -> (String, Tone) {
    let (words, tone) = state_words(locale, kind, state);
    (kinds::of(kind).and_then(|ui| ui.state_told(locale, state)).unwrap_or(words), tone)
}

/// The texts of an exhausted quota: the limit, and what frees it.
pub fn quota_words(l: Locale, full: QuotaFull) -> (String, String) {
    match full {
        QuotaFull::Open { max } => (t!(l, cases.quota.open, max = max), t!(l, cases.quota.open_text)),
        QuotaFull::Today { max } => {
            (counted!(l, max, [cases.quota.today_one], [cases.quota.today], max = max), t!(l, cases.quota.today_text))
        }
    }
}

/// The name of a kind, for filters.
pub fn kind_words(locale: Locale, kind: CaseKind) -> String {
    kinds::of(kind).map_or_else(|| kind.code().to_owned(), |ui| ui.name(locale))
}

/// What a case is about, for the heading of its page.
pub fn title_words(language: Language, case: &CaseLine) -> String {
    kinds::of(case.kind).map_or_else(|| case.number.clone(), |ui| ui.title(language, case))
}

/// What a case is about, as short as a line of a list requires.
pub fn short_words(language: Language, case: &CaseLine) -> String {
    kinds::of(case.kind).map_or_else(|| case.number.clone(), |ui| ui.short(language, case))
}
