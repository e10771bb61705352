//! Opening hours of a branch: for each weekday the spans it is open, a break between them where there is one.
//!
//! Not here: holidays; a branch is open only on working days ([`crate::kernel::calendar`]).

use serde::{Deserialize, Serialize};

use super::calendar::WorkingCalendar;
use super::time::{Day, Time, Weekday, hhmm, parse_time};

/// One span of opening, from `opens` to before `closes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The time the doors open.
    pub opens: Time,
    /// The time they close; later than `opens`.
    pub closes: Time,
}

/// The hours of a week, Monday first; a day without spans is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekHours(pub [Vec<Span>; 7]);

impl WeekHours {
    /// The same spans Monday to Friday, closed at the weekend.
    pub fn weekdays(spans: &[Span]) -> Self {
        let mut week = Self::default();
        for day in week.0.iter_mut().take(5) {
            *day = spans.to_vec();
        }
        week
    }

    /// The spans of a weekday.
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(index).map_or(&[], Vec::as_slice)
    }

    /// The spans of a day: none on a day the bank does not work, Monday's on a make-up day.
    pub fn of_day(&self, calendar: &WorkingCalendar, day: Day) -> &[Span] {
        if calendar.is_working(day) { self.on(calendar.hours_weekday(day)) } else { &[] }
    }

    /// The time the branch closes for good on a day; `None` when it does not open.
    pub fn closing(&self, calendar: &WorkingCalendar, day: Day) -> Option<Time> {
        self.of_day(calendar, day).iter().map(|span| span.closes).max()
    }
}

/// Reads the spans of a day as stored: `09:00-12:00,14:00-17:00`, in order and apart; empty text is a closed day.
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

/// The spans of a day as text: `09:00-12:00,14:00-17:00`, see [`parse_spans`].
pub fn spans_text(spans: &[Span]) -> String {
    let parts: Vec<String> = spans.iter().map(|span| format!("{}-{}", hhmm(span.opens), hhmm(span.closes))).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::{WeekHours, parse_spans, spans_text};
    use crate::kernel::calendar::calendar_2026;
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
        let calendar = calendar_2026();
        assert_eq!(week.of_day(&calendar, date(2026, 10, 1)), []);
        assert_eq!(week.closing(&calendar, date(2026, 10, 1)), None);
        assert_eq!(week.closing(&calendar, date(2026, 10, 10)).map(hhmm).as_deref(), Some("16:30"));
        assert_eq!(week.closing(&calendar, date(2026, 10, 9)).map(hhmm).as_deref(), Some("17:00"));
        assert_eq!(week.on(Weekday::Sunday), []);
    }
}
