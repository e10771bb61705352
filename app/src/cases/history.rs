//! Texts of a case's history, generated from action, state and facts; the only stored text is what people typed as reason. The
//! sentence about an action comes from the kind; author and reason are added here.

use bank::cases::{Alarm, CaseKind, CaseLine, HistoryLine};
use bank::kernel::language::{Language, moment, moment_full};
use bank::kernel::people::mask_name;
use bank::kernel::time::At;
use bank::sessions::APPROVER;

use super::state_words;
use crate::kinds;
use crate::t;
use crate::typed::display_text;
use crate::ui::parts::{ScreenAndPrint, Tone};
use crate::ui::timeline::TimelineEntry;
use crate::words::{Locale, locale};

/// The reader of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The customer: staff are named by their role.
    Customer,
    /// The approver of the company whose case it is.
    Approver,
    /// Staff: staff are named, the customer is not.
    Staff,
}

/// The entries of the desk's timeline. An alarm names the time at which the answer of the case is `due`; one that was overtaken by
/// the next at the same moment, because the worker had not run, is left out: what is late is not "soon due".
pub fn desk_timeline(language: Language, case: &CaseLine, history: &[HistoryLine], now: At) -> Vec<TimelineEntry> {
    let overtaken = |place: usize, line: &HistoryLine| {
        history.get(place + 1).is_some_and(|next| next.at == line.at && Alarm::parse(&next.action).is_some())
    };
    let entry = |(place, line): (usize, &HistoryLine)| match Alarm::parse(&line.action) {
        Some(_) if overtaken(place, line) => None,
        Some(alarm) => Some(alarm_entry(language, alarm, case.due_at, line.at, now)),
        None => Some(history_entry(language, case.kind, Reader::Staff, line, now)),
    };
    history.iter().enumerate().filter_map(entry).collect()
}

fn alarm_entry(language: Language, alarm: Alarm, due: At, at: At, now: At) -> TimelineEntry {
    let (locale, due) = (locale(language), moment(language, due, now));
    let (words, tone) = match alarm {
        Alarm::Warning => (t!(locale, cases.alarm.warning, due = due), Tone::Brand),
        Alarm::Breach => (t!(locale, cases.alarm.breach, due = due), Tone::Seal),
        Alarm::Escalation => (t!(locale, cases.alarm.escalation, due = due), Tone::Seal),
    };
    TimelineEntry::new(words, ScreenAndPrint::new(moment(language, at, now), moment_full(language, at))).tone(tone)
}

/// One entry of the timeline: text, then time. Red for a case that was declined or cancelled.
pub fn history_entry(language: Language, kind: CaseKind, reader: Reader, line: &HistoryLine, now: At) -> TimelineEntry {
    let to = line.to.as_deref().map(|to| state_words(locale(language), kind, to).1);
    let tone = if to == Some(Tone::Seal) { Tone::Seal } else { Tone::Brand };
    TimelineEntry::new(
        history_words(language, kind, reader, line),
        ScreenAndPrint::new(moment(language, line.at, now), moment_full(language, line.at)),
    )
    .tone(tone)
}

/// An entry as one sentence: `网点负责人退回，请柜员重新答复。原因：“…”`.
pub fn history_words(language: Language, kind: CaseKind, reader: Reader, line: &HistoryLine) -> String {
    let locale = locale(language);
    let ui = kinds::of(kind);
    let who = who(locale, reader, line);
    let told = ui.filter(|_| reader != Reader::Staff).and_then(|ui| ui.done_told(language, line));
    let done = told.or_else(|| ui.and_then(|ui| ui.done(language, who.clone(), line)));
    let mut parts = vec![done.unwrap_or_else(|| t!(locale, cases.done_other, who = who))];
    parts.extend(
        line.reason
            .as_deref()
            .filter(|reason| !reason.is_empty())
            .map(|reason| t!(locale, cases.reason, reason = display_text(reason))),
    );
    parts.extend(ui.map(|ui| ui.facts(language, &line.detail)).unwrap_or_default());
    join(language, &parts)
}

/// Joins sentences; punctuation that a person typed, within quotation marks too, is not doubled.
pub fn join(language: Language, parts: &[String]) -> String {
    let (stop, gap) = match language {
        Language::ZhCn => ("。", ""),
        Language::En => (".", " "),
    };
    let mut text = String::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            if !text.trim_end_matches('”').ends_with(['。', '！', '？', '.', '!', '?']) {
                text.push_str(stop);
            }
            text.push_str(gap);
        }
        text.push_str(part);
    }
    text
}

/// The comma between parts of a phrase.
pub fn comma(language: Language) -> &'static str {
    match language {
        Language::ZhCn => "，",
        Language::En => ", ",
    }
}

fn who(locale: Locale, reader: Reader, line: &HistoryLine) -> String {
    match (line.role.as_str(), reader) {
        ("customer", Reader::Customer) | (APPROVER, Reader::Approver) => t!(locale, cases.you),
        ("customer", Reader::Approver) => t!(locale, cases.operator),
        (APPROVER, _) => t!(locale, cases.company_approver, name = mask_name(&line.user_name)),
        ("customer", Reader::Staff) => t!(locale, cases.customer),
        ("system", _) => t!(locale, cases.system),
        (_, Reader::Staff) if !line.user_name.is_empty() => line.user_name.clone(),
        ("branch_head", _) => t!(locale, cases.branch_head),
        _ => t!(locale, cases.clerk),
    }
}

#[cfg(test)]
mod tests {
    use super::join;
    use bank::kernel::language::Language;

    #[test]
    fn a_mark_that_a_person_typed_is_not_doubled() {
        let parts = ["柜员答复".to_owned(), "原因：“没有空位！”".to_owned(), "谢谢您".to_owned()];
        assert_eq!(join(Language::ZhCn, &parts), "柜员答复。原因：“没有空位！”谢谢您");
        let parts = ["Declined".to_owned(), "Reason: “full”".to_owned(), "Thank you".to_owned()];
        assert_eq!(join(Language::En, &parts), "Declined. Reason: “full”. Thank you");
    }
}
