//! The parameters for the administrator: label, values with unit, branch, effective day and source. One table per capability with
//! parameters, read-only; under `/admin` each row leads to its change.

use bank::branches::{Reference, Setting};
use bank::cases::CaseParameters;
use bank::kernel::language::{Language, amount, day_with_year};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::parameters::{Declaration, Demand, Parameters as _, Source, Unit};
use bank::kernel::retention::RetentionParameters;
use bank::messages::MessageParameters;
use bank::recommendations::AdviceParameters;
use bank::sessions::SessionParameters;
use bank::surveys::SurveyParameters;
use leptos::prelude::*;
use serde::Deserialize;

use crate::cases::parameters as cases;
use crate::kinds;
use crate::messages::parameters as messages;
use crate::recommendations::parameters as recommendations;
use crate::sign_in::parameters as sign_in;
use crate::surveys::parameters as surveys;
use crate::typed::display_text;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::table::{Column, Table, TableRow};
use crate::ui::text_field::TextField;
use crate::visit::Visit;
use crate::words::{Locale, locale};
use crate::{counted, t};

/// The parameters of one capability: heading, labels, declarations.
struct Group {
    title: String,
    parameters: Vec<(Option<String>, &'static Declaration)>,
}

impl Group {
    fn new(title: String, declared: &'static [Declaration], words: impl Fn(&str) -> Option<String>) -> Self {
        Self { title, parameters: declared.iter().map(|declared| (words(declared.name), declared)).collect() }
    }
}

/// Heading, declarations and labels of the parameters of a capability that is not a kind.
type Other = (fn(Locale) -> String, &'static [Declaration], fn(Locale, &str) -> Option<String>);

static OTHERS: [Other; 6] = [
    (cases::parameters_title, CaseParameters::DECLARED, cases::parameter_words),
    (messages::parameters_title, MessageParameters::DECLARED, messages::parameter_words),
    (sign_in::parameters_title, SessionParameters::DECLARED, sign_in::parameter_words),
    (surveys::parameters_title, SurveyParameters::DECLARED, surveys::parameter_words),
    (recommendations::parameters_title, AdviceParameters::DECLARED, recommendations::parameter_words),
    (kept_title, RetentionParameters::DECLARED, kept_words),
];

/// All capabilities that declare parameters: the kinds, then the others.
fn groups(l: Locale) -> Vec<Group> {
    let of_kind =
        |ui: &'static dyn kinds::Ui| Group::new(ui.name(l), ui.kind().registered().parameters(), |name| ui.parameter(l, name));
    let others = OTHERS.iter().map(|(title, declared, words)| Group::new(title(l), declared, |name| words(l, name)));
    kinds::all().map(of_kind).chain(others).collect()
}

fn kept_title(l: Locale) -> String {
    t!(l, parameters.kept)
}

fn kept_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "keep_sessions_days" => t!(l, parameters.kept_for.keep_sessions_days),
        "keep_devices_days" => t!(l, parameters.kept_for.keep_devices_days),
        "keep_forms_days" => t!(l, parameters.kept_for.keep_forms_days),
        "keep_messages_days" => t!(l, parameters.kept_for.keep_messages_days),
        _ => return None,
    })
}

fn source_words(l: Locale, source: Source) -> String {
    match source {
        Source::Law(_) => t!(l, parameters.source.law),
        Source::Bank(_) => t!(l, parameters.source.bank),
        Source::Practice(_) => t!(l, parameters.source.practice),
        Source::Default(_) => t!(l, parameters.source.default),
    }
}

/// The label of a parameter of any capability.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    groups(l).into_iter().flat_map(|group| group.parameters).find(|(_, declared)| declared.name == name)?.0
}

