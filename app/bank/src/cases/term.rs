//! Due time and alarm times of a clock (docs/domain.md §1): a pure function of the time of receipt, the promised time, the pauses
//! and the calendar. The clock of a branch counts its working time; a clock without a branch counts calendar time.

use super::parameters::CaseParameters;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::hours::Hours;
use crate::kernel::time::{At, shift};

/// Maximum number of days searched.
const SEARCH_DAYS: i64 = 400;

/// The time that a clock counts.
#[derive(Clone, Copy)]
pub(super) struct Counted<'c> {
    /// Working time of these opening hours; `None` for calendar time.
    pub hours: Option<(&'c WorkingCalendar, &'c Hours)>,
    /// Intervals in which the clock does not count, ordered and disjoint.
    pub pauses: &'c [(At, At)],
}

/// The due time of a clock, with the warning before and the escalation after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub warn: At,
    pub due: At,
    pub escalate: At,
}

impl Counted<'_> {
    /// The counted spans from a time on.
    fn spans(&self, from: At) -> impl Iterator<Item = (At, At)> {
        let worked = self.hours.into_iter().flat_map(move |(calendar, hours)| {
            let days = (0..SEARCH_DAYS).map(move |ahead| shift(from.day(), ahead));
            days.flat_map(move |day| {
                hours.working(calendar, day).iter().map(move |span| (At::of(day, span.opens), At::of(day, span.closes)))
            })
        });
        let natural = self.hours.is_none().then(|| (from, from.plus_days(SEARCH_DAYS)));
        let spans = worked.chain(natural).filter(move |(_, closes)| *closes > from);
        spans.flat_map(move |(opens, closes)| outside(self.pauses, opens.max(from), closes))
    }

    /// Counted time between two times, ms.
    fn between(&self, from: At, to: At) -> i64 {
        let spans = self.spans(from).take_while(|(opens, _)| *opens < to);
        spans.map(|(opens, closes)| closes.min(to).ms_since(opens)).sum()
    }

    /// The time after `ms` of counted time; `None` beyond [`SEARCH_DAYS`].
    fn after(&self, from: At, ms: i64) -> Option<At> {
        if ms <= 0 {
            return Some(from);
        }
        let mut left = ms;
        for (opens, closes) in self.spans(from) {
            let length = closes.ms_since(opens);
            if left <= length {
                return Some(opens.plus_ms(left));
            }
            left -= length;
        }
        None
    }

    /// The times of a clock received at `received` and promised for `promised`. A pause moves all times after it. A promised time
    /// without a pause before it is unchanged, also outside working time.
    pub(super) fn term(&self, parameters: &CaseParameters, received: At, promised: At) -> Term {
        let whole = Self { pauses: &[], ..*self }.between(received, promised);
        if whole <= 0 && self.hours.is_some() {
            // No working time in between: calendar time counts.
            return Self { hours: None, ..*self }.term(parameters, received, promised);
        }
        let share = |percent: i64| whole.saturating_mul(percent) / 100;
        let due = self.after(received, whole).map_or(promised, |due| due.max(promised));
        let warn = self.after(received, share(parameters.case_warn_percent)).map_or(due, |warn| warn.min(due));
        let escalate = self.after(due, share(parameters.case_escalate_percent - 100)).map_or(due, |escalate| escalate.max(due));
        Term { warn, due, escalate }
    }
}

/// The parts of a span outside the pauses.
fn outside(pauses: &[(At, At)], opens: At, closes: At) -> Vec<(At, At)> {
    let mut parts = Vec::new();
    let mut from = opens;
    for (since, until) in pauses {
        parts.push((from, closes.min(*since)));
        from = from.max(*until);
    }
    parts.push((from, closes));
    parts.retain(|(from, until)| from < until);
    parts
}

#[cfg(test)]
mod tests {
    use super::{Counted, Term};
    use crate::cases::CaseParameters;
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::hours::{Hours, WeekHours, parse_spans};
    use crate::kernel::time::{At, day_text, hhmm, parse_day, parse_time};
    use proptest::prelude::*;

    fn at(text: &str) -> At {
        let (day, time) = text.split_once(' ').expect("a day and a time");
        At::of(parse_day(&format!("2026-{day}")).expect("a day"), parse_time(time).expect("a time"))
    }

    fn text(at: At) -> String {
        format!("{} {}", &day_text(at.day())[5..], hhmm(at.time()))
    }

    fn week() -> Hours {
        WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours")).into()
    }

    fn term(received: &str, promised: &str, pauses: &[(&str, &str)]) -> [String; 3] {
        let (calendar, hours) = (calendar_2026(), week());
        let pauses: Vec<(At, At)> = pauses.iter().map(|(since, until)| (at(since), at(until))).collect();
        let counted = Counted { hours: Some((&calendar, &hours)), pauses: &pauses };
        let Term { warn, due, escalate } = counted.term(&CaseParameters::default(), at(received), at(promised));
        [warn, due, escalate].map(text)
    }

