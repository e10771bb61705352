//! When a withdrawal can be booked, cancelled and collected, and when the bank's answer is due (docs/domain.md §2, §3).
//!
//! Pure functions of calendar, opening hours, parameters and time. Free capacity is in [`super::availability`].

use super::CashParameters;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::hours::Hours;
use crate::kernel::time::{At, Day, MINUTE_MS, Time};

/// The inputs for one branch. The parameters are those of the day a booking is made; only slots and capacity follow the
/// parameters of the day of collection.
#[derive(Debug, Clone, Copy)]
pub struct Timing<'t> {
    pub calendar: &'t WorkingCalendar,
    pub hours: &'t Hours,
    pub parameters: &'t CashParameters,
}

impl Timing<'_> {
    /// When a booking counts as received: immediately, but on a day the branch does not work at 00:00 of its next working day.
    pub fn received_at(&self, now: At) -> At {
        let day = now.day();
        let works = !self.hours.working(self.calendar, day).is_empty();
        if works { now } else { At::midnight(self.hours.next_working(self.calendar, day)) }
    }

    /// The cut-off of a day: the fixed time, or the branch's closing if that is earlier (a booking after closing could not be
    /// answered before the next morning).
    pub fn cutoff(&self, day: Day) -> Time {
        let fixed = self.parameters.cash_cutoff;
        self.hours.closing(self.calendar, day).map_or(fixed, |closing| closing.min(fixed))
    }

    /// The earliest day that can be booked: the branch's next working day after receipt; after the cut-off the one after it.
    pub fn earliest_day(&self, now: At) -> Day {
        let received = self.received_at(now);
        let next = self.hours.next_working(self.calendar, received.day());
        let in_time = received.time() < self.cutoff(received.day());
        if in_time { next } else { self.hours.next_working(self.calendar, next) }
    }

    /// The working days of the booking window, the earliest first. The branch may be closed on some of them.
    pub fn window(&self, now: At) -> Vec<Day> {
        let days = usize::try_from(self.parameters.cash_window_days).unwrap_or_default();
        let earliest = self.earliest_day(now);
        std::iter::successors(Some(earliest), |day| Some(self.calendar.next_working(*day))).take(days).collect()
    }

    /// The start times of a day's slots: on full hours, completely inside opening hours; empty if the branch is closed.
    pub fn slots(&self, day: Day) -> Vec<Time> {
        let length = self.parameters.cash_slot_minutes.max(1) * MINUTE_MS;
        let mut slots = Vec::new();
        for span in self.hours.working(self.calendar, day) {
            let midnight = At::midnight(day);
            let (opens, closes) = (At::of(day, span.opens), At::of(day, span.closes));
            let since = opens.ms_since(midnight);
            let hour = 60 * MINUTE_MS;
            // The first full hour after opening; shorter slots follow each other from there.
            let mut start = midnight.plus_ms((since + hour - 1) / hour * hour);
            while start.plus_ms(length) <= closes {
                slots.push(start.time());
                start = start.plus_ms(length);
            }
        }
        slots
    }

    /// The end of a slot by the parameters of its day. A booking stores it.
    pub fn slot_end(&self, day: Day, slot: Time) -> At {
        At::of(day, slot).plus_minutes(self.parameters.cash_slot_minutes)
    }

    /// The customer's deadline to cancel before the answer: the later of the fixed time on the working day before and the grace
    /// period after submitting, but never after the start of the slot.
    pub fn cancel_until(&self, submitted: At, start: At) -> At {
        let before = At::of(self.calendar.previous_working(start.day()), self.parameters.cash_cancel_until);
        before.max(submitted.plus_minutes(self.parameters.cash_cancel_grace_minutes)).min(start)
    }

    /// The deadline after the answer: the later of `until` and the grace period after the answer, but never after the start of
    /// the slot.
    pub fn cancel_until_answered(&self, until: At, answered: At, start: At) -> At {
        until.max(answered.plus_minutes(self.parameters.cash_cancel_answered_minutes)).min(start)
    }

    /// By when a customer has to answer something about a slot: some time before it. If the branch has to answer after them
    /// (`then_branch`), that time before the last working time in which it can. `None`: there is none left after `asked`.
    pub fn customer_answers_by(&self, asked: At, start: At, then_branch: bool) -> Option<At> {
        let unanswered = start.plus_minutes(-self.parameters.cash_time_out_minutes);
        let last = if then_branch { self.hours.latest_between(self.calendar, asked, unanswered)? } else { start };
        Some(last.plus_minutes(-self.parameters.cash_proposal_ahead_minutes))
    }

    /// When the answer is due: if submitted early enough, the same working day at the fixed time or the branch's closing, the
    /// earlier; otherwise in the morning of the branch's next working day. Always inside opening hours.
    pub fn answer_due(&self, submitted: At) -> At {
        let received = self.received_at(submitted);
        let (day, time) = (received.day(), received.time());
        let fixed = self.parameters.cash_answer_until;
        let closing = self.hours.closing(self.calendar, day).unwrap_or(fixed);
        let last = fixed.min(closing);
        // A booking that can be collected on the next working day must be answered on this one.
        let same_day = time < self.cutoff(day).max(self.parameters.cash_same_day_answer_before);
        let due = if same_day && time < last {
            At::of(day, last)
        } else if time < self.cutoff(day) {
            At::of(day, closing)
        } else {
            let next = self.hours.next_working(self.calendar, day);
            At::of(next, self.parameters.cash_next_day_answer_until)
        };
        self.hours.promise(self.calendar, due)
    }

    /// When the answer about a slot that is near is due: as usual, but in working hours before an unanswered booking would time out.
    /// `None`: there are none left.
    pub fn answer_due_before(&self, asked: At, start: At) -> Option<At> {
        let last = start.plus_minutes(-self.parameters.cash_time_out_minutes);
        let usual = Some(self.answer_due(asked)).filter(|due| *due <= last);
        usual.or_else(|| self.hours.latest_between(self.calendar, asked, last))
    }
}

