//! Formats a due time for clerks: how late, how soon, or the time. Pure; due times are computed in `bank` (docs/domain.md §3).

use bank::kernel::language::{Language, moment};
use bank::kernel::time::{At, hhmm};

use crate::t;
use crate::words::locale;

/// If less than this is left, the remaining minutes are shown instead of the due time.
const SOON_MINUTES: i64 = 60;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Urgency of a due time. The text has the same meaning as the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// Not urgent.
    Later,
    /// Less than an hour left.
    Soon,
    /// Overdue.
    Late,
}

impl Pressure {
    /// The CSS class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Later => "due",
            Self::Soon => "due soon",
            Self::Late => "due late",
        }
    }
}

/// The due time as text: 超 12 分钟, 还有 48 分钟, 今天 17:00, 明天 09:40.
pub fn due_words(language: Language, due: At, now: At) -> (String, Pressure) {
    let locale = locale(language);
    let left = due.ms_since(now);
    if left < 0 {
        let late = now.minutes_since(due).max(1);
        let words = match late {
            ..HOUR => t!(locale, desk.late_minutes, count = late),
            HOUR..DAY => t!(locale, desk.late_hours, count = late / HOUR),
            _ => t!(locale, desk.late_days, count = late / DAY),
        };
        return (words, Pressure::Late);
    }
    let minutes = due.minutes_since(now);
    if minutes < SOON_MINUTES {
        return (t!(locale, desk.left_minutes, count = minutes.max(1)), Pressure::Soon);
    }
    (moment(language, due, now), Pressure::Later)
}

/// If less than this is left until a no-show, the remaining minutes are shown.
const NO_SHOW_SOON_MINUTES: i64 = 30;

/// Until when an expected customer has to come: 还有 18 分钟算未到, 过了 11:30 算未到.
pub fn no_show_words(language: Language, at: At, now: At) -> (String, Pressure) {
    let l = locale(language);
    if now >= at {
        return (t!(l, desk.board.no_show_over, time = hhmm(at.time())), Pressure::Late);
    }
    match at.minutes_since(now) {
        left @ ..NO_SHOW_SOON_MINUTES => (t!(l, desk.board.no_show_in, count = left.max(1)), Pressure::Soon),
        _ => (t!(l, desk.board.no_show_at, time = hhmm(at.time())), Pressure::Later),
    }
}

#[cfg(test)]
mod tests {
    use super::{Pressure, due_words, no_show_words};
    use bank::kernel::language::Language;
    use bank::kernel::time::At;

    fn at(text: &str) -> At {
        At::parse_rfc3339(&format!("{text}:00+08:00")).expect("a moment")
    }

    fn say(due: &str) -> (String, Pressure) {
        due_words(Language::ZhCn, at(due), at("2026-12-01T10:12"))
    }

    #[test]
    fn what_is_late_says_by_how_much() {
        assert_eq!(say("2026-12-01T10:00"), ("超 12 分钟".into(), Pressure::Late));
        assert_eq!(say("2026-12-01T09:12"), ("超 1 小时".into(), Pressure::Late));
        assert_eq!(say("2026-11-30T10:13"), ("超 23 小时".into(), Pressure::Late));
        assert_eq!(say("2026-11-28T10:00"), ("超 3 天".into(), Pressure::Late));
    }

    #[test]
    fn a_moment_too_late_is_a_minute() {
        let now = at("2026-12-01T10:12");
        assert_eq!(due_words(Language::ZhCn, now.plus_ms(-1), now), ("超 1 分钟".into(), Pressure::Late));
        assert_eq!(due_words(Language::ZhCn, now, now), ("还有 1 分钟".into(), Pressure::Soon));
    }

    #[test]
    fn the_last_hour_counts_down() {
        assert_eq!(say("2026-12-01T11:00"), ("还有 48 分钟".into(), Pressure::Soon));
        assert_eq!(say("2026-12-01T11:11"), ("还有 59 分钟".into(), Pressure::Soon));
        assert_eq!(say("2026-12-01T11:12"), ("今天 11:12".into(), Pressure::Later));
    }

    #[test]
    fn what_is_further_away_says_when() {
        assert_eq!(say("2026-12-01T17:00"), ("今天 17:00".into(), Pressure::Later));
        assert_eq!(say("2026-12-02T09:40"), ("明天 09:40".into(), Pressure::Later));
        assert_eq!(say("2026-12-04T10:00"), ("12 月 4 日 周五 10:00".into(), Pressure::Later));
    }

    #[test]
    fn the_last_half_hour_before_a_no_show_counts_down() {
        let say = |now| no_show_words(Language::ZhCn, at("2026-12-01T11:30"), at(now));
        assert_eq!(say("2026-12-01T11:00"), ("过了 11:30 算未到".into(), Pressure::Later));
        assert_eq!(say("2026-12-01T11:01"), ("还有 29 分钟算未到".into(), Pressure::Soon));
        assert_eq!(say("2026-12-01T11:30"), ("已过 11:30，可记未到".into(), Pressure::Late));
    }

    #[test]
    fn english_says_the_same() {
        let now = at("2026-12-01T10:12");
        let say = |due| due_words(Language::En, at(due), now).0;
        assert_eq!(say("2026-12-01T10:00"), "12 min late");
        assert_eq!(say("2026-12-01T11:00"), "48 min left");
        assert_eq!(say("2026-12-01T17:00"), "17:00 today");
    }
}
