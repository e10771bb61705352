//! How a case of any kind is said: its kind, its state, what it is about, and what happened to it. Shared by the
//! customer's pages and the desk, so that both see one life of the case (docs/domain.md §1). Not here: pages, which
//! belong to the kind's own folder and to `desk`; messages (`messages`).
//!
//! Reading order: this file (states and titles), `history.rs` (what happened).

mod history;

use bank::appointments::reception::Topic;
use bank::cases::{CaseKind, CaseLine};
use bank::kernel::language::{Language, amount};

pub use history::{Reader, comma, history_entry, history_words, join, judgement_words, offered_words};

use crate::suggestions::category_words;
use crate::t;
use crate::ui::parts::Tone;
use crate::words::{Locale, locale};

/// A state of a case in words, with the colour that repeats them. A code nobody knows is said as it is.
pub fn state_words(locale: Locale, state: &str) -> (String, Tone) {
    match state {
        "submitted" => (t!(locale, cases.submitted), Tone::Brand),
        "applied" => (t!(locale, cases.applied), Tone::Brand),
        "recorded" => (t!(locale, cases.recorded), Tone::Brand),
        "awaiting_approval" => (t!(locale, cases.awaiting_approval), Tone::Wait),
        "confirmed" => (t!(locale, cases.confirmed), Tone::Ok),
        "prepared" => (t!(locale, cases.prepared), Tone::Ok),
        "arrived" => (t!(locale, cases.arrived), Tone::Brand),
        "completed" => (t!(locale, cases.completed), Tone::Neutral),
        "answered" => (t!(locale, cases.answered), Tone::Ok),
        "cancelled" => (t!(locale, cases.cancelled), Tone::Neutral),
        "declined" => (t!(locale, cases.declined), Tone::Seal),
        "timed_out" => (t!(locale, cases.timed_out), Tone::Seal),
        "no_show" => (t!(locale, cases.no_show), Tone::Seal),
        other => (other.to_owned(), Tone::Neutral),
    }
}

/// A kind in one word, for filters.
pub fn kind_words(locale: Locale, kind: CaseKind) -> String {
    match kind {
        CaseKind::Cash => t!(locale, cases.cash),
        CaseKind::Reception => t!(locale, cases.reception),
        CaseKind::Suggestion => t!(locale, cases.suggestion),
    }
}

/// What a case is about, as its page's heading says it: 大额取款 200,000 元.
pub fn title_words(language: Language, case: &CaseLine) -> String {
    let locale = locale(language);
    match case.kind {
        CaseKind::Cash => t!(locale, cases.cash_title, amount = amount(language, case.amount.unwrap_or_default())),
        CaseKind::Reception => t!(locale, cases.reception_title, topic = topic_words(locale, case)),
        CaseKind::Suggestion => t!(locale, cases.suggestion_title, topic = topic_words(locale, case)),
    }
}

/// What a case is about, as short as a line of a list allows: 取款 200,000 元.
pub fn short_words(language: Language, case: &CaseLine) -> String {
    let locale = locale(language);
    match case.kind {
        CaseKind::Cash => t!(locale, cases.cash_short, amount = amount(language, case.amount.unwrap_or_default())),
        CaseKind::Reception => t!(locale, cases.reception_short, topic = topic_words(locale, case)),
        CaseKind::Suggestion => t!(locale, cases.suggestion_short, topic = topic_words(locale, case)),
    }
}

/// Topic of a reception, category of a suggestion.
fn topic_words(locale: Locale, case: &CaseLine) -> String {
    match (case.kind, Topic::parse(&case.topic)) {
        (CaseKind::Suggestion, _) => category_words(locale, &case.topic),
        (CaseKind::Reception, Some(topic)) => reception_topic_words(locale, topic),
        _ => case.topic.clone(),
    }
}

/// A topic of a reception in words.
pub fn reception_topic_words(locale: Locale, topic: Topic) -> String {
    match topic {
        Topic::Product => t!(locale, cases.topic_product),
        Topic::Service => t!(locale, cases.topic_service),
        Topic::Complaint => t!(locale, cases.topic_complaint),
        Topic::Financing => t!(locale, cases.topic_financing),
        Topic::Other => t!(locale, cases.topic_other),
    }
}
