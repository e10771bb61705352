//! Texts of a refused action: the reason, the changes by others, and the accepted alternatives.

use bank::cases::{CaseKind, DeskRefusal, HistoryLine, INTERNAL_REASON, REASON};
use bank::kernel::forms::{Nearest, Refusal};
use bank::kernel::language::{Language, moment};
use bank::kernel::money::grouped;
use bank::kernel::time::At;

use crate::admin::handling_words;
use crate::cases::{Reader, history_words};
use crate::kinds;
use crate::t;
use crate::words::{Locale, locale};

/// Title and explanation of a refusal.
pub fn refusal_words(language: Language, kind: CaseKind, refusal: &DeskRefusal, now: At) -> (String, String) {
    let locale = locale(language);
    match refusal {
        DeskRefusal::Changed => (t!(locale, desk.changed_title), t!(locale, desk.changed_text)),
        DeskRefusal::NotNow => (t!(locale, desk.not_now_title), t!(locale, desk.not_now_text)),
        DeskRefusal::NotYours => (t!(locale, desk.not_yours_title), t!(locale, desk.not_yours_text)),
        DeskRefusal::OwnConfirmation => (t!(locale, desk.own_confirmation_title), t!(locale, desk.own_confirmation_text)),
        DeskRefusal::NobodyThere { permission } => {
            let what = handling_words(locale, *permission);
            (t!(locale, desk.nobody_there_title, what = what), t!(locale, desk.nobody_there_text))
        }
        DeskRefusal::TooEarly { from } => {
            (t!(locale, desk.too_early_title), t!(locale, desk.too_early_text, time = moment(language, *from, now)))
        }
        DeskRefusal::TooLate { until } => {
            (t!(locale, desk.too_late_title), t!(locale, desk.too_late_text, time = moment(language, *until, now)))
        }
        DeskRefusal::ReasonMissing => (t!(locale, desk.reason_missing_title), t!(locale, desk.reason_missing_text)),
        DeskRefusal::InternalReasonMissing => {
            (t!(locale, desk.reason_missing_title), t!(locale, desk.internal_reason_missing_text))
        }
        DeskRefusal::ReasonTooLong { max, length, .. }
        | DeskRefusal::InternalReasonTooLong { max, length, .. }
        | DeskRefusal::NoteTooLong { max, length, .. } => {
            (t!(locale, desk.too_long_title), t!(locale, desk.too_long_text, over = grouped(length - max), max = grouped(*max)))
        }
        DeskRefusal::NoteMissing => (t!(locale, desk.note_missing_title), t!(locale, desk.note_missing_text)),
        DeskRefusal::Own(own) => {
            let said = kinds::of(kind).and_then(|ui| ui.refusal(language, own));
            said.unwrap_or_else(|| (refusal.code().to_owned(), String::new()))
        }
    }
}

/// The label of a field; `None` for an unknown field. A kind can override it.
pub fn field_words(locale: Locale, kind: CaseKind, field: &str) -> Option<String> {
    kinds::of(kind).and_then(|ui| ui.field(locale, field)).or_else(|| match field {
        REASON => Some(t!(locale, desk.reason)),
        INTERNAL_REASON => Some(t!(locale, desk.internal_reason)),
        "note" => Some(t!(locale, desk.note)),
        _ => None,
    })
}

/// The text of an offer's button. The offers for the desk's own fields are texts cut to their maximum length.
pub fn offer_words(language: Language, kind: CaseKind, nearest: &Nearest) -> String {
    if nearest.0.iter().all(|(field, _)| matches!(field.as_str(), REASON | INTERNAL_REASON | "note")) {
        return t!(locale(language), desk.cut);
    }
    kinds::of(kind).and_then(|ui| ui.offer(language, nearest)).unwrap_or_default()
}

/// State changes that others made after the page was rendered: who did what, when.
pub fn changes_since(language: Language, kind: CaseKind, history: &[HistoryLine], since: i64, now: At) -> Vec<String> {
    history
        .iter()
        .filter(|line| line.to.is_some() && line.version > since)
        .map(|line| format!("{} · {}", history_words(language, kind, Reader::Staff, line), moment(language, line.at, now)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{changes_since, offer_words, refusal_words};
    use crate::kinds::{self, Ui};
    use crate::t;
    use crate::words::locale;
    use bank::cases::{DeskRefusal, HistoryLine};
    use bank::kernel::forms::Refusal;
    use bank::kernel::language::Language;
    use bank::kernel::time::At;
    use bank::sessions::Permission;
    use serde_json::json;

    fn line(version: i64, name: &str, to: Option<&str>) -> HistoryLine {
        HistoryLine {
            version,
            at: At::parse_rfc3339("2026-12-01T10:20:00+08:00").expect("a moment"),
            role: "clerk".into(),
            user_name: name.into(),
            action: "submit".into(),
            from: None,
            to: to.map(str::to_owned),
            reason: None,
            detail: json!({}),
        }
    }

    #[test]
    fn the_second_clerk_is_told_who_did_what() {
        // An event without a state change is not listed.
        let history = [line(1, "林晓", Some("submitted")), line(1, "赵云", None), line(2, "陈敏", Some("confirmed"))];
        let now = At::parse_rfc3339("2026-12-01T10:25:00+08:00").expect("a moment");
        for kind in kinds::all().map(Ui::kind) {
            let changes = changes_since(Language::ZhCn, kind, &history, 1, now);
            assert!(changes.len() == 1 && changes[0].contains("陈敏") && changes[0].ends_with(" · 今天 10:20"), "{changes:?}");
            assert!(changes_since(Language::ZhCn, kind, &history, 2, now).is_empty());
        }
    }

    #[test]
    fn every_shared_refusal_has_words() {
        let all = [
            DeskRefusal::Changed,
            DeskRefusal::NotNow,
            DeskRefusal::NotYours,
            DeskRefusal::OwnConfirmation,
            DeskRefusal::NobodyThere { permission: Permission::ApproveCases },
            DeskRefusal::TooEarly { from: At(0) },
            DeskRefusal::TooLate { until: At(0) },
            DeskRefusal::ReasonMissing,
            DeskRefusal::ReasonTooLong { max: 2, length: 3, cut: "库存".to_owned() },
            DeskRefusal::InternalReasonMissing,
            DeskRefusal::InternalReasonTooLong { max: 2, length: 3, cut: "券别".to_owned() },
            DeskRefusal::NoteMissing,
            DeskRefusal::NoteTooLong { max: 2, length: 3, cut: "已核".to_owned() },
        ];
        for (language, kind) in Language::ALL.into_iter().flat_map(|language| kinds::all().map(move |ui| (language, ui.kind()))) {
            for refusal in &all {
                let (title, text) = refusal_words(language, kind, refusal, At(0));
                assert!(title != refusal.code() && !text.is_empty(), "{}", refusal.code());
                let offers = refusal.nearest();
                let cut = refusal.code().ends_with("_too_long");
                assert_eq!(offers.len(), usize::from(cut), "{}", refusal.code());
                assert!(offers.iter().all(|offer| offer_words(language, kind, offer) == t!(locale(language), desk.cut)));
            }
        }
    }
}
