//! An action the bank did not carry out, as it is kept with the form and said on the page: what was pressed, on which
//! version of the case, why not, and the ways out.

use bank::cases::{DeskRefusal, HistoryLine};
use bank::kernel::forms::{Nearest, Refusal};
use bank::kernel::language::{Language, day_long, moment};
use bank::kernel::money::grouped;
use bank::kernel::time::{At, parse_day};
use serde::{Deserialize, Serialize};

use crate::cases::{Reader, history_words};
use crate::t;
use crate::words::{Locale, locale};

/// What `form_states.refusal` holds for a form of the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The case.
    pub number: String,
    /// The version the page showed.
    pub since: i64,
    /// What the bank said; a form with several fields may be wrong in several.
    pub refusals: Vec<DeskRefusal>,
}

/// A refusal in words: what, and why with what would be accepted.
pub fn refusal_words(language: Language, refusal: &DeskRefusal, now: At) -> (String, String) {
    let locale = locale(language);
    match refusal {
        DeskRefusal::Changed => (t!(locale, desk.changed_title), t!(locale, desk.changed_text)),
        DeskRefusal::NotNow => (t!(locale, desk.not_now_title), t!(locale, desk.not_now_text)),
        DeskRefusal::NotYours => (t!(locale, desk.not_yours_title), t!(locale, desk.not_yours_text)),
        DeskRefusal::OwnConfirmation => (t!(locale, desk.own_confirmation_title), t!(locale, desk.own_confirmation_text)),
        DeskRefusal::TooEarly { from } => {
            (t!(locale, desk.too_early_title), t!(locale, desk.too_early_text, time = moment(language, *from, now)))
        }
        DeskRefusal::ReasonMissing => (t!(locale, desk.reason_missing_title), t!(locale, desk.reason_missing_text)),
        DeskRefusal::ReasonTooLong { max } | DeskRefusal::ThanksTooLong { max } | DeskRefusal::NoteTooLong { max } => {
            (t!(locale, desk.too_long_title), t!(locale, desk.too_long_text, max = grouped(*max)))
        }
        DeskRefusal::OfferedDayInvalid { earliest } => {
            (t!(locale, desk.offered_day_title), t!(locale, desk.offered_day_text, day = day_long(language, *earliest)))
        }
        DeskRefusal::PaidTooMuch { denomination, booked } => {
            (t!(locale, desk.paid_title_wrong, note = *denomination), t!(locale, desk.paid_text, count = grouped(*booked)))
        }
        DeskRefusal::PaidNothing => (t!(locale, desk.paid_nothing_title), t!(locale, desk.paid_nothing_text)),
        DeskRefusal::PurposeUnknown => (t!(locale, desk.purpose_unknown_title), t!(locale, desk.purpose_unknown_text)),
        DeskRefusal::IdMissing => (t!(locale, desk.id_missing_title), t!(locale, desk.id_missing_text)),
        DeskRefusal::AgentNameInvalid => (t!(locale, desk.agent_name_title), t!(locale, desk.agent_name_text)),
        DeskRefusal::AgentIdInvalid => (t!(locale, desk.agent_id_title), t!(locale, desk.agent_id_text)),
        DeskRefusal::JudgementMissing => (t!(locale, desk.judgement_missing_title), t!(locale, desk.judgement_missing_text)),
        DeskRefusal::ThanksMissing => (t!(locale, desk.thanks_missing_title), t!(locale, desk.thanks_missing_text)),
        DeskRefusal::NoteMissing => (t!(locale, desk.note_missing_title), t!(locale, desk.note_missing_text)),
    }
}

/// The name of the field a refusal is about, as its label says it; none when it is about no field.
pub fn field_words(locale: Locale, field: &str) -> Option<String> {
    match field {
        "reason" => Some(t!(locale, desk.reason)),
        "offered_day" => Some(t!(locale, desk.offered_day)),
        "purpose" => Some(t!(locale, desk.purpose)),
        "id_checked" => Some(t!(locale, desk.id_checked)),
        "agent_name" => Some(t!(locale, desk.agent_name)),
        "agent_id" => Some(t!(locale, desk.agent_id)),
        "judgement" => Some(t!(locale, desk.judgement)),
        "thanks" => Some(t!(locale, desk.thanks)),
        "note" => Some(t!(locale, desk.note)),
        paid if paid.starts_with("paid_") => Some(t!(locale, desk.paid_title)),
        _ => None,
    }
}

