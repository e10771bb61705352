//! The texts about a case of any kind: its kind, its state, what it is about, what happened to it; and the customer's
//! page of it. Shared by the customer's pages and the desk, so that both see one life of the case (docs/domain.md
//! §1). The words are the kind's own ([`crate::kinds`]). Not here: messages (`messages`).
//!
//! Reading order: this file (states and titles), `history.rs` (what happened), `pages.rs` (the customer's page).

mod history;
mod pages;

use bank::cases::{CaseKind, CaseLine, QuotaFull};
use bank::kernel::language::Language;

pub use history::{Reader, comma, history_entry, history_words, join};
pub use pages::{mine, routes};

use crate::kinds;
use crate::t;
use crate::ui::parts::Tone;
use crate::words::Locale;

/// A state of a case in words, with the colour that repeats them. A code nobody knows is said as it is.
pub fn state_words(locale: Locale, kind: CaseKind, state: &str) -> (String, Tone) {
    kinds::of(kind).and_then(|ui| ui.state(locale, state)).unwrap_or_else(|| (state.to_owned(), Tone::Neutral))
}

/// A used up quota in words: what, and what makes room.
pub fn quota_words(l: Locale, full: QuotaFull) -> (String, String) {
    match full {
        QuotaFull::Open { max } => (t!(l, cases.quota.open, max = max), t!(l, cases.quota.open_text)),
        QuotaFull::Today { max } => (t!(l, cases.quota.today, max = max), t!(l, cases.quota.today_text)),
    }
}

/// A kind in one word, for filters.
pub fn kind_words(locale: Locale, kind: CaseKind) -> String {
    kinds::of(kind).map_or_else(|| kind.code().to_owned(), |ui| ui.name(locale))
}

/// What a case is about, as its page's heading says it.
pub fn title_words(language: Language, case: &CaseLine) -> String {
    kinds::of(case.kind).map_or_else(|| case.number.clone(), |ui| ui.title(language, case))
}

/// What a case is about, as short as a line of a list allows.
pub fn short_words(language: Language, case: &CaseLine) -> String {
    kinds::of(case.kind).map_or_else(|| case.number.clone(), |ui| ui.short(language, case))
}
