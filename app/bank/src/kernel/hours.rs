//! Opening hours of a branch: spans for each weekday, with a break between them where there is one, from a day on.
//!
//! [`Hours::opening`] answers when the branch is open, including Saturdays and Sundays for which it has hours.
//! [`Hours::working`] answers when the branch handles cases, on working days only ([`crate::kernel::calendar`]):
//! cash is paid out and answers are promised in these hours.

use serde::{Deserialize, Serialize};

use super::calendar::WorkingCalendar;
use super::time::{At, Day, Time, Weekday, hhmm, parse_time, shift};

/// One span of opening hours, from `opens` (inclusive) to `closes` (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub opens: Time,
    /// Later than `opens`.
    pub closes: Time,
}

/// The hours of a week, Monday first. A day without spans is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekHours(pub [Vec<Span>; 7]);

impl WeekHours {
    /// The same spans from Monday to Friday, closed at the weekend.
    pub fn weekdays(spans: &[Span]) -> Self {
        let mut week = Self::default();
        for day in week.0.iter_mut().take(5) {
            *day = spans.to_vec();
        }
        week
    }

    pub fn on(&self, weekday: Weekday) -> &[Span] {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(index).map_or(&[], Vec::as_slice)
    }
}

/// The opening hours of a branch: a week from a day on, until a later one replaces it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The week before the first effective day.
    pub first: WeekHours,
    /// Later weeks with their effective days, the earliest first.
    pub later: Vec<(Day, WeekHours)>,
    /// Single days on which the branch does not open, with the reason, the earliest first.
    #[serde(default)]
    pub closed: Vec<(Day, String)>,
}

impl From<WeekHours> for Hours {
    fn from(first: WeekHours) -> Self {
        Self { first, later: Vec::new(), closed: Vec::new() }
    }
}

impl Hours {
    /// The week in force on a day.
    pub fn week(&self, day: Day) -> &WeekHours {
        self.later.iter().rfind(|(from, _)| *from <= day).map_or(&self.first, |(_, week)| week)
    }

    /// Why the branch does not open on a single day; `None`: its hours hold.
    pub fn closed_on(&self, day: Day) -> Option<&str> {
        self.closed.iter().find(|(closed, _)| *closed == day).map(|(_, reason)| reason.as_str())
    }

    /// When the branch is open on a day: never on a public holiday or a day it is closed, Monday's hours on a make-up day,
    /// otherwise the hours of the weekday.
    pub fn opening(&self, calendar: &WorkingCalendar, day: Day) -> &[Span] {
        if calendar.is_holiday(day) || self.closed_on(day).is_some() {
            &[]
        } else {
            self.week(day).on(calendar.hours_weekday(day))
        }
    }

    /// What is left of today's opening at `at`, otherwise the next day on which the branch opens, with its spans.
    pub fn next_opening(&self, calendar: &WorkingCalendar, at: At) -> Option<(Day, Vec<Span>)> {
        let days = (0..=SEARCH_DAYS).map(|days| shift(at.day(), days));
        let mut open = days.map(|day| {
            let spans = self.opening(calendar, day).iter().copied();
            (day, spans.filter(|span| At::of(day, span.closes) > at).collect::<Vec<_>>())
        });
        open.find(|(_, spans)| !spans.is_empty())
    }

    /// When the branch works on a day: never on a day that is not a working day, Monday's hours on a make-up day.
    pub fn working(&self, calendar: &WorkingCalendar, day: Day) -> &[Span] {
        if calendar.is_working(day) { self.opening(calendar, day) } else { &[] }
    }

    /// Whether the branch works on a day at a time.
    pub fn works_at(&self, calendar: &WorkingCalendar, day: Day, time: Time) -> bool {
        self.working(calendar, day).iter().any(|span| span.opens <= time && time < span.closes)
    }

    /// Whether the branch works from `start` to `end` without a break.
    pub fn contain(&self, calendar: &WorkingCalendar, start: At, end: At) -> bool {
        let day = start.day();
        let mut spans = self.working(calendar, day).iter();
        spans.any(|span| At::of(day, span.opens) <= start && end <= At::of(day, span.closes))
    }

    /// The end of the last span of a working day; `None` when the branch does not work that day.
    pub fn closing(&self, calendar: &WorkingCalendar, day: Day) -> Option<Time> {
        self.working(calendar, day).iter().map(|span| span.closes).max()
    }

    /// The first day after `day` on which the branch works; the following day if there is none within the search limit.
    pub fn next_working(&self, calendar: &WorkingCalendar, day: Day) -> Day {
        let ahead = (1..=SEARCH_DAYS).map(|days| shift(day, days));
        ahead.clone().find(|day| !self.working(calendar, *day).is_empty()).unwrap_or_else(|| shift(day, 1))
    }

