//! What messages to customers say: a stored message is a kind and facts, the words are here and in the catalogue, in
//! the language of whoever reads. Not here: when a message is written and sent (`bank::messages`, the server's worker).

use bank::kernel::language::{Language, amount, day_long};
use bank::kernel::money::Fen;
use bank::kernel::time::parse_day;
use serde_json::Value;

use crate::cases::{comma, join, judgement_words, offered_words};
use crate::t;
use crate::words::locale;

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText {
    /// One line.
    pub title: String,
    /// What it means and what to do; may be empty.
    pub body: String,
}

/// The words of a message of this kind (`<kind of case>_<what happened>`) with these facts (`reason`, `offered_day`,
/// `judgement`, `thanks`). A kind nobody knows is said as news.
pub fn text(language: Language, kind: &str, details: &Value) -> MessageText {
    let locale = locale(language);
    let (title, body) = match kind {
        "cash_submitted" => (t!(locale, messages.cash_submitted_title), t!(locale, messages.cash_submitted_body)),
        "cash_confirmed" | "cash_approved" => {
            (t!(locale, messages.cash_confirmed_title), t!(locale, messages.cash_confirmed_body))
        }
        "cash_cancelled_by_bank" => (t!(locale, messages.cash_cancelled_by_bank_title), t!(locale, messages.cash_cancelled_body)),
        "cash_declined" => (t!(locale, messages.cash_declined_title), String::new()),
        "cash_cancelled" => (t!(locale, messages.cash_cancelled_title), t!(locale, messages.cash_cancelled_body)),
        "cash_prepared" => (t!(locale, messages.cash_prepared_title), t!(locale, messages.cash_prepared_body)),
        "cash_completed" => (t!(locale, messages.cash_completed_title), t!(locale, messages.cash_completed_body)),
        "cash_no_show" => (t!(locale, messages.cash_no_show_title), t!(locale, messages.cash_no_show_body)),
        "cash_timed_out" => (t!(locale, messages.cash_timed_out_title), t!(locale, messages.cash_timed_out_body)),
        "reception_submitted" => (t!(locale, messages.reception_submitted_title), t!(locale, messages.reception_submitted_body)),
        "reception_confirmed" => (t!(locale, messages.reception_confirmed_title), t!(locale, messages.reception_confirmed_body)),
        "reception_declined" => (t!(locale, messages.reception_declined_title), String::new()),
        "reception_cancelled" => (t!(locale, messages.reception_cancelled_title), t!(locale, messages.reception_cancelled_body)),
        "suggestion_recorded" => (t!(locale, messages.suggestion_recorded_title), t!(locale, messages.suggestion_recorded_body)),
        "suggestion_answered" => {
            let judgement = fact(details, "judgement").and_then(|code| judgement_words(locale, code)).unwrap_or_default();
            (t!(locale, messages.suggestion_answered_title, judgement = judgement), String::new())
        }
        _ => (t!(locale, messages.other_title), t!(locale, messages.other_body)),
    };
    // What it is about, then what a person of the bank wrote, then what to do.
    let mut parts = Vec::new();
    parts.extend(booking_words(language, details));
    parts.extend(fact(details, "reason").map(|reason| t!(locale, cases.reason, reason = reason.to_owned())));
    parts.extend(offered_words(language, details));
    parts.extend(fact(details, "thanks").map(str::to_owned));
    parts.push(body);
    parts.retain(|part| !part.is_empty());
    MessageText { title, body: join(language, &parts) }
}

/// Which booking: `12 月 2 日 周三 10:00，石岐支行，200,000 元`, as far as the facts say.
fn booking_words(language: Language, details: &Value) -> Option<String> {
    let day = day_long(language, parse_day(fact(details, "day")?)?);
    let slot = fact(details, "slot").unwrap_or_default();
    let branch = match language {
        Language::ZhCn => fact(details, "branch_zh"),
        Language::En => fact(details, "branch_en"),
    };
    let mut words = vec![format!("{day} {slot}").trim_end().to_owned()];
    words.extend(branch.map(str::to_owned));
    words.extend(details.get("amount").and_then(Value::as_i64).map(|fen| amount(language, Fen(fen))));
    Some(words.join(comma(language)))
}

fn fact<'d>(details: &'d Value, name: &str) -> Option<&'d str> {
    details.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::text;
    use bank::kernel::language::Language;
    use serde_json::json;

    /// Every kind the bank writes; a new one needs its words.
    const KINDS: [&str; 15] = [
        "cash_submitted",
        "cash_confirmed",
        "cash_approved",
        "cash_declined",
        "cash_cancelled",
        "cash_cancelled_by_bank",
        "cash_prepared",
        "cash_completed",
        "cash_no_show",
        "cash_timed_out",
        "reception_submitted",
        "reception_confirmed",
        "reception_declined",
        "suggestion_recorded",
        "suggestion_answered",
    ];

    #[test]
    fn every_kind_has_words_of_its_own_in_both_languages() {
        for language in Language::ALL {
            let other = text(language, "something_new", &json!({}));
            for kind in KINDS {
                let message = text(language, kind, &json!({ "reason": "x", "judgement": "partly" }));
                assert!(!message.title.is_empty() && !message.body.is_empty(), "{kind}");
                assert_ne!(message.title, other.title, "{kind}");
            }
        }
    }

    #[test]
    fn a_confirmation_says_what_was_booked() {
        let details =
            json!({ "branch_zh": "石岐支行", "branch_en": "Shiqi", "day": "2026-12-02", "slot": "10:00", "amount": 20_000_000 });
        let body = text(Language::ZhCn, "cash_confirmed", &details).body;
        assert!(body.starts_with("12 月 2 日 周三 10:00，石岐支行，200,000 元。请取款人"), "{body}");
        let body = text(Language::En, "cash_confirmed", &details).body;
        assert!(body.starts_with("Wed 2 Dec 10:00, Shiqi, CNY 200,000. Whoever"), "{body}");
    }

    #[test]
    fn a_refusal_says_why_and_offers_a_day() {
        let message = text(Language::ZhCn, "cash_declined", &json!({ "reason": "当天已约满", "offered_day": "2026-12-03" }));
        assert_eq!(message.title, "取款预约未能受理");
        assert_eq!(message.body, "原因：当天已约满。可改到 12 月 3 日 周四");
    }

    #[test]
    fn an_answer_to_a_suggestion_says_judgement_reason_and_thanks() {
        let details = json!({ "judgement": "not", "reason": "系统暂不支持", "thanks": "谢谢您。" });
        let message = text(Language::ZhCn, "suggestion_answered", &details);
        assert_eq!(message.title, "您的建议有答复了：暂不采纳");
        assert_eq!(message.body, "原因：系统暂不支持。谢谢您。");
    }
}
