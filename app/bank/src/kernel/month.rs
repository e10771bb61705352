//! The weeks of a month, from Monday to Sunday, for a calendar on a page.

use super::time::{Day, shift};

/// A month as rows of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSheet {
    /// Its first day.
    pub first: Day,
    /// Its weeks from Monday; no day outside the month.
    pub weeks: Vec<[Option<Day>; 7]>,
}

/// The months that hold one of these days, which are in order; each from the week of `today` on.
pub fn sheets(today: Day, days: impl IntoIterator<Item = Day>) -> Vec<MonthSheet> {
    let mut months: Vec<Day> = days.into_iter().map(|day| shift(day, 1 - i64::from(day.day()))).collect();
    months.dedup();
    months.into_iter().map(|first| MonthSheet { first, weeks: weeks(today, first) }).collect()
}

fn weeks(today: Day, first: Day) -> Vec<[Option<Day>; 7]> {
    let mut monday = shift(first, -i64::from(first.weekday().to_monday_zero_offset()));
    let mut weeks = Vec::new();
    loop {
        let week = [0, 1, 2, 3, 4, 5, 6].map(|place| Some(shift(monday, place)).filter(|day| day.month() == first.month()));
        if week.iter().all(Option::is_none) {
            return weeks;
        }
        if shift(monday, 6) >= today {
            weeks.push(week);
        }
        monday = shift(monday, 7);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn numbers(sheet: &MonthSheet) -> Vec<String> {
        let number = |day: &Option<Day>| day.map_or_else(|| "-".to_owned(), |day| day.day().to_string());
        sheet.weeks.iter().map(|week| week.iter().map(number).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_month_has_its_weeks_from_monday() {
        let sheets = sheets(date(2026, 12, 1), [2, 3, 4, 7, 8].map(|day| date(2026, 12, day)));
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].first, date(2026, 12, 1));
        let rows = ["- 1 2 3 4 5 6", "7 8 9 10 11 12 13", "14 15 16 17 18 19 20", "21 22 23 24 25 26 27", "28 29 30 31 - - -"];
        assert_eq!(numbers(&sheets[0]), rows);
    }

    #[test]
    fn weeks_that_are_over_are_left_out_and_a_window_may_span_two_months() {
        let days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4)];
        let sheets = sheets(date(2026, 11, 27), days);
        assert_eq!(numbers(&sheets[0]), ["23 24 25 26 27 28 29", "30 - - - - - -"]);
        assert_eq!(numbers(&sheets[1])[0], "- 1 2 3 4 5 6");
        assert_eq!(sheets.len(), 2);
    }

    #[test]
    fn a_year_ends_and_a_month_may_begin_on_any_day() {
        let sheets = sheets(date(2026, 12, 31), [date(2026, 12, 31), date(2027, 1, 4)]);
        assert_eq!(numbers(&sheets[0]), ["28 29 30 31 - - -"]);
        assert_eq!(numbers(&sheets[1])[0], "- - - - 1 2 3");
        assert_eq!(super::sheets(date(2026, 12, 1), []), []);
        // A month that begins on Monday and has four weeks.
        assert_eq!(numbers(&super::sheets(date(2027, 2, 1), [date(2027, 2, 1)])[0]).len(), 4);
    }
}