    /// The time promised for an answer that is due at `at`: `at` itself inside working hours, otherwise the end of the next
    /// span. `at` if the branch never works.
    pub fn promise(&self, calendar: &WorkingCalendar, at: At) -> At {
        let days = (0..=SEARCH_DAYS).map(|days| shift(at.day(), days));
        let mut spans = days.flat_map(|day| self.working(calendar, day).iter().map(move |span| (day, span)));
        let next = spans.find(|(day, span)| At::of(*day, span.closes) >= at);
        next.map_or(at, |(day, span)| if At::of(day, span.opens) < at { at } else { At::of(day, span.closes) })
    }

    /// The latest time inside working hours that is after `from` and not after `until`.
    pub fn latest_between(&self, calendar: &WorkingCalendar, from: At, until: At) -> Option<At> {
        let days = (0..=SEARCH_DAYS).map(|days| shift(until.day(), -days)).take_while(|day| *day >= from.day());
        let mut spans = days.flat_map(|day| self.working(calendar, day).iter().rev().map(move |span| (day, span)));
        let last = spans.find(|(day, span)| At::of(*day, span.opens) < until)?;
        let moment = At::of(last.0, last.1.closes).min(until);
        (moment > from).then_some(moment)
    }
}

/// Limit of the searches for working hours, in days. It is longer than any closure of a branch.
const SEARCH_DAYS: i64 = 60;

/// Parses the spans of a day: `09:00-12:00,14:00-17:00`, in order and without overlap. Empty text is a closed day.
pub fn parse_spans(text: &str) -> Option<Vec<Span>> {
    if text.trim().is_empty() {
        return Some(Vec::new());
    }
    let spans: Vec<Span> = text
        .split(',')
        .map(|part| {
            let (opens, closes) = part.split_once('-')?;
            let span = Span { opens: parse_time(opens)?, closes: parse_time(closes)? };
            (span.opens < span.closes).then_some(span)
        })
        .collect::<Option<_>>()?;
    spans.windows(2).all(|pair| matches!(pair, [a, b] if a.closes <= b.opens)).then_some(spans)
}