    #[test]
    fn alarms_count_the_working_time_of_the_branch() {
        // Five working hours: 75 % are 3:45, 20 % are one hour. 23 November 2026 is a Monday.
        assert_eq!(term("11-23 10:00", "11-23 17:00", &[]), ["11-23 15:45", "11-23 17:00", "11-24 10:00"]);
        // Over a weekend: one hour on Friday, one on Monday.
        assert_eq!(term("11-27 16:00", "11-30 10:00", &[]), ["11-30 09:30", "11-30 10:00", "11-30 10:24"]);
        // The National Day holidays do not count.
        assert_eq!(term("09-30 16:00", "10-08 10:00", &[]), ["10-08 09:30", "10-08 10:00", "10-08 10:24"]);
        // Promised outside working hours: the promised time is kept.
        assert_eq!(term("11-23 16:00", "11-24 08:00", &[]), ["11-23 16:45", "11-24 08:00", "11-24 09:12"]);
        // No working time in between: calendar time.
        assert_eq!(term("11-28 10:00", "11-28 20:00", &[]), ["11-28 17:30", "11-28 20:00", "11-28 22:00"]);
    }

    #[test]
    fn a_pause_moves_what_lies_after_it() {
        let unpaused = ["11-23 15:45", "11-23 17:00", "11-24 10:00"];
        assert_eq!(
            term("11-23 10:00", "11-23 17:00", &[("11-23 12:00", "11-23 14:00")]),
            unpaused,
            "a pause outside working time"
        );
        assert_eq!(term("11-23 10:00", "11-23 17:00", &[("11-20 09:00", "11-23 10:00")]), unpaused, "before the receipt");
        // One working hour.
        let moved = ["11-23 16:45", "11-24 10:00", "11-24 11:00"];
        assert_eq!(term("11-23 10:00", "11-23 17:00", &[("11-23 11:00", "11-23 14:00")]), moved);
        // Two pauses; the second begins after the promised time and before the moved one.
        let twice = ["11-23 16:45", "11-24 11:00", "11-24 12:00"];
        assert_eq!(term("11-23 10:00", "11-23 17:00", &[("11-23 11:00", "11-23 14:00"), ("11-24 09:00", "11-24 10:00")]), twice);
        // Between the due time and the escalation.
        let late = ["11-23 15:45", "11-23 17:00", "11-24 15:00"];
        assert_eq!(term("11-23 10:00", "11-23 17:00", &[("11-24 09:00", "11-24 14:00")]), late);
    }

    #[test]
    fn without_a_branch_natural_time_counts() {
        let counted = |pauses| Counted { hours: None, pauses };
        let (received, promised) = (at("11-23 10:00"), at("11-24 10:00"));
        let Term { warn, due, escalate } = counted(&[]).term(&CaseParameters::default(), received, promised);
        assert_eq!([warn, due, escalate].map(text), ["11-24 04:00", "11-24 10:00", "11-24 14:48"]);
        let pause = [(at("11-24 00:00"), at("11-24 06:00"))];
        let Term { warn, due, escalate } = counted(&pause).term(&CaseParameters::default(), received, promised);
        assert_eq!([warn, due, escalate].map(text), ["11-24 10:00", "11-24 16:00", "11-24 20:48"]);
    }

    proptest! {
        #![proptest_config(crate::soak::property(1_280))]

        #[test]
        fn the_unpaused_time_until_due_is_what_was_promised(
            received in 0_i64..20_000,
            length in 1_i64..10_000,
            pauses in proptest::collection::vec((0_i64..4_000, 1_i64..4_000), 0..4),
        ) {
            let (calendar, hours, parameters) = (calendar_2026(), week(), CaseParameters::default());
            let minute = |minutes: i64| at("11-02 09:00").plus_ms(minutes * 60_000);
            let mut cursor = received;
            let pauses: Vec<(At, At)> = pauses.into_iter().map(|(gap, long)| {
                let since = cursor + gap;
                cursor = since + long;
                (minute(since), minute(cursor))
            }).collect();
            let counted = |pauses| Counted { hours: Some((&calendar, &hours)), pauses };
            let (received, promised) = (minute(received), minute(received + length));
            let plain = counted(&[]).term(&parameters, received, promised);
            let paused = counted(&pauses).term(&parameters, received, promised);
            prop_assert_eq!(plain.due, promised);
            prop_assert!(paused.warn <= paused.due && paused.due <= paused.escalate);
            prop_assert!(paused.due >= plain.due && paused.warn >= plain.warn && paused.escalate >= plain.escalate);
            let whole = counted(&[]).between(received, promised);
            if whole > 0 {
                prop_assert_eq!(counted(&pauses).between(received, paused.due), whole);
            }
        }
    }
}
