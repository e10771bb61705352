//! When the answer to an application is due, and until when the customer may cancel it (docs/domain.md §3, §14).

use super::ReceptionParameters;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::hours::Hours;
use crate::kernel::time::At;

/// The inputs for the branch of a reception. The parameters are those of the day an application is made.
#[derive(Debug, Clone, Copy)]
pub struct Timing<'t> {
    pub calendar: &'t WorkingCalendar,
    pub hours: &'t Hours,
    pub parameters: &'t ReceptionParameters,
}

impl Timing<'_> {
    /// When the answer to an application for a slot starting at `start` is due: at the fixed time on the branch's next working
    /// day. If that is too late: the latest time in opening hours before the customer's deadline to cancel; otherwise
    /// `reception_answer_ahead_minutes` before the slot; otherwise before the slot. Without opening hours in between, after half
    /// of the remaining time.
    pub fn answer_due(&self, applied: At, start: At) -> At {
        let next = self.hours.next_working(self.calendar, applied.day());
        let due = self.hours.promise(self.calendar, At::of(next, self.parameters.reception_answer_until));
        let until = self.cancel_until(applied, start);
        if due <= until {
            return due;
        }
        let ahead = start.plus_minutes(-self.parameters.reception_answer_ahead_minutes);
        let before = [until, ahead, start.plus_minutes(-1)].into_iter().map(|until| until.min(due));
        let mut before = before.filter(|until| *until < start);
        let found = before.find_map(|until| self.hours.latest_between(self.calendar, applied, until));
        found.unwrap_or_else(|| applied.plus_ms(start.ms_since(applied) / 2))
    }

    /// The customer's deadline to cancel before the answer: the later of the fixed time on the working day before and the grace
    /// period after applying, but never after the start of the slot.
    pub fn cancel_until(&self, applied: At, start: At) -> At {
        let before = At::of(self.calendar.previous_working(start.day()), self.parameters.reception_cancel_until);
        before.max(applied.plus_minutes(self.parameters.reception_cancel_grace_minutes)).min(start)
    }

    /// The deadline after the answer: the later of `until` and the grace period after the answer, but never after the start of
    /// the slot.
    pub fn cancel_until_answered(&self, until: At, answered: At, start: At) -> At {
        until.max(answered.plus_minutes(self.parameters.reception_cancel_answered_minutes)).min(start)
    }
}

#[cfg(test)]
mod tests {
    use super::Timing;
    use crate::appointments::reception::ReceptionParameters;
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::hours::{WeekHours, parse_spans};
    use crate::kernel::time::{At, day_text, hhmm, parse_day, parse_time};
    use proptest::prelude::*;

    fn at(text: &str) -> At {
        let (day, time) = text.split_once(' ').expect("a day and a time");
        At::of(parse_day(day).expect("a day"), parse_time(time).expect("a time"))
    }

    fn text(at: At) -> String {
        format!("{} {}", day_text(at.day()), hhmm(at.time()))
    }

    fn with_timing<T>(spans: &str, work: impl FnOnce(Timing<'_>) -> T) -> T {
        let hours = WeekHours::weekdays(&parse_spans(spans).expect("hours")).into();
        work(Timing { calendar: &calendar_2026(), hours: &hours, parameters: &ReceptionParameters::default() })
    }

    /// Applied, slot, answer due, for a branch with a lunch break. 2026-12-04 is a Friday.
    const DUE: [(&str, &str, &str); 8] = [
        ("2026-12-04 16:00", "2026-12-09 10:00", "2026-12-07 17:00"),
        ("2026-12-04 22:00", "2026-12-09 10:00", "2026-12-07 17:00"),
        // Before the customer's deadline at 15:00 of the working day before.
        ("2026-12-04 10:00", "2026-12-08 10:00", "2026-12-07 15:00"),
        ("2026-12-04 10:00", "2026-12-07 10:00", "2026-12-04 15:00"),
        // Too late for that deadline: still before the slot and inside opening hours.
        ("2026-12-04 16:00", "2026-12-07 10:00", "2026-12-04 16:30"),
        ("2026-12-04 18:00", "2026-12-07 14:00", "2026-12-07 12:00"),
        ("2026-12-07 07:00", "2026-12-07 11:00", "2026-12-07 10:00"),
        ("2026-12-07 04:00", "2026-12-07 09:00", "2026-12-07 06:30"),
    ];

    #[test]
    fn an_application_is_answered_in_opening_hours_before_the_deadline_or_at_least_the_slot() {
        with_timing("09:00-12:00,14:00-17:00", |timing| {
            for (applied, start, due) in DUE {
                assert_eq!(text(timing.answer_due(at(applied), at(start))), due, "applied {applied} for {start}");
            }
        });
    }

    #[test]
    fn cancelling_ends_the_working_day_before_or_after_the_time_of_grace_or_the_answer() {
        with_timing("09:00-17:00", |timing| {
            let monday = at("2026-12-07 10:00");
            let until = |applied| timing.cancel_until(at(applied), monday);
            assert_eq!(text(until("2026-12-01 09:00")), "2026-12-04 15:00");
            assert_eq!(text(until("2026-12-04 16:00")), "2026-12-04 16:30");
            assert_eq!(text(until("2026-12-07 09:45")), "2026-12-07 10:00", "never after the slot has begun");
            let after = |answered| timing.cancel_until_answered(until("2026-12-01 09:00"), at(answered), monday);
            assert_eq!(text(after("2026-12-04 14:30")), "2026-12-04 15:30");
            assert_eq!(text(after("2026-12-02 10:00")), "2026-12-04 15:00", "never shortened");
            assert_eq!(text(after("2026-12-07 09:30")), "2026-12-07 10:00", "never after the slot has begun");
        });
    }

    proptest! {
        #[test]
        fn an_answer_is_due_after_the_application_and_before_its_slot(minutes in 0_i64..60 * 24 * 60, ahead in 5_i64..20_000) {
            let applied = at("2026-09-01 00:00").plus_minutes(minutes);
            let start = applied.plus_minutes(ahead);
            for spans in ["09:00-17:00", "09:00-12:00,14:00-17:00", "10:30-14:00"] {
                let (due, open, inside) = with_timing(spans, |timing| {
                    let due = timing.answer_due(applied, start);
                    let open = timing.hours.latest_between(timing.calendar, applied, start.plus_minutes(-1));
                    (due, open.is_some(), timing.hours.promise(timing.calendar, due) == due)
                });
                prop_assert!(applied < due && due < start);
                prop_assert!(inside || !open, "{} is not inside {spans}", text(due));
            }
        }
    }
}