#[cfg(test)]
mod tests {
    use super::Timing;
    use crate::appointments::cash::CashParameters;
    use crate::kernel::calendar::{WorkingCalendar, calendar_2026};
    use crate::kernel::hours::{Hours, WeekHours, parse_spans};
    use crate::kernel::time::{At, Day, Time, day_text, hhmm, parse_day, parse_time};
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    struct Branch {
        calendar: WorkingCalendar,
        hours: Hours,
        parameters: CashParameters,
    }

    impl Branch {
        fn open(spans: &str) -> Self {
            let hours = WeekHours::weekdays(&parse_spans(spans).expect("hours")).into();
            Self { calendar: calendar_2026(), hours, parameters: CashParameters::default() }
        }

        fn timing(&self) -> Timing<'_> {
            Timing { calendar: &self.calendar, hours: &self.hours, parameters: &self.parameters }
        }
    }

    fn at(text: &str) -> At {
        let (day, time) = text.split_once(' ').expect("a day and a time");
        At::of(parse_day(day).expect("a day"), parse_time(time).expect("a time"))
    }

    fn text(at: At) -> String {
        format!("{} {}", day_text(at.day()), hhmm(at.time()))
    }

    /// Submitted, earliest day, last day of the window, answer due (branch open 09:00-17:30).
    const GOLDEN: [(&str, &str, &str, &str); 24] = [
        // An ordinary week; 2026-11-06 is a Friday.
        ("2026-11-03 10:12", "2026-11-04", "2026-11-10", "2026-11-03 17:00"),
        ("2026-11-06 14:59", "2026-11-09", "2026-11-13", "2026-11-06 17:00"),
        ("2026-11-06 15:00", "2026-11-10", "2026-11-16", "2026-11-09 10:00"),
        ("2026-11-06 16:00", "2026-11-10", "2026-11-16", "2026-11-09 10:00"),
        ("2026-11-07 12:00", "2026-11-10", "2026-11-16", "2026-11-09 17:00"),
        ("2026-11-08 23:59", "2026-11-10", "2026-11-16", "2026-11-09 17:00"),
        ("2026-11-09 00:00", "2026-11-10", "2026-11-16", "2026-11-09 17:00"),
        // New year 2026: closed 1 to 3 January, Sunday the 4th is a working day.
        ("2025-12-31 14:59", "2026-01-04", "2026-01-08", "2025-12-31 17:00"),
        ("2026-01-02 09:00", "2026-01-05", "2026-01-09", "2026-01-04 17:00"),
        // Spring festival: Saturday 14 February is a working day, closed 15 to 23, Saturday the 28th is a working day.
        ("2026-02-13 14:59", "2026-02-14", "2026-02-27", "2026-02-13 17:00"),
        ("2026-02-13 15:00", "2026-02-24", "2026-02-28", "2026-02-14 10:00"),
        ("2026-02-14 14:59", "2026-02-24", "2026-02-28", "2026-02-14 17:00"),
        ("2026-02-14 15:00", "2026-02-25", "2026-03-02", "2026-02-24 10:00"),
        ("2026-02-18 12:00", "2026-02-25", "2026-03-02", "2026-02-24 17:00"),
        ("2026-02-27 16:00", "2026-03-02", "2026-03-06", "2026-02-28 10:00"),
        // Qingming: Saturday 4 to Monday 6 April.
        ("2026-04-03 15:00", "2026-04-08", "2026-04-14", "2026-04-07 10:00"),
        // Labour day: closed 1 to 5 May, Saturday the 9th is a working day.
        ("2026-04-30 14:59", "2026-05-06", "2026-05-11", "2026-04-30 17:00"),
        ("2026-05-08 15:00", "2026-05-11", "2026-05-15", "2026-05-09 10:00"),
        // Dragon boat: Friday 19 to Sunday 21 June.
        ("2026-06-18 15:00", "2026-06-23", "2026-06-29", "2026-06-22 10:00"),
        // National day: Sunday 20 September and Saturday 10 October are working days.
        ("2026-09-18 15:00", "2026-09-21", "2026-09-28", "2026-09-20 10:00"),
        ("2026-09-30 15:00", "2026-10-09", "2026-10-14", "2026-10-08 10:00"),
        ("2026-10-09 15:00", "2026-10-12", "2026-10-16", "2026-10-10 10:00"),
        // 2027 is unknown: only weekends and 1 January, a Friday, are closed.
        ("2026-12-31 14:59", "2027-01-04", "2027-01-08", "2026-12-31 17:00"),
        ("2026-12-31 15:00", "2027-01-05", "2027-01-11", "2027-01-04 10:00"),
    ];

    #[test]
    fn a_customer_answers_an_hour_before_the_slot_or_before_the_branch_could_last_answer() {
        let branch = Branch::open("09:00-17:00");
        let by = |start: &str, then_branch| {
            branch.timing().customer_answers_by(at("2026-11-23 11:00"), at(start), then_branch).map(text)
        };
        assert_eq!(by("2026-11-25 10:00", false).as_deref(), Some("2026-11-25 09:00"));
        // It times out at 09:00, when the branch opens; so the evening before counts.
        assert_eq!(by("2026-11-25 10:00", true).as_deref(), Some("2026-11-24 16:00"));
        assert_eq!(by("2026-11-25 14:00", true).as_deref(), Some("2026-11-25 12:00"));
        assert_eq!(by("2026-11-23 12:00", true), None, "no working time is left");
    }

    #[test]
    fn the_golden_table_of_2026_holds() {
        let branch = Branch::open("09:00-17:30");
        let timing = branch.timing();
        for (submitted, earliest, latest, due) in GOLDEN {
            let now = at(submitted);
            let window = timing.window(now);
            assert_eq!(day_text(timing.earliest_day(now)), earliest, "earliest for {submitted}");
            assert_eq!(window.last().map(|day| day_text(*day)).as_deref(), Some(latest), "latest for {submitted}");
            assert_eq!(window.len(), 5);
            assert_eq!(text(timing.answer_due(now)), due, "due for {submitted}");
        }
    }

    #[test]
    fn what_is_asked_late_about_a_near_slot_is_answered_in_working_hours_before_it_times_out() {
        let branch = Branch::open("09:00-17:30");
        let due = |asked, start| branch.timing().answer_due_before(at(asked), at(start)).map(text);
        // 2026-12-03 is a Thursday.
        assert_eq!(due("2026-12-02 14:00", "2026-12-03 09:00").as_deref(), Some("2026-12-02 17:00"));
        assert_eq!(due("2026-12-02 16:30", "2026-12-03 14:00").as_deref(), Some("2026-12-03 10:00"));
        assert_eq!(due("2026-12-02 16:30", "2026-12-03 10:00").as_deref(), Some("2026-12-02 17:30"));
        assert_eq!(due("2026-12-02 17:40", "2026-12-03 10:00"), None);
    }

    #[test]
    fn friday_afternoon_and_saturday_noon_both_give_tuesday() {
        let branch = Branch::open("09:00-17:00");
        let tuesday = date(2026, 12, 8);
        assert_eq!(branch.timing().earliest_day(at("2026-12-04 16:00")), tuesday);
        assert_eq!(branch.timing().earliest_day(at("2026-12-05 12:00")), tuesday);
    }

    #[test]
    fn the_branchs_closing_bounds_the_answer_of_the_same_day() {
        let branch = Branch::open("09:00-16:00");
        assert_eq!(text(branch.timing().answer_due(at("2026-11-03 10:00"))), "2026-11-03 16:00");
        let half_day = Branch::open("09:00-12:00");
        assert_eq!(text(half_day.timing().answer_due(at("2026-11-03 11:59"))), "2026-11-03 12:00");
        assert_eq!(text(half_day.timing().answer_due(at("2026-11-03 12:00"))), "2026-11-04 10:00");
        let never = Branch::open("");
        assert_eq!(text(never.timing().answer_due(at("2026-11-03 10:00"))), "2026-11-04 17:00", "and never loops");
    }

    #[test]
    fn slots_are_full_hours_inside_the_hours() {
        let slots = |spans: &str, day: Day| {
            let branch = Branch::open(spans);
            branch.timing().slots(day).into_iter().map(hhmm).collect::<Vec<_>>().join(" ")
        };
        let day = date(2026, 11, 3);
        assert_eq!(slots("09:00-12:00,14:00-17:00", day), "09:00 10:00 11:00 14:00 15:00 16:00");
        assert_eq!(slots("08:30-11:30", day), "09:00 10:00");
        assert_eq!(slots("09:00-09:59", day), "");
        assert_eq!(slots("22:00-23:59", day), "22:00");
        assert_eq!(slots("09:00-12:00", date(2026, 10, 1)), "", "a holiday");
        assert_eq!(slots("09:00-12:00", date(2026, 10, 10)), "09:00 10:00 11:00", "a make-up Saturday");
    }

    #[test]
    fn a_customer_cancels_until_the_working_day_before_or_shortly_after_submitting() {
        let branch = Branch::open("09:00-17:00");
        let until = |submitted, day| text(branch.timing().cancel_until(at(submitted), At::of(day, time(10, 0, 0, 0))));
        assert_eq!(until("2026-11-03 10:00", date(2026, 11, 9)), "2026-11-06 15:00");
        assert_eq!(until("2026-11-03 14:50", date(2026, 11, 4)), "2026-11-03 15:20");
        assert_eq!(until("2026-09-30 10:00", date(2026, 10, 8)), "2026-09-30 15:00");
        assert_eq!(until("2026-02-13 10:00", date(2026, 2, 24)), "2026-02-14 15:00");
    }

    #[test]
    fn cancelling_goes_on_for_an_hour_after_the_answer_and_ends_when_the_slot_begins() {
        let branch = Branch::open("09:00-17:00");
        let (submitted, start) = (at("2026-11-03 14:50"), at("2026-11-04 10:00"));
        let until = branch.timing().cancel_until(submitted, start);
        let after = |answered| text(branch.timing().cancel_until_answered(until, at(answered), start));
        assert_eq!(after("2026-11-03 16:30"), "2026-11-03 17:30");
        assert_eq!(after("2026-11-03 13:00"), "2026-11-03 15:20", "never shortened");
        assert_eq!(after("2026-11-04 09:30"), "2026-11-04 10:00", "never after the slot has begun");
        assert_eq!(text(branch.timing().cancel_until(at("2026-11-04 09:50"), start)), "2026-11-04 10:00");
    }

    #[test]
    fn a_day_the_branch_is_closed_is_never_the_earliest_and_no_answer_is_promised_for_it() {
        // Open on Monday, Wednesday and Friday.
        let mut branch = Branch::open("09:00-12:00,14:00-17:00");
        branch.hours.first.0[1].clear();
        branch.hours.first.0[3].clear();
        let timing = branch.timing();
        for (submitted, earliest, due) in [
            ("2026-11-02 10:00", "2026-11-04", "2026-11-02 17:00"),
            ("2026-11-02 15:00", "2026-11-06", "2026-11-04 10:00"),
            ("2026-11-03 10:00", "2026-11-06", "2026-11-04 17:00"),
            ("2026-11-06 16:00", "2026-11-11", "2026-11-09 10:00"),
        ] {
            assert_eq!(day_text(timing.earliest_day(at(submitted))), earliest, "earliest for {submitted}");
            assert_eq!(text(timing.answer_due(at(submitted))), due, "due for {submitted}");
        }
    }

    #[test]
    fn who_comes_after_the_branch_has_closed_comes_after_the_cut_off() {
        let branch = Branch::open("09:00-12:00");
        let now = at("2026-11-03 14:00");
        assert_eq!(day_text(branch.timing().earliest_day(now)), "2026-11-05");
        assert_eq!(text(branch.timing().answer_due(now)), "2026-11-04 10:00");
        // A branch that opens after the fixed morning time answers by the end of its first span.
        let late = Branch::open("10:30-12:00,14:00-18:00");
        assert_eq!(text(late.timing().answer_due(at("2026-11-03 16:00"))), "2026-11-04 12:00");
    }

    fn moment() -> impl Strategy<Value = At> {
        (0_i64..900 * 24 * 60).prop_map(|minutes| at("2025-06-01 00:00").plus_minutes(minutes))
    }

    proptest! {
        #![proptest_config(crate::soak::property(2_560))]

        #[test]
        fn days_are_worked_and_never_go_back(now in moment(), later in 0_i64..20_000) {
            let branch = Branch::open("09:00-17:00");
            let timing = branch.timing();
            let window = timing.window(now);
            prop_assert!(window.iter().all(|day| branch.calendar.is_working(*day) && *day > now.day()));
            prop_assert!(window.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(timing.earliest_day(now) <= timing.earliest_day(now.plus_minutes(later)));
            prop_assert!(timing.received_at(now) >= now);
        }

        #[test]
        fn an_answer_is_due_on_a_worked_day_after_receipt_and_never_earlier_for_a_later_wish(
            now in moment(), later in 0_i64..20_000,
        ) {
            for (spans, closed) in [("09:00-17:30", 6), ("09:00-12:00,14:00-17:00", 1), ("09:00-16:00", 2), ("10:30-14:20", 3)] {
                let mut branch = Branch::open(spans);
                branch.hours.first.0[closed].clear();
                let timing = branch.timing();
                let due = timing.answer_due(now);
                prop_assert!(due > timing.received_at(now));
                prop_assert_eq!(branch.hours.promise(&branch.calendar, due), due, "inside opening hours");
                prop_assert!(due <= timing.answer_due(now.plus_minutes(later)));
                prop_assert!(due < At::midnight(timing.earliest_day(now)), "answered before the first bookable day");
            }
        }

        #[test]
        fn cancelling_ends_later_for_a_later_day_and_a_later_wish(now in moment(), later in 0_i64..5_000) {
            let branch = Branch::open("09:00-17:00");
            let timing = branch.timing();
            let window = timing.window(now);
            let starts: Vec<At> = window.iter().map(|day| At::of(*day, time(9, 0, 0, 0))).collect();
            for pair in starts.windows(2) {
                prop_assert!(timing.cancel_until(now, pair[0]) <= timing.cancel_until(now, pair[1]));
            }
            let after = now.plus_minutes(later);
            prop_assert!(timing.cancel_until(now, starts[0]) <= timing.cancel_until(after, starts[0]));
            prop_assert!(timing.cancel_until(now, starts[0]) >= now.plus_minutes(30));
        }

        #[test]
        fn slots_lie_on_full_hours_of_a_worked_day(days in 0_i64..900, opens in 0_i8..23, minute in 0_i8..60) {
            let span = format!("{opens:02}:{minute:02}-23:59");
            let branch = Branch::open(&span);
            let day = crate::kernel::time::shift(date(2025, 6, 1), days);
            let slots = branch.timing().slots(day);
            prop_assert!(slots.iter().all(|slot: &Time| slot.minute() == 0 && slot.hour() >= opens));
            prop_assert!(slots.is_empty() || branch.calendar.is_working(day));
        }
    }
}
