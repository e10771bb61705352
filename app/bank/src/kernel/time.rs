//! Points in time, days and times of day in bank time.
//!
//! Bank time has the fixed offset +08:00, so no time zone database is needed, and browser and server agree. Working days
//! are in [`crate::kernel::calendar`], formatting in [`crate::kernel::language`]. "Now" is always an argument; nothing here
//! reads a clock.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

pub use jiff::civil::{Date as Day, Time, Weekday};

/// The bank's offset from UTC, all year.
pub const BANK_OFFSET: Offset = Offset::constant(8);

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;

/// A point in time: milliseconds since 1970-01-01T00:00Z, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(pub i64);

impl At {
    /// The point in time of a bank day and a bank time of day.
    pub fn of(day: Day, time: Time) -> Self {
        let civil = DateTime::from_parts(day, time);
        let end = if day.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
        Self(BANK_OFFSET.to_timestamp(civil).unwrap_or(end).as_millisecond())
    }

    /// The start of a bank day.
    pub fn midnight(day: Day) -> Self {
        Self::of(day, Time::midnight())
    }

    /// The bank day of this point in time.
    pub fn day(self) -> Day {
        self.civil().date()
    }

    /// The bank time of day of this point in time.
    pub fn time(self) -> Time {
        self.civil().time()
    }

    /// Adds milliseconds, which may be negative.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Adds minutes, which may be negative.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes.saturating_mul(MINUTE_MS))
    }

    /// Adds hours, which may be negative.
    #[must_use]
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Adds days of 24 hours, which may be negative.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_hours(days.saturating_mul(24))
    }

    /// Milliseconds from `earlier` to this point in time; negative if `earlier` is later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole minutes from `earlier` to this point in time, rounded towards zero.
    pub const fn minutes_since(self, earlier: Self) -> i64 {
        self.ms_since(earlier) / MINUTE_MS
    }

    /// Parses RFC 3339 with an offset, such as `2026-12-01T10:12:00+08:00` or `…Z`.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let moment: Timestamp = text.trim().parse().ok()?;
        Some(Self(moment.as_millisecond()))
    }

    fn civil(self) -> DateTime {
        let end = if self.0 > 0 { Timestamp::MAX } else { Timestamp::MIN };
        BANK_OFFSET.to_datetime(Timestamp::from_millisecond(self.0).unwrap_or(end))
    }
}

/// Parses a time of day in the format of forms and tables: `HH:MM`.
pub fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    Time::new(hour, minute, 0, 0).ok()
}

/// A time of day as `HH:MM`.
pub fn hhmm(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Parses a day in the format of forms and tables: `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Option<Day> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let year = whole.then(|| year.parse().ok()).flatten()?;
    Day::new(year, two_digits(month)?, two_digits(day)?).ok()
}

/// A day as `YYYY-MM-DD`, the format stored and posted.
pub fn day_text(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

/// Serialises a time of day as `HH:MM` between server and browser, for `#[serde(with = …)]`. The derived implementation
/// would add jiff's parser to the wasm (20 kB).
pub mod as_hhmm {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::{Time, hhmm, parse_time};

    pub fn serialize<S: Serializer>(time: &Time, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hhmm(*time))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        parse_time(&String::deserialize(from)?).ok_or_else(|| de::Error::custom("no time of day"))
    }
}

/// Days from `from` to `to`; negative if `to` is earlier.
pub fn days_between(from: Day, to: Day) -> i64 {
    At::midnight(to).ms_since(At::midnight(from)) / (24 * 60 * MINUTE_MS)
}

/// Adds days, which may be negative.
pub fn shift(day: Day, days: i64) -> Day {
    At::midnight(day).plus_days(days).day()
}

fn two_digits(text: &str) -> Option<i8> {
    let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    two.then(|| text.parse().ok()).flatten()
}

/// Age in whole years on `today`. Someone born on 29 February turns a year older on 1 March of other years.
pub fn age_on(born: Day, today: Day) -> i64 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    i64::from(today.year()) - i64::from(born.year()) - i64::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::{At, day_text, days_between, hhmm, parse_day, parse_time, shift};
    use jiff::civil::{date, time};

    #[test]
    fn a_moment_is_read_on_the_banks_clock() {
        let at = At::parse_rfc3339("2026-12-01T17:30:00Z").expect("a moment");
        assert_eq!(at.day(), date(2026, 12, 2));
        assert_eq!(hhmm(at.time()), "01:30");
        assert_eq!(At::of(date(2026, 12, 2), time(1, 30, 0, 0)), at);
        assert_eq!(At::parse_rfc3339("2026-12-01 17:30"), None);
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        assert_eq!(At(i64::MAX).day().year(), 9999);
        assert_eq!(At(i64::MIN).day().year(), -9999);
        assert!(At::midnight(date(9999, 12, 31)) > At(0));
    }

    #[test]
    fn only_four_digits_and_a_colon_are_a_time_of_day() {
        assert_eq!(parse_time("09:05").map(hhmm).as_deref(), Some("09:05"));
        for wrong in ["9:05", "24:00", "10:60", "10", "+1:00", "10:00:00", ""] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_day_that_exists_is_a_day() {
        assert_eq!(parse_day("2026-12-02"), Some(date(2026, 12, 2)));
        assert_eq!(day_text(date(2026, 2, 8)), "2026-02-08");
        for wrong in ["2026-02-30", "2026-2-3", "26-02-03", "2026-12-02-1", "2026/12/02", "-026-12-02", ""] {
            assert_eq!(parse_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_across_the_year() {
        assert_eq!(days_between(date(2026, 12, 31), date(2027, 1, 2)), 2);
        assert_eq!(shift(date(2027, 1, 2), -2), date(2026, 12, 31));
    }
}
