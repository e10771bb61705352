//! How long it is until the next visit, in words: 明天，还有 22 小时 20 分.

use bank::kernel::language::{Language, day_from_now};
use bank::kernel::time::{At, days_between};

use crate::t;
use crate::words::locale;

/// The day of a visit, and how long it is until it begins: in hours and minutes on the day and the day before, otherwise in days.
pub fn countdown(language: Language, start: At, now: At) -> String {
    let l = locale(language);
    let day = day_from_now(language, start.day(), now);
    // A minute that has begun counts, so that nobody is promised more time than there is.
    let minutes = start.ms_since(now) / 60_000;
    let left = match (days_between(now.day(), start.day()), minutes / 60, minutes % 60) {
        _ if minutes < 1 => t!(l, home.in_begun),
        (days @ 2.., ..) => t!(l, home.in_days, days = days),
        (_, 0, minutes) => t!(l, home.in_minutes, minutes = minutes),
        (_, hours, 0) => t!(l, home.in_hours, hours = hours),
        (_, hours, minutes) => t!(l, home.in_hours_minutes, hours = hours, minutes = minutes),
    };
    t!(l, home.visit_day, day = day, left = left)
}

#[cfg(test)]
mod tests {
    use super::countdown;
    use bank::kernel::language::Language;
    use bank::kernel::time::{At, Day};

    #[test]
    fn the_time_left_is_said_in_the_unit_that_matters() {
        let at = |day, minutes| At::midnight(Day::constant(2026, 12, day)).plus_minutes(minutes);
        let now = at(1, 11 * 60 + 40);
        let says = |start| countdown(Language::ZhCn, start, now);
        assert_eq!(says(at(2, 10 * 60)), "明天，还有 22 小时 20 分");
        assert_eq!(says(at(1, 14 * 60 + 40)), "今天，还有 3 小时");
        assert_eq!(says(at(1, 12 * 60)), "今天，还有 20 分钟");
        assert_eq!(says(at(1, 11 * 60 + 40)), "今天，时段已经开始");
        assert_eq!(says(at(3, 10 * 60)), "12 月 3 日 周四，还有 2 天");
        assert_eq!(countdown(Language::En, at(2, 10 * 60), now), "tomorrow, in 22 h 20 min");
        assert_eq!(countdown(Language::En, at(5, 10 * 60), now), "Sat 5 Dec, in 4 days");
    }
}
