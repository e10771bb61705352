//! The working calendar: which days the bank works, by the State Council's holiday notice (docs/domain.md §2).
//!
//! A year whose notice has not been published is *unknown*: only weekends and 1 January are closed, and staff are
//! warned. Opening hours of a branch are in [`crate::kernel::hours`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::time::{Day, Weekday, parse_day, shift};

/// What the notice says about a day that differs from the ordinary week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday.
    Closed,
    /// A make-up working day (调休).
    Open,
}

impl DayKind {
    /// The word in the published file and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }

    /// Reads [`DayKind::code`].
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Closed, Self::Open].into_iter().find(|kind| kind.code() == code)
    }
}

/// One line of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRow {
    pub day: Day,
    pub kind: DayKind,
    /// The holiday's Chinese name, such as 国庆节.
    pub name: String,
}

/// A line of a calendar file that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the calendar is not `date,closed|open,name`")]
pub struct CalendarError {
    /// Line number, counted from 1.
    pub line: usize,
}

/// Parses a published calendar file: the header `date,kind,name`, then one row per day.
pub fn parse_rows(csv: &str) -> Result<Vec<CalendarRow>, CalendarError> {
    let row = |text: &str| {
        let mut parts = text.trim().splitn(3, ',');
        let day = parse_day(parts.next()?)?;
        let kind = DayKind::parse(parts.next()?)?;
        Some(CalendarRow { day, kind, name: parts.next()?.to_owned() })
    };
    csv.lines()
        .enumerate()
        .skip(1)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(index, text)| row(text).ok_or(CalendarError { line: index + 1 }))
        .collect()
}

/// Limit of a search for a working day, in days. It is longer than any run of closed days.
const SEARCH_DAYS: u32 = 400;

/// The days the bank works.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    days: BTreeMap<Day, (DayKind, String)>,
    published: BTreeSet<i16>,
}

impl WorkingCalendar {
    /// Builds a calendar from the rows of the notices and the years that have been published. Rows of other years are ignored.
    pub fn new(rows: impl IntoIterator<Item = CalendarRow>, published: impl IntoIterator<Item = i16>) -> Self {
        let published: BTreeSet<i16> = published.into_iter().collect();
        let days = rows
            .into_iter()
            .filter(|row| published.contains(&row.day.year()))
            .map(|row| (row.day, (row.kind, row.name)))
            .collect();
        Self { days, published }
    }

    /// Builds a calendar from rows alone: a year counts as published when any row belongs to it.
    pub fn from_rows(rows: Vec<CalendarRow>) -> Self {
        let published: BTreeSet<i16> = rows.iter().map(|row| row.day.year()).collect();
        Self::new(rows, published)
    }

    /// Builds a calendar from the text of a published file, see [`parse_rows`].
    pub fn parse(csv: &str) -> Result<Self, CalendarError> {
        parse_rows(csv).map(Self::from_rows)
    }

    /// The rows it was built from, in the order of their days.
    pub fn rows(&self) -> Vec<CalendarRow> {
        let row = |(day, (kind, name)): (&Day, &(DayKind, String))| CalendarRow { day: *day, kind: *kind, name: name.clone() };
        self.days.iter().map(row).collect()
    }

    /// Whether the notice of this year has been loaded.
    pub fn is_known(&self, year: i16) -> bool {
        self.published.contains(&year)
    }

    /// The first year between `from` and `from + days` whose notice has not been loaded (docs/domain.md §2).
    pub fn unknown_year(&self, from: Day, days: i64) -> Option<i16> {
        (from.year()..=shift(from, days).year()).find(|year| !self.is_known(*year))
    }

    /// Whether the bank works on this day.
    pub fn is_working(&self, day: Day) -> bool {
        match self.days.get(&day) {
            Some((kind, _)) => *kind == DayKind::Open,
            None if self.is_known(day.year()) => !is_weekend(day),
            None => !is_weekend(day) && (day.month(), day.day()) != (1, 1),
        }
    }

    /// Whether this day is a public holiday; in a year that has not been published only 1 January is.
    pub fn is_holiday(&self, day: Day) -> bool {
        match self.days.get(&day) {
            Some((kind, _)) => *kind == DayKind::Closed,
            None => !self.is_known(day.year()) && (day.month(), day.day()) == (1, 1),
        }
    }

    /// The name the notice gives this day, such as 国庆节; `None` on an ordinary day.
    pub fn name(&self, day: Day) -> Option<&str> {
        self.days.get(&day).map(|(_, name)| name.as_str())
    }

    /// The first working day after this one.
    pub fn next_working(&self, day: Day) -> Day {
        self.search(day, |day| day.tomorrow().unwrap_or(day))
    }

    /// The last working day before this one.
    pub fn previous_working(&self, day: Day) -> Day {
        self.search(day, |day| day.yesterday().unwrap_or(day))
    }

    /// The n-th working day after this one. `n` = 0 gives the day itself.
    pub fn nth_working_after(&self, day: Day, n: u32) -> Day {
        (0..n).fold(day, |day, _| self.next_working(day))
    }

    /// The weekday whose hours apply on a working day: Monday on a make-up day, otherwise the day's own weekday.
    pub fn hours_weekday(&self, day: Day) -> Weekday {
        match self.days.get(&day) {
            Some((DayKind::Open, _)) => Weekday::Monday,
            _ => day.weekday(),
        }
    }