/// Formats the spans of a day for [`parse_spans`].
pub fn spans_text(spans: &[Span]) -> String {
    let parts: Vec<String> = spans.iter().map(|span| format!("{}-{}", hhmm(span.opens), hhmm(span.closes))).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::{Hours, WeekHours, parse_spans, spans_text};
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::time::{At, Day, parse_time};
    use crate::kernel::time::{Weekday, hhmm};
    use jiff::civil::date;

    #[test]
    fn hours_are_read_and_written_alike() {
        for text in ["", "09:00-17:00", "09:00-12:00,14:00-17:00"] {
            let spans = parse_spans(text).expect("hours");
            assert_eq!(spans_text(&spans), text);
        }
        for wrong in ["09:00", "17:00-09:00", "09:00-12:00,11:00-17:00", "9-17"] {
            assert_eq!(parse_spans(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_holiday_has_no_hours_and_a_make_up_day_has_mondays() {
        let mut week = WeekHours::weekdays(&parse_spans("09:00-17:00").expect("hours"));
        week.0[0] = parse_spans("10:00-12:00,14:00-16:30").expect("hours");
        assert_eq!(week.on(Weekday::Sunday), []);
        let (calendar, week) = (calendar_2026(), Hours::from(week));
        assert_eq!(week.working(&calendar, date(2026, 10, 1)), []);
        assert_eq!(week.opening(&calendar, date(2026, 10, 1)), []);
        assert_eq!(week.closing(&calendar, date(2026, 10, 1)), None);
        assert_eq!(week.closing(&calendar, date(2026, 10, 10)).map(hhmm).as_deref(), Some("16:30"));
        assert_eq!(week.closing(&calendar, date(2026, 10, 9)).map(hhmm).as_deref(), Some("17:00"));
    }

    fn at(day: Day, time: &str) -> At {
        At::of(day, parse_time(time).expect("a time"))
    }

    #[test]
    fn the_next_opening_is_what_is_left_of_today_or_the_next_day_that_has_hours() {
        let week = Hours::from(WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours")));
        let calendar = calendar_2026();
        let next = |day, time| week.next_opening(&calendar, at(day, time)).map(|(day, spans)| (day, spans_text(&spans)));
        let friday = date(2026, 11, 27);
        assert_eq!(next(friday, "08:00"), Some((friday, "09:00-12:00,14:00-17:00".to_owned())));
        assert_eq!(next(friday, "12:00"), Some((friday, "14:00-17:00".to_owned())));
        assert_eq!(next(friday, "17:00"), Some((date(2026, 11, 30), "09:00-12:00,14:00-17:00".to_owned())));
        assert_eq!(Hours::default().next_opening(&calendar, at(friday, "08:00")), None);
    }

    #[test]
    fn a_saturday_with_hours_is_open_but_no_working_day() {
        let mut week = WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours"));
        week.0[5] = parse_spans("09:30-16:00").expect("hours");
        let (calendar, week) = (calendar_2026(), Hours::from(week));
        let saturday = date(2026, 11, 28);
        assert_eq!(spans_text(week.opening(&calendar, saturday)), "09:30-16:00");
        assert_eq!(week.working(&calendar, saturday), []);
        // A Saturday inside a public holiday is closed; a make-up Saturday takes Monday's hours.
        assert_eq!(week.opening(&calendar, date(2026, 10, 3)), []);
        assert_eq!(spans_text(week.opening(&calendar, date(2026, 10, 10))), "09:00-12:00,14:00-17:00");
        // In an unpublished year only 1 January is a known holiday.
        assert_eq!(week.opening(&calendar, date(2027, 1, 1)), []);
        assert_eq!(spans_text(week.opening(&calendar, date(2027, 1, 2))), "09:30-16:00");
    }

    #[test]
    fn an_answer_is_promised_inside_working_hours_or_for_the_end_of_the_next_span() {
        let week = Hours::from(WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours")));
        let calendar = calendar_2026();
        let (friday, monday) = (date(2026, 12, 4), date(2026, 12, 7));
        let promised = |at| week.promise(&calendar, at);
        assert_eq!(promised(at(friday, "10:00")), at(friday, "10:00"));
        assert_eq!(promised(at(friday, "12:00")), at(friday, "12:00"));
        assert_eq!(promised(at(friday, "13:00")), at(friday, "17:00"));
        assert_eq!(promised(at(friday, "09:00")), at(friday, "12:00"));
        assert_eq!(promised(at(friday, "22:00")), at(monday, "12:00"));
        assert_eq!(promised(at(date(2026, 12, 5), "04:00")), at(monday, "12:00"));
        assert_eq!(Hours::default().promise(&calendar, at(friday, "04:00")), at(friday, "04:00"), "never open");
    }

    #[test]
    fn the_latest_moment_before_another_lies_in_working_hours() {
        let week = Hours::from(WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours")));
        let calendar = calendar_2026();
        let (friday, monday) = (date(2026, 12, 4), date(2026, 12, 7));
        let latest = |from, until| week.latest_between(&calendar, from, until);
        assert_eq!(latest(at(friday, "08:00"), at(friday, "13:00")), Some(at(friday, "12:00")));
        assert_eq!(latest(at(friday, "08:00"), at(friday, "16:00")), Some(at(friday, "16:00")));
        assert_eq!(latest(at(friday, "08:00"), at(monday, "09:00")), Some(at(friday, "17:00")));
        assert_eq!(latest(at(friday, "18:00"), at(monday, "09:00")), None);
        assert_eq!(week.next_working(&calendar, friday), monday);
    }

    #[test]
    fn a_week_holds_from_its_day_until_the_next_one() {
        let week = |spans| WeekHours::weekdays(&parse_spans(spans).expect("hours"));
        let (calendar, friday, monday) = (calendar_2026(), date(2026, 12, 4), date(2026, 12, 7));
        let later = vec![(monday, week("10:00-16:00")), (date(2026, 12, 14), week(""))];
        let hours = Hours { first: week("09:00-17:00"), later, ..Hours::default() };
        let opening = |day| spans_text(hours.opening(&calendar, day));
        assert_eq!([opening(friday), opening(monday), opening(date(2026, 12, 14))], ["09:00-17:00", "10:00-16:00", ""]);
        assert_eq!(hours.closing(&calendar, monday).map(hhmm).as_deref(), Some("16:00"));
        // What is due after Friday's closing is promised by Monday's new hours.
        assert_eq!(hours.promise(&calendar, at(friday, "18:00")), at(monday, "16:00"));
    }

    #[test]
    fn on_a_day_it_is_closed_a_branch_neither_opens_nor_promises() {
        let (calendar, friday, monday) = (calendar_2026(), date(2026, 12, 4), date(2026, 12, 7));
        let week = WeekHours::weekdays(&parse_spans("09:00-17:00").expect("hours"));
        let hours = Hours { closed: vec![(friday, "停电".to_owned())], ..Hours::from(week) };
        assert!(hours.opening(&calendar, friday).is_empty() && hours.working(&calendar, friday).is_empty());
        assert_eq!((hours.closed_on(friday), hours.closed_on(monday)), (Some("停电"), None));
        assert!(!hours.contain(&calendar, at(friday, "10:00"), at(friday, "11:00")));
        assert_eq!(hours.promise(&calendar, at(friday, "10:00")), at(monday, "17:00"));
        assert_eq!(hours.next_working(&calendar, date(2026, 12, 3)), monday);
    }
}
