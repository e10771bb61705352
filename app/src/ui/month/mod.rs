//! Days to choose from as a calendar of one or two months, weeks from Monday. Only free days are radio buttons; a day that is full
//! says so on a shade; every other day is plain text.
//!
//! For a list of days without a calendar use `choice_group`.

use bank::kernel::language::{Language, weekday};
use bank::kernel::time::{Day, shift};
use leptos::prelude::*;

use super::parts::{OptionalText, described_by};

mod samples;

pub use samples::examples;

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthDay {
    /// Its number within the month.
    pub number: i8,
    pub state: DayState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayState {
    /// It can be chosen.
    Free {
        /// Posted value.
        value: String,
        /// Its name for screen readers, with the places left: 12 月 2 日 周三 余 9 位.
        name: String,
        /// Free places.
        places: i64,
        chosen: bool,
    },
    /// It cannot be chosen; both say why, the first beside its number, the second with its date.
    Full { why: String, name: String },
    /// A day on which nothing can be booked, such as a Sunday or a day too far ahead; with a word or without.
    Plain(Option<String>),
}

/// A month of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthView {
    /// 2026 年 12 月.
    pub title: String,
    /// Weeks from Monday; `None` is a day of another month.
    pub weeks: Vec<Vec<Option<MonthDay>>>,
}

/// The days of the week, Monday first: 一, Mon.
pub fn weekdays(language: Language) -> Vec<String> {
    // Any Monday.
    let names = (0..7).map(|place| weekday(language, shift(Day::constant(2026, 11, 23), place).weekday()));
    names.map(|name| name.trim_start_matches('周').to_owned()).collect()
}

/// The calendar. The first free day has the id `name`, so that an error can link to it.
#[component]
pub fn MonthGroup(
    #[prop(into)] legend: String,
    #[prop(into)] name: String,
    /// Names of the days of the week, Monday first.
    weekdays: Vec<String>,
    months: Vec<MonthView>,
    /// The unit after the number of free places: 位. Left out where the window is narrow.
    #[prop(into)]
    unit: String,
    /// What the small figures are.
    #[prop(into)]
    figures: String,
    /// How many days are free.
    #[prop(into)]
    free: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
) -> AnyView {
    let (hint, error) = (hint.text(), error.text());
    let described = described_by(&name, hint.is_some(), error.is_some());
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let invalid = error.is_some().then_some("true");
    let wrong = error.is_some();
    let mut first = Some(name.clone());
    let sheets = months
        .into_iter()
        .map(|month| {
            let heads = weekdays.iter().map(|day| view! { <span>{day.clone()}</span> }).collect_view();
            let weeks = month
                .weeks
                .into_iter()
                .map(|week| {
                    let days = week.into_iter().map(|day| cell(day, &name, &unit, &mut first)).collect_view();
                    view! { <div class="month-week">{days}</div> }
                })
                .collect_view();
            view! {
                <div class="month-sheet">
                    <p class="month-title">
                        <b>{month.title}</b>
                        <span class="hint">{figures.clone()}</span>
                    </p>
                    <div class="month-week month-heads" aria-hidden="true">
                        {heads}
                    </div>
                    {weeks}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices month" class:field-wrong=wrong role="radiogroup" aria-describedby=described aria-invalid=invalid>
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="month-free">{free}</p>
            {sheets}
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </fieldset>
    }
    .into_any()
}

fn cell(day: Option<MonthDay>, name: &str, unit: &str, first: &mut Option<String>) -> AnyView {
    let Some(MonthDay { number, state }) = day else { return text("", String::new(), None, None) };
    let number = number.to_string();
    match state {
        DayState::Free { value, name: said, places, chosen } => {
            let id = first.take().unwrap_or_else(|| format!("{name}-{value}"));
            let (places, unit) = (places.to_string(), format!(" {unit}"));
            view! {
                <label class="choice month-day">
                    <input type="radio" id=id name=name.to_owned() value=value checked=chosen aria-label=said />
                    <b aria-hidden="true">{number}</b>
                    <small aria-hidden="true">{places}<span class="month-unit">{unit}</span></small>
                </label>
            }
            .into_any()
        }
        DayState::Full { why, name } => text("month-full", number, Some(why), Some(name)),
        DayState::Plain(word) => text("month-plain", number, word, None),
    }
}

/// A day that cannot be chosen. Screen readers get its name, if it has one.
fn text(class: &'static str, number: String, word: Option<String>, name: Option<String>) -> AnyView {
    view! {
        <span class=class>
            <span aria-hidden="true">{number}</span>
            {word.map(|word| view! { <small aria-hidden="true">{word}</small> })}
            {name.map(|name| view! { <span class="unseen">{name}</span> })}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_free_days_can_be_chosen_and_a_full_one_says_why() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"type="radio""#).count(), 2);
        assert!(html.contains(r#"id="month_day" name="month_day" value="2026-12-02" checked"#), "{html}");
        assert!(html.contains(r#"id="month_day-2026-12-03" name="month_day" value="2026-12-03""#), "{html}");
        assert!(html.contains(r#"aria-label="12 月 2 日 周三 余 9 位""#));
        assert!(html.contains(r#"<span class="unseen">12 月 4 日 周五 约满</span>"#));
        assert!(
            html.contains(r#"role="radiogroup" aria-describedby="month_day-hint month_day-error" aria-invalid="true""#),
            "{html}"
        );
        assert!(!html.contains("disabled"), "what cannot be chosen is text");
    }
}
