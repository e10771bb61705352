//! The parameters in force, in words: what each decides, its value with its unit, for which branch and from which day on.
//! A parameter without words here fails a test.

use bank::branches::{Reference, Setting};
use bank::kernel::language::{Language, amount, day_long};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::parameters::Parameters;
use leptos::prelude::*;

use crate::t;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::Visit;
use crate::words::{Locale, locale};

/// Writes a number with its unit.
type Unit = fn(Locale, &str) -> String;

fn minutes(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.minutes, n = n.to_owned())
}

fn hours(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.hours, n = n.to_owned())
}

fn days(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.days, n = n.to_owned())
}

fn working_days(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.working_days, n = n.to_owned())
}

fn months(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.months, n = n.to_owned())
}

fn years(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.years, n = n.to_owned())
}

fn notes(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.notes, n = n.to_owned())
}

fn bookings(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.bookings, n = n.to_owned())
}

fn characters(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.characters, n = n.to_owned())
}

fn people(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.people, n = n.to_owned())
}

fn attempts(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.attempts, n = n.to_owned())
}

fn cards(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.cards, n = n.to_owned())
}

fn reasons(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.reasons, n = n.to_owned())
}

fn cases(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.cases, n = n.to_owned())
}

fn messages(l: Locale, n: &str) -> String {
    t!(l, parameters.unit.messages, n = n.to_owned())
}

fn yuan(language: Language, value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), |yuan| amount(language, Fen::from_yuan(yuan)))
}

/// What a parameter decides, and its unit; a time of day and an amount carry their own.
fn words(l: Locale, name: &str) -> Option<(String, Option<Unit>)> {
    Some(match name {
        "cash_cutoff" => (t!(l, parameters.name.cash_cutoff), None),
        "cash_window_days" => (t!(l, parameters.name.cash_window_days), Some(working_days as Unit)),
        "cash_minimum" => (t!(l, parameters.name.cash_minimum), None),
        "cash_mandatory_from" => (t!(l, parameters.name.cash_mandatory_from), None),
        "cash_online_maximum" => (t!(l, parameters.name.cash_online_maximum), None),
        "cash_purpose_from" => (t!(l, parameters.name.cash_purpose_from), None),
        "cash_approval_from" => (t!(l, parameters.name.cash_approval_from), None),
        "cash_same_day_answer_before" => (t!(l, parameters.name.cash_same_day_answer_before), None),
        "cash_answer_until" => (t!(l, parameters.name.cash_answer_until), None),
        "cash_next_day_answer_until" => (t!(l, parameters.name.cash_next_day_answer_until), None),
        "cash_cancel_until" => (t!(l, parameters.name.cash_cancel_until), None),
        "cash_cancel_grace_minutes" => (t!(l, parameters.name.cash_cancel_grace_minutes), Some(minutes as Unit)),
        "cash_cancel_answered_minutes" => (t!(l, parameters.name.cash_cancel_answered_minutes), Some(minutes as Unit)),
        "cash_time_out_minutes" => (t!(l, parameters.name.cash_time_out_minutes), Some(minutes as Unit)),
        "cash_no_show_grace_minutes" => (t!(l, parameters.name.cash_no_show_grace_minutes), Some(minutes as Unit)),
        "cash_slot_minutes" => (t!(l, parameters.name.cash_slot_minutes), Some(minutes as Unit)),
        "cash_slot_places" => (t!(l, parameters.name.cash_slot_places), Some(bookings as Unit)),
        "cash_day_total" => (t!(l, parameters.name.cash_day_total), None),
        "cash_stock_100" => (t!(l, parameters.name.cash_stock_100), Some(notes as Unit)),
        "cash_stock_50" => (t!(l, parameters.name.cash_stock_50), Some(notes as Unit)),
        "cash_stock_20" => (t!(l, parameters.name.cash_stock_20), Some(notes as Unit)),
        "cash_stock_10" => (t!(l, parameters.name.cash_stock_10), Some(notes as Unit)),
        "cash_stock_5" => (t!(l, parameters.name.cash_stock_5), Some(notes as Unit)),
        "cash_stock_1" => (t!(l, parameters.name.cash_stock_1), Some(notes as Unit)),
        "cash_remark_max" => (t!(l, parameters.name.cash_remark_max), Some(characters as Unit)),
        "cash_purpose_other_max" => (t!(l, parameters.name.cash_purpose_other_max), Some(characters as Unit)),
        "cash_open_max" => (t!(l, parameters.name.cash_open_max), None),
        "open_cases_max" => (t!(l, parameters.name.open_cases_max), Some(cases as Unit)),
        "messages_day_max" => (t!(l, parameters.name.messages_day_max), Some(messages as Unit)),
        "no_show_count" => (t!(l, parameters.name.no_show_count), Some(bookings as Unit)),
        "no_show_window_days" => (t!(l, parameters.name.no_show_window_days), Some(days as Unit)),
        "no_show_block_days" => (t!(l, parameters.name.no_show_block_days), Some(days as Unit)),
        "session_idle_customer_minutes" => (t!(l, parameters.name.session_idle_customer_minutes), Some(minutes as Unit)),
        "session_warning_minutes" => (t!(l, parameters.name.session_warning_minutes), Some(minutes as Unit)),
        "session_idle_staff_minutes" => (t!(l, parameters.name.session_idle_staff_minutes), Some(minutes as Unit)),
        "session_hours" => (t!(l, parameters.name.session_hours), Some(hours as Unit)),
        "sign_in_failures" => (t!(l, parameters.name.sign_in_failures), Some(attempts as Unit)),
        "suggestion_acknowledge_hours" => (t!(l, parameters.name.suggestion_acknowledge_hours), Some(hours as Unit)),
        "suggestion_content_max" => (t!(l, parameters.name.suggestion_content_max), Some(characters as Unit)),
        "suggestion_answer_max" => (t!(l, parameters.name.suggestion_answer_max), Some(characters as Unit)),
        "reception_slot_minutes" => (t!(l, parameters.name.reception_slot_minutes), Some(minutes as Unit)),
        "reception_attendees_max" => (t!(l, parameters.name.reception_attendees_max), Some(people as Unit)),
        "reception_summary_max" => (t!(l, parameters.name.reception_summary_max), Some(characters as Unit)),
        "reception_hope_max" => (t!(l, parameters.name.reception_hope_max), Some(characters as Unit)),
        "reception_answer_until" => (t!(l, parameters.name.reception_answer_until), None),
        "reception_answer_ahead_minutes" => (t!(l, parameters.name.reception_answer_ahead_minutes), Some(minutes as Unit)),
        "reception_cancel_until" => (t!(l, parameters.name.reception_cancel_until), None),
        "reception_cancel_grace_minutes" => (t!(l, parameters.name.reception_cancel_grace_minutes), Some(minutes as Unit)),
        "reception_cancel_answered_minutes" => (t!(l, parameters.name.reception_cancel_answered_minutes), Some(minutes as Unit)),
        "survey_text_max" => (t!(l, parameters.name.survey_text_max), Some(characters as Unit)),
        "survey_other_max" => (t!(l, parameters.name.survey_other_max), Some(characters as Unit)),
        "advice_assessment_months" => (t!(l, parameters.name.advice_assessment_months), Some(months as Unit)),
        "advice_quick_redemption_days" => (t!(l, parameters.name.advice_quick_redemption_days), Some(days as Unit)),
        "advice_elder_from" => (t!(l, parameters.name.advice_elder_from), Some(years as Unit)),
        "advice_declined_days" => (t!(l, parameters.name.advice_declined_days), Some(days as Unit)),
        "advice_of_a_kind" => (t!(l, parameters.name.advice_of_a_kind), Some(cards as Unit)),
        "advice_reasons_max" => (t!(l, parameters.name.advice_reasons_max), Some(reasons as Unit)),
        "advice_cards_max" => (t!(l, parameters.name.advice_cards_max), Some(cards as Unit)),
        "keep_sessions_days" => (t!(l, parameters.name.keep_sessions_days), Some(days as Unit)),
        "keep_forms_days" => (t!(l, parameters.name.keep_forms_days), Some(days as Unit)),
        "keep_messages_days" => (t!(l, parameters.name.keep_messages_days), Some(days as Unit)),
        _ => return None,
    })
}