/// A stored value with its unit.
pub fn value_words(language: Language, unit: Unit, stored: &str) -> String {
    let (l, number) = (locale(language), stored.parse::<i64>());
    let n = number.as_ref().map_or_else(|_| stored.to_owned(), |number| grouped(*number));
    let count = number.clone().unwrap_or_default();
    match unit {
        Unit::Yuan => number.map_or_else(|_| stored.to_owned(), |yuan| amount(language, Fen::from_yuan(yuan))),
        Unit::Clock => stored.to_owned(),
        Unit::Demand if stored == Demand::Required.code() => t!(l, parameters.unit.required),
        Unit::Demand => t!(l, parameters.unit.offered),
        Unit::Minutes => t!(l, parameters.unit.minutes, n = n),
        Unit::Hours => t!(l, parameters.unit.hours, n = n),
        Unit::Days => counted!(l, count, [parameters.unit.days_one], [parameters.unit.days], n = n),
        Unit::WorkingDays => counted!(l, count, [parameters.unit.working_days_one], [parameters.unit.working_days], n = n),
        Unit::Months => counted!(l, count, [parameters.unit.months_one], [parameters.unit.months], n = n),
        Unit::Years => counted!(l, count, [parameters.unit.years_one], [parameters.unit.years], n = n),
        Unit::Notes => counted!(l, count, [parameters.unit.notes_one], [parameters.unit.notes], n = n),
        Unit::Bookings => counted!(l, count, [parameters.unit.bookings_one], [parameters.unit.bookings], n = n),
        Unit::NoShows => counted!(l, count, [parameters.unit.no_shows_one], [parameters.unit.no_shows], n = n),
        Unit::Cases => counted!(l, count, [parameters.unit.cases_one], [parameters.unit.cases], n = n),
        Unit::Messages => counted!(l, count, [parameters.unit.messages_one], [parameters.unit.messages], n = n),
        Unit::Percent => t!(l, parameters.unit.percent, n = n),
        Unit::Characters => counted!(l, count, [parameters.unit.characters_one], [parameters.unit.characters], n = n),
        Unit::People => counted!(l, count, [parameters.unit.people_one], [parameters.unit.people], n = n),
        Unit::Attempts => counted!(l, count, [parameters.unit.attempts_one], [parameters.unit.attempts], n = n),
        Unit::Cards => counted!(l, count, [parameters.unit.cards_one], [parameters.unit.cards], n = n),
        Unit::Reasons => counted!(l, count, [parameters.unit.reasons_one], [parameters.unit.reasons], n = n),
    }
}

/// The path of the page where a parameter of the whole bank or of a branch is changed.
pub type ChangePath = fn(&str, Option<&str>) -> String;

fn row(
    visit: &Visit,
    reference: &Reference,
    words: &str,
    declared: &Declaration,
    setting: Setting,
    change: Option<ChangePath>,
) -> TableRow {
    let (l, language) = (visit.locale(), visit.language);
    let href = change.map(|path| path(declared.name, setting.branch_id.as_deref()));
    let branch = setting.branch_id.map(|id| match reference.branch(&id) {
        Some(branch) => branch.name(language).to_owned(),
        None => id,
    });
    let cells = [
        words.to_owned(),
        value_words(language, declared.unit, &setting.value),
        branch.unwrap_or_else(|| t!(l, parameters.whole_bank)),
        setting.since.map_or_else(|| t!(l, parameters.not_set), |day| day_with_year(language, day)),
        source_words(l, declared.source),
    ];
    let row = TableRow::new(cells.into_iter().map(|cell| view! { {cell} }.into_any()).collect());
    match href {
        Some(href) => row.href(href),
        None => row,
    }
}

/// Query: what the parameters are searched for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
}

impl Wanted {
    /// Keeps the parameters of a group whose label, value or code has the wanted text; all of them if the heading has it.
    fn narrow(&self, group: Group, said: impl Fn(&Declaration) -> String) -> Option<Group> {
        let wanted = self.q.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        let Group { title, mut parameters } = group;
        if !has(&title) {
            parameters.retain(|(words, declared)| {
                has(words.as_deref().unwrap_or_default()) || has(declared.name) || has(&said(declared))
            });
        }
        (!parameters.is_empty()).then_some(Group { title, parameters })
    }
}

