//! When the branch answers an application, and until when the customer may give it up.

use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day, Time};

/// When the answer is due: by the fixed hour of the next working day, and never after the slot has begun.
pub fn answer_due(calendar: &WorkingCalendar, parameters: &Parameters, applied: At, day: Day, slot: Time) -> At {
    let due = At::of(calendar.next_working(applied.day()), parameters.reception_answer_until);
    due.min(At::of(day, slot))
}

/// Until when the customer may cancel: the fixed hour of the working day before, or the time of grace, the later.
pub fn cancel_until(calendar: &WorkingCalendar, parameters: &Parameters, applied: At, day: Day) -> At {
    let before = At::of(calendar.previous_working(day), parameters.reception_cancel_until);
    before.max(applied.plus_minutes(parameters.reception_cancel_grace_minutes))
}

#[cfg(test)]
mod tests {
    use super::{answer_due, cancel_until};
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::parameters::Parameters;
    use crate::kernel::time::At;
    use jiff::civil::{date, time};

    #[test]
    fn an_application_of_friday_is_answered_on_monday_and_one_for_monday_before_its_slot() {
        let (calendar, parameters) = (calendar_2026(), Parameters::default());
        let friday = At::of(date(2026, 12, 4), time(16, 0, 0, 0));
        let due = |day, slot| answer_due(&calendar, &parameters, friday, day, slot);
        assert_eq!(due(date(2026, 12, 9), time(10, 0, 0, 0)), At::of(date(2026, 12, 7), time(17, 0, 0, 0)));
        let monday = (date(2026, 12, 7), time(10, 0, 0, 0));
        assert_eq!(due(monday.0, monday.1), At::of(monday.0, monday.1));
    }

    #[test]
    fn cancelling_ends_the_working_day_before_or_after_the_time_of_grace() {
        let (calendar, parameters) = (calendar_2026(), Parameters::default());
        let monday = date(2026, 12, 7);
        let until = |applied| cancel_until(&calendar, &parameters, applied, monday);
        let friday = date(2026, 12, 4);
        assert_eq!(until(At::of(date(2026, 12, 1), time(9, 0, 0, 0))), At::of(friday, time(15, 0, 0, 0)));
        assert_eq!(until(At::of(friday, time(16, 0, 0, 0))), At::of(friday, time(16, 30, 0, 0)));
    }
}
