//! What happened to a case, in plain words: from the entry's action, state and facts; no text is stored but what a
//! person typed as the reason.

use bank::cases::HistoryLine;
use bank::kernel::language::{Language, amount, day_long, moment};
use bank::kernel::money::Fen;
use bank::kernel::time::{At, parse_day};
use serde_json::Value;

use crate::t;
use crate::ui::parts::Tone;
use crate::ui::timeline::TimelineEntry;
use crate::words::{Locale, locale};

/// Who reads the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The customer: staff are named by their role.
    Customer,
    /// The desk: staff are named, the customer is not.
    Staff,
}

/// One entry as the timeline shows it: what, then when. Red for what ended badly.
pub fn history_entry(language: Language, reader: Reader, line: &HistoryLine, now: At) -> TimelineEntry {
    let tone = match line.to.as_str() {
        "declined" | "timed_out" | "no_show" => Tone::Seal,
        _ => Tone::Brand,
    };
    TimelineEntry::new(history_words(language, reader, line), moment(language, line.at, now)).tone(tone)
}

/// What happened, in one sentence: `网点负责人退回，请柜员重新答复。原因：…`.
pub fn history_words(language: Language, reader: Reader, line: &HistoryLine) -> String {
    let locale = locale(language);
    let mut parts = vec![what(language, reader, line)];
    parts.extend(line.reason.clone().filter(|reason| !reason.is_empty()).map(|reason| t!(locale, cases.reason, reason = reason)));
    parts.extend(offered_words(language, &line.detail));
    parts.extend(line.detail.get("thanks").and_then(Value::as_str).filter(|thanks| !thanks.is_empty()).map(str::to_owned));
    join(language, &parts)
}

/// The day a refusal offered instead, from the facts of a change or of a message.
pub fn offered_words(language: Language, facts: &Value) -> Option<String> {
    let day = parse_day(facts.get("offered_day")?.as_str()?)?;
    Some(t!(locale(language), cases.offered, day = day_long(language, day)))
}

/// Sentences after one another; a mark that a person typed is not doubled.
pub fn join(language: Language, parts: &[String]) -> String {
    let (stop, gap) = match language {
        Language::ZhCn => ("。", ""),
        Language::En => (".", " "),
    };
    let mut text = String::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            if !text.ends_with(['。', '！', '？', '.', '!', '?']) {
                text.push_str(stop);
            }
            text.push_str(gap);
        }
        text.push_str(part);
    }
    text
}

/// Between the parts of one phrase.
pub fn comma(language: Language) -> &'static str {
    match language {
        Language::ZhCn => "，",
        Language::En => ", ",
    }
}

/// How a judgement of a suggestion is said.
pub fn judgement_words(locale: Locale, judgement: &str) -> Option<String> {
    match judgement {
        "adopted" => Some(t!(locale, cases.adopted)),
        "partly" => Some(t!(locale, cases.partly)),
        "not" => Some(t!(locale, cases.not)),
        _ => None,
    }
}

fn what(language: Language, reader: Reader, line: &HistoryLine) -> String {
    let locale = locale(language);
    let who = who(locale, reader, line);
    match line.action.as_str() {
        "submit" => t!(locale, cases.done_submit, who = who),
        "confirm" if line.to == "awaiting_approval" => t!(locale, cases.done_check, who = who),
        "confirm" => t!(locale, cases.done_confirm, who = who),
        "approve" => t!(locale, cases.done_approve, who = who),
        "refuse" => t!(locale, cases.done_refuse, who = who),
        "decline" => t!(locale, cases.done_decline, who = who),
        "prepare" => t!(locale, cases.done_prepare, who = who),
        "arrive" => t!(locale, cases.done_arrive, who = who),
        "complete" => match line.detail.get("paid").and_then(Value::as_i64) {
            Some(fen) => t!(locale, cases.done_complete_amount, who = who, amount = amount(language, Fen(fen))),
            None => t!(locale, cases.done_complete, who = who),
        },
        "cancel" => t!(locale, cases.done_cancel, who = who),
        "no_show" => t!(locale, cases.done_no_show),
        "time_out" => t!(locale, cases.done_time_out),
        "answer" => match line.detail.get("judgement").and_then(Value::as_str).and_then(|code| judgement_words(locale, code)) {
            Some(judgement) => t!(locale, cases.done_answer_judged, who = who, judgement = judgement),
            None => t!(locale, cases.done_answer, who = who),
        },
        _ => t!(locale, cases.done_other, who = who),
    }
}

fn who(locale: Locale, reader: Reader, line: &HistoryLine) -> String {
    match (line.role.as_str(), reader) {
        ("customer", Reader::Customer) => t!(locale, cases.you),
        ("customer", Reader::Staff) => t!(locale, cases.customer),
        ("system", _) => t!(locale, cases.system),
        (_, Reader::Staff) if !line.user_name.is_empty() => line.user_name.clone(),
        ("branch_head", _) => t!(locale, cases.branch_head),
        _ => t!(locale, cases.clerk),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, history_words};
    use bank::cases::HistoryLine;
    use bank::kernel::language::Language;
    use bank::kernel::time::At;
    use serde_json::json;

    fn line(action: &str, role: &str, to: &str) -> HistoryLine {
        HistoryLine {
            at: At(0),
            role: role.into(),
            user_name: "陈敏".into(),
            action: action.into(),
            from: None,
            to: to.into(),
            reason: None,
            detail: json!({}),
        }
    }

    #[test]
    fn staff_are_named_to_staff_only() {
        let confirm = line("confirm", "clerk", "confirmed");
        assert_eq!(history_words(Language::ZhCn, Reader::Staff, &confirm), "陈敏确认");
        assert_eq!(history_words(Language::ZhCn, Reader::Customer, &confirm), "柜员确认");
        let submit = line("submit", "customer", "submitted");
        assert_eq!(history_words(Language::ZhCn, Reader::Staff, &submit), "客户提交");
        assert_eq!(history_words(Language::En, Reader::Customer, &submit), "Submitted by you");
    }

    #[test]
    fn a_large_booking_is_checked_before_it_is_confirmed() {
        let check = line("confirm", "clerk", "awaiting_approval");
        assert_eq!(history_words(Language::ZhCn, Reader::Customer, &check), "柜员核对无误，交网点负责人复核");
    }

    #[test]
    fn a_refusal_says_the_reason_and_the_way_out() {
        let decline = HistoryLine {
            reason: Some("当天押运时间不够。".into()),
            detail: json!({ "offered_day": "2026-12-03" }),
            ..line("decline", "clerk", "declined")
        };
        assert_eq!(
            history_words(Language::ZhCn, Reader::Customer, &decline),
            "柜员答复：未能受理。原因：当天押运时间不够。可改到 12 月 3 日 周四"
        );
        assert_eq!(
            history_words(Language::En, Reader::Customer, &decline),
            "Declined by the clerk. Reason: 当天押运时间不够。 Possible instead: Thu 3 Dec"
        );
    }

    #[test]
    fn an_answer_says_its_judgement_and_thanks() {
        let answer = HistoryLine {
            reason: Some("下月加开窗口".into()),
            detail: json!({ "judgement": "adopted", "thanks": "谢谢您的建议！" }),
            ..line("answer", "clerk", "answered")
        };
        assert_eq!(
            history_words(Language::ZhCn, Reader::Customer, &answer),
            "柜员答复：采纳。原因：下月加开窗口。谢谢您的建议！"
        );
    }
}