    fn search(&self, from: Day, step: impl Fn(Day) -> Day) -> Day {
        let mut day = step(from);
        for _ in 0..SEARCH_DAYS {
            if self.is_working(day) {
                return day;
            }
            day = step(day);
        }
        day
    }
}

fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The published notice of 2026, for tests.
#[cfg(test)]
pub(crate) fn calendar_2026() -> WorkingCalendar {
    let csv = include_str!("../../data/calendar-cn.csv");
    WorkingCalendar::parse(csv).expect("the notice of 2026")
}

#[cfg(test)]
mod tests {
    use super::{CalendarError, CalendarRow, DayKind, WorkingCalendar, calendar_2026};
    use crate::kernel::time::{Day, Weekday, shift};
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn holidays_are_closed_and_make_up_days_are_worked() {
        let calendar = calendar_2026();
        assert!(!calendar.is_working(date(2026, 2, 16)), "a Monday in the spring festival");
        assert!(calendar.is_working(date(2026, 2, 14)), "a Saturday worked for it");
        assert!(calendar.is_working(date(2026, 2, 24)));
        assert!(!calendar.is_working(date(2026, 3, 7)), "an ordinary Saturday");
        assert_eq!(calendar.name(date(2026, 10, 1)), Some("国庆节"));
        assert_eq!(calendar.name(date(2026, 10, 9)), None);
    }

    #[test]
    fn a_year_whose_holidays_are_not_loaded_is_noticed_before_it_begins() {
        let calendar = calendar_2026();
        assert_eq!(calendar.unknown_year(date(2026, 11, 30), 31), None);
        assert_eq!(calendar.unknown_year(date(2026, 12, 1), 31), Some(2027));
        assert_eq!(calendar.unknown_year(date(2027, 3, 1), 31), Some(2027));
    }

    #[test]
    fn the_next_working_day_jumps_the_holidays() {
        let calendar = calendar_2026();
        let golden: [(Day, Day, Day); 8] = [
            (date(2026, 2, 13), date(2026, 2, 12), date(2026, 2, 14)),
            (date(2026, 2, 14), date(2026, 2, 13), date(2026, 2, 24)),
            (date(2026, 2, 18), date(2026, 2, 14), date(2026, 2, 24)),
            (date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 28)),
            (date(2026, 9, 30), date(2026, 9, 29), date(2026, 10, 8)),
            (date(2026, 10, 9), date(2026, 10, 8), date(2026, 10, 10)),
            (date(2026, 10, 10), date(2026, 10, 9), date(2026, 10, 12)),
            (date(2026, 5, 8), date(2026, 5, 7), date(2026, 5, 9)),
        ];
        for (day, before, after) in golden {
            assert_eq!(calendar.previous_working(day), before, "before {day}");
            assert_eq!(calendar.next_working(day), after, "after {day}");
        }
        assert_eq!(calendar.nth_working_after(date(2026, 9, 29), 3), date(2026, 10, 9));
    }

    #[test]
    fn an_unpublished_year_closes_only_weekends_and_new_year() {
        let calendar = calendar_2026();
        assert!(calendar.is_known(2026) && !calendar.is_known(2027));
        assert!(!calendar.is_working(date(2027, 1, 1)), "a Friday");
        assert!(calendar.is_working(date(2027, 2, 8)), "the spring festival nobody has announced");
        assert!(!calendar.is_working(date(2027, 2, 6)));
        assert_eq!(calendar.next_working(date(2026, 12, 31)), date(2027, 1, 4));
    }

    #[test]
    fn rows_of_an_unpublished_year_are_ignored() {
        let rows = super::parse_rows("date,kind,name\n2027-02-08,closed,春节\n").expect("rows");
        let calendar = WorkingCalendar::new(rows, [2026]);
        assert!(calendar.is_working(date(2027, 2, 8)));
    }

    #[test]
    fn a_make_up_day_takes_mondays_hours() {
        let calendar = calendar_2026();
        assert_eq!(calendar.hours_weekday(date(2026, 10, 10)), Weekday::Monday);
        assert_eq!(calendar.hours_weekday(date(2026, 10, 9)), Weekday::Friday);
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(WorkingCalendar::parse("date,kind,name\n2026-01-01,shut,x"), Err(CalendarError { line: 2 }));
    }

    #[test]
    fn a_calendar_without_a_working_day_ends_the_search() {
        let closed = |days| CalendarRow { day: shift(date(2026, 1, 1), days), kind: DayKind::Closed, name: String::new() };
        let calendar = WorkingCalendar::from_rows((0..800).map(closed).collect());
        assert!(calendar.next_working(date(2026, 1, 1)) > date(2026, 12, 31));
        assert_eq!(calendar.next_working(Day::MAX), Day::MAX);
    }

    proptest! {
        #![proptest_config(crate::soak::property(2_560))]

        #[test]
        fn the_next_working_day_is_later_worked_and_monotone(first in 0_i64..900, more in 0_i64..30) {
            let calendar = calendar_2026();
            let day = shift(date(2025, 6, 1), first);
            let next = calendar.next_working(day);
            prop_assert!(next > day && calendar.is_working(next));
            prop_assert!(next <= calendar.next_working(shift(day, more)));
            prop_assert!(calendar.previous_working(next) <= day);
            prop_assert!(calendar.previous_working(day) < day);
        }
    }
}