/// What one click on an offer does, in words.
pub fn offer_words(language: Language, nearest: &Nearest) -> String {
    let locale = locale(language);
    let Some((_, value)) = nearest.0.first() else { return String::new() };
    match parse_day(value) {
        Some(day) => t!(locale, desk.use_day, day = day_long(language, day)),
        None => t!(locale, desk.use_count, count = value.clone()),
    }
}

/// What others did since the page was shown: who did what, when. A version is one entry of the history, from 1.
pub fn changes_since(language: Language, history: &[HistoryLine], since: i64, now: At) -> Vec<String> {
    let seen = usize::try_from(since).unwrap_or_default();
    history
        .iter()
        .skip(seen)
        .map(|line| format!("{} · {}", history_words(language, Reader::Staff, line), moment(language, line.at, now)))
        .collect()
}

impl Refused {
    /// What is wrong with the answer in a field, in words.
    pub fn error(&self, language: Language, field: &str, now: At) -> Option<String> {
        let refusal = self.refusals.iter().find(|refusal| refusal.field() == field)?;
        Some(refusal_words(language, refusal, now).0)
    }
}

#[cfg(test)]
mod tests {
    use super::{changes_since, offer_words, refusal_words};
    use bank::cases::{DeskRefusal, HistoryLine};
    use bank::kernel::forms::Refusal;
    use bank::kernel::language::Language;
    use bank::kernel::time::At;
    use serde_json::json;

    fn line(action: &str, to: &str) -> HistoryLine {
        HistoryLine {
            at: At::parse_rfc3339("2026-12-01T10:20:00+08:00").expect("a moment"),
            role: "clerk".into(),
            user_name: "陈敏".into(),
            action: action.into(),
            from: None,
            to: to.into(),
            reason: None,
            detail: json!({}),
        }
    }

    #[test]
    fn the_second_clerk_is_told_who_did_what() {
        let history = [line("submit", "submitted"), line("confirm", "confirmed")];
        let now = At::parse_rfc3339("2026-12-01T10:25:00+08:00").expect("a moment");
        assert_eq!(changes_since(Language::ZhCn, &history, 1, now), ["陈敏确认 · 今天 10:20"]);
        assert!(changes_since(Language::ZhCn, &history, 2, now).is_empty());
    }

    #[test]
    fn every_refusal_has_words_and_its_offer_too() {
        let day = At(0).day();
        let all = [
            DeskRefusal::Changed,
            DeskRefusal::NotNow,
            DeskRefusal::NotYours,
            DeskRefusal::OwnConfirmation,
            DeskRefusal::TooEarly { from: At(0) },
            DeskRefusal::ReasonMissing,
            DeskRefusal::ReasonTooLong { max: 1_000 },
            DeskRefusal::OfferedDayInvalid { earliest: day },
            DeskRefusal::PaidTooMuch { denomination: 50, booked: 1_000 },
            DeskRefusal::PaidNothing,
            DeskRefusal::PurposeUnknown,
            DeskRefusal::IdMissing,
            DeskRefusal::AgentNameInvalid,
            DeskRefusal::AgentIdInvalid,
            DeskRefusal::JudgementMissing,
            DeskRefusal::ThanksMissing,
            DeskRefusal::ThanksTooLong { max: 1_000 },
            DeskRefusal::NoteMissing,
            DeskRefusal::NoteTooLong { max: 1_000 },
        ];
        for language in Language::ALL {
            for refusal in &all {
                let (title, text) = refusal_words(language, refusal, At(0));
                assert!(!title.is_empty() && !text.is_empty(), "{}", refusal.code());
                assert!(refusal.nearest().iter().all(|nearest| !offer_words(language, nearest).is_empty()));
            }
        }
    }
}
