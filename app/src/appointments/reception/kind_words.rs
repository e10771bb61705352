//! Texts about an application in lists, history, messages and on the home page.

use bank::appointments::reception::{ReceptionState, Topic};
use bank::branches::Reference;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::forms::Values;
use bank::kernel::language::{Language, day_long};
use bank::kernel::time::parse_day;
use serde_json::Value;

use super::ReceptionUi;
use crate::appointments::message::about;
use crate::kinds::Words;
use crate::t;
use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::{Locale, leading, locale};

/// The name of a topic, as it begins a line.
pub fn topic_words(l: Locale, topic: Topic) -> String {
    leading(&named(l, topic))
}

/// The name of a topic within a title.
fn named(l: Locale, topic: Topic) -> String {
    match topic {
        Topic::Product => t!(l, reception.about.product),
        Topic::Service => t!(l, reception.about.service),
        Topic::Complaint => t!(l, reception.about.complaint),
        Topic::Financing => t!(l, reception.about.financing),
        Topic::Other => t!(l, reception.about.other),
    }
}

/// The topic of a case; an unknown code is shown as it is.
fn about_what(l: Locale, case: &CaseLine) -> String {
    Topic::parse(&case.topic).map_or_else(|| case.topic.clone(), |topic| named(l, topic))
}

impl Words for ReceptionUi {
    fn name(&self, l: Locale) -> String {
        t!(l, reception.kind.name)
    }

    fn title(&self, language: Language, case: &CaseLine) -> String {
        let l = locale(language);
        t!(l, reception.kind.title, topic = about_what(l, case))
    }

    fn short(&self, language: Language, case: &CaseLine) -> String {
        let l = locale(language);
        t!(l, reception.kind.short, topic = about_what(l, case))
    }

    fn state(&self, l: Locale, state: &str) -> Option<(String, Tone)> {
        Some(match ReceptionState::parse(state)? {
            ReceptionState::Applied => (t!(l, reception.state.applied), Tone::Brand),
            ReceptionState::Confirmed => (t!(l, reception.state.confirmed), Tone::Ok),
            ReceptionState::Declined => (t!(l, reception.state.declined), Tone::Seal),
            ReceptionState::Cancelled => (t!(l, reception.state.cancelled), Tone::Neutral),
        })
    }

    fn state_told(&self, l: Locale, state: &str) -> Option<String> {
        (ReceptionState::parse(state)? == ReceptionState::Applied).then(|| t!(l, reception.told.applied))
    }

    fn done(&self, language: Language, who: String, line: &HistoryLine) -> Option<String> {
        let l = locale(language);
        Some(match line.action.as_str() {
            "submit" => t!(l, reception.done.submit, who = who),
            "confirm" => t!(l, reception.done.confirm, who = who),
            "decline" => t!(l, reception.done.decline, who = who),
            "cancel" => t!(l, reception.done.cancel, who = who),
            _ => return None,
        })
    }

    fn message(&self, l: Locale, what: &str, _facts: &Value) -> Option<(String, String)> {
        Some(match what {
            "submitted" => (t!(l, reception.message.submitted_title), t!(l, reception.message.submitted_body)),
            "confirmed" => (t!(l, reception.message.confirmed_title), t!(l, reception.message.confirmed_body)),
            "declined" => (t!(l, reception.message.declined_title), String::new()),
            "cancelled" => (t!(l, reception.message.cancelled_title), t!(l, reception.message.cancelled_body)),
            _ => return None,
        })
    }

    fn about(&self, language: Language, facts: &Value) -> Option<String> {
        about(language, facts)
    }

    fn task(&self, l: Locale) -> String {
        t!(l, reception.home.task)
    }

    fn task_detail(&self, visit: &Visit, _reference: &Reference) -> String {
        t!(visit.locale(), reception.home.task_detail)
    }

    fn book(&self, l: Locale) -> String {
        t!(l, reception.home.book)
    }

    fn draft(&self, l: Locale, _values: &Values) -> String {
        t!(l, reception.home.draft)
    }

    fn draft_about(&self, visit: &Visit, _reference: &Reference, values: &Values) -> Vec<String> {
        let day = values.filled("day").and_then(parse_day).map(|day| day_long(visit.language, day));
        let topic = values.filled("topic").and_then(Topic::parse).map(|topic| topic_words(visit.locale(), topic));
        [day, topic].into_iter().flatten().collect()
    }

    fn note(&self, l: Locale, _case: &CaseLine) -> Option<String> {
        Some(t!(l, reception.home.note))
    }

    fn parameter(&self, l: Locale, name: &str) -> Option<String> {
        Some(match name {
            "reception_slot_minutes" => t!(l, reception.parameter.reception_slot_minutes),
            "reception_attendees_max" => t!(l, reception.parameter.reception_attendees_max),
            "reception_summary_max" => t!(l, reception.parameter.reception_summary_max),
            "reception_hope_max" => t!(l, reception.parameter.reception_hope_max),
            "reception_answer_until" => t!(l, reception.parameter.reception_answer_until),
            "reception_answer_ahead_minutes" => t!(l, reception.parameter.reception_answer_ahead_minutes),
            "reception_cancel_until" => t!(l, reception.parameter.reception_cancel_until),
            "reception_cancel_grace_minutes" => t!(l, reception.parameter.reception_cancel_grace_minutes),
            "reception_cancel_answered_minutes" => t!(l, reception.parameter.reception_cancel_answered_minutes),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_begins_a_line_with_a_capital_and_stands_small_in_a_title() {
        let l = locale(Language::En);
        let words = Topic::ALL.map(|topic| (topic_words(l, topic), t!(l, reception.kind.title, topic = named(l, topic))));
        assert!(words.iter().all(|(line, _)| line.starts_with(char::is_uppercase)), "{words:?}");
        assert!(words.contains(&("Service".to_owned(), "Reception day: service".to_owned())), "{words:?}");
    }
}