/// The search, a list of the capabilities and one table for each; with `change` each row leads to the page where its value is changed.
pub fn tables(visit: &Visit, reference: &Reference, change: Option<ChangePath>, wanted: &Wanted) -> AnyView {
    let (l, today) = (visit.locale(), visit.now.day());
    let said = |declared: &Declaration| {
        let settings = reference.settings(declared, today).into_iter();
        settings.map(|setting| value_words(visit.language, declared.unit, &setting.value)).collect::<Vec<_>>().join(" ")
    };
    let groups: Vec<Group> = groups(l).into_iter().filter_map(|group| wanted.narrow(group, said)).collect();
    let id = |place: usize| format!("group-{place}");
    let contents = groups.iter().enumerate().map(|(place, group)| {
        view! {
            <li>
                <a href=format!("#{}", id(place))>{group.title.clone()}</a>
            </li>
        }
    });
    let contents = (groups.len() > 1).then(|| {
        view! {
            <nav aria-label=t!(l, parameters.contents)>
                <ul class="contents">{contents.collect_view()}</ul>
            </nav>
        }
    });
    let path = visit.path().to_owned();
    let everything = (!wanted.q.trim().is_empty()).then(|| {
        let none = groups.is_empty().then(|| t!(l, parameters.none, wanted = display_text(&wanted.q)));
        view! {
            <p>{none} " " <a href=path.clone()>{t!(l, parameters.all)}</a></p>
        }
    });
    let search = view! {
        <form method="get" action=path.clone() class="form" role="search">
            <TextField
                name="q"
                label=t!(l, parameters.wanted)
                hint=t!(l, parameters.wanted_hint)
                value=wanted.q.clone()
                autocomplete="off"
            />
            <Button text=t!(l, parameters.find) kind=ButtonKind::Secondary />
        </form>
    };
    let table = |(place, group): (usize, Group)| {
        let columns = vec![
            Column::new(t!(l, parameters.what)),
            Column::figures(t!(l, parameters.value)),
            Column::new(t!(l, parameters.for_whom)),
            Column::new(t!(l, parameters.since)),
            Column::new(t!(l, parameters.basis)),
        ];
        let settings = group.parameters.into_iter().flat_map(|(words, declared)| {
            // A test checks that every parameter has a label.
            let words = words.unwrap_or_else(|| declared.name.to_owned());
            let settings = reference.settings(declared, today);
            settings.into_iter().map(move |setting| row(visit, reference, &words, declared, setting, change))
        });
        let rows = settings.collect();
        view! {
            <section class="block" id=id(place)>
                <h2>{group.title.clone()}</h2>
                <Table caption=group.title columns=columns rows=rows />
            </section>
        }
    };
    let tables = groups.into_iter().enumerate().map(table).collect_view();
    view! {
        {search}
        {everything}
        {contents}
        {tables}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bank::kernel::language::Language;
    use bank::kernel::parameters::Unit;

    use super::{Wanted, groups, value_words};
    use crate::words::locale;

    #[test]
    fn a_search_finds_label_code_value_and_heading() {
        let found = |wanted: &str| {
            let wanted = Wanted { q: wanted.to_owned() };
            let groups = groups(locale(Language::ZhCn)).into_iter();
            let groups = groups.filter_map(|group| wanted.narrow(group, |declared| (declared.default)()));
            groups.flat_map(|group| group.parameters).map(|(_, declared)| declared.name).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), bank::parameters().count());
        assert_eq!(found(" 网点一天的现金 "), ["cash_day_total"]);
        assert_eq!(found("CASH_DAY_TOTAL"), ["cash_day_total"]);
        assert!(found("15:00").contains(&"cash_cutoff"));
        assert!(found("取款").contains(&"cash_stock_1"), "all of a heading");
        assert!(found("没有这个").is_empty());
    }

    #[test]
    fn every_parameter_is_shown_once_with_words_and_unit_in_both_languages() {
        for language in Language::ALL {
            let groups = groups(locale(language));
            let shown: Vec<_> = groups.iter().flat_map(|group| &group.parameters).collect();
            let names: Vec<&str> = shown.iter().map(|(_, declared)| declared.name).collect();
            assert_eq!(names, bank::parameters().map(|declared| declared.name).collect::<Vec<_>>());
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
            for (words, declared) in shown {
                assert!(words.as_ref().is_some_and(|words| !words.contains('_')), "{} has no words", declared.name);
                let bare = (declared.default)();
                let said = value_words(language, declared.unit, &bare);
                assert!(said != bare || declared.unit == Unit::Clock, "{}: {said} has no unit", declared.name);
            }
        }
        assert_eq!(value_words(Language::ZhCn, Unit::Yuan, "50000"), "50,000 元");
        assert_eq!(value_words(Language::En, Unit::Clock, "15:00"), "15:00");
        assert_eq!(value_words(Language::ZhCn, Unit::Notes, "15000"), "15,000 张");
    }
}