/// A parameter's value with its unit.
fn value(language: Language, name: &str, value: &str) -> String {
    let l = locale(language);
    let unit = words(l, name).and_then(|(_, unit)| unit);
    match unit {
        Some(unit) => unit(l, &value.parse().map_or_else(|_| value.to_owned(), grouped)),
        None if value.contains(':') => value.to_owned(),
        None => yuan(language, value),
    }
}

/// Everything in force today or later: the whole bank first, then the branches that differ.
pub fn table(visit: &Visit, reference: &Reference) -> AnyView {
    let (l, language) = (visit.locale(), visit.language);
    let columns = vec![
        Column::new(t!(l, parameters.what)),
        Column::figures(t!(l, home.value)),
        Column::new(t!(l, parameters.r#where)),
        Column::new(t!(l, parameters.since)),
    ];
    let row = |name: &str, setting: Setting| {
        let (what, _) = words(l, name).unwrap_or_else(|| (name.to_owned(), None));
        let branch = reference.branch(&setting.branch_id).map(|branch| branch.name(language).to_owned());
        let branch = branch.unwrap_or_else(|| t!(l, parameters.whole_bank));
        let since = setting.since.map_or_else(|| t!(l, parameters.default), |day| day_long(language, day));
        let value = value(language, name, &setting.value);
        TableRow::new([what, value, branch, since].map(|words| view! { {words} }.into_any()).into())
    };
    let today = visit.now.day();
    let rows =
        Parameters::NAMES.iter().flat_map(|name| reference.settings(name, today).into_iter().map(move |found| (name, found)));
    let rows = rows.map(|(name, setting)| row(name, setting)).collect();
    view! { <Table caption=t!(l, home.parameters) columns=columns rows=rows /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{value, words};
    use crate::words::locale;
    use bank::kernel::language::Language;
    use bank::kernel::parameters::Parameters;

    #[test]
    fn every_parameter_has_words_and_a_unit_in_both_languages() {
        let defaults = Parameters::default();
        for language in [Language::ZhCn, Language::En] {
            for name in Parameters::NAMES {
                assert!(words(locale(language), name).is_some(), "{name}");
                let bare = defaults.get(name).expect("a value");
                let said = value(language, name, &bare);
                assert!(said != bare || bare.contains(':'), "{name} says {said} without a unit");
            }
        }
        assert_eq!(value(Language::ZhCn, "cash_minimum", "50000"), "50,000 元");
        assert_eq!(value(Language::En, "cash_cutoff", "15:00"), "15:00");
        assert_eq!(value(Language::ZhCn, "cash_stock_100", "15000"), "15,000 张");
    }
}
