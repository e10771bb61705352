//! `/branches`: every branch with its hours of today, address, phone and earliest free day. Everybody may see it.

mod pages;

use axum::routing::get;
use bank::kernel::language::{Language, day_from_now, day_long};
use bank::kernel::time::{At, Day, days_between};

use crate::routes::{Callers, Route};
use crate::t;
use crate::words::locale;

/// Path of the page.
pub const PATH: &str = "/branches";

pub fn routes() -> Vec<Route> {
    vec![Route::page(PATH, Callers::Anyone, get(pages::branches))]
}

/// A day of a list: with its weekday, and 今天 or 明天 before it.
pub fn day_said(language: Language, day: Day, now: At) -> String {
    if (0..=1).contains(&days_between(now.day(), day)) {
        let (near, day) = (day_from_now(language, day, now), day_long(language, day));
        t!(locale(language), branches.near_day, near = near, day = day)
    } else {
        day_long(language, day)
    }
}

/// A link that calls a phone number.
pub fn phone_link(phone: &str) -> String {
    format!("tel:{}", phone.replace([' ', '-'], ""))
}

#[cfg(test)]
mod tests {
    use super::day_said;
    use bank::kernel::language::Language;
    use bank::kernel::time::{At, Day};

    #[test]
    fn a_near_day_is_said_with_its_word() {
        let now = At::midnight(Day::constant(2026, 12, 1)).plus_hours(10);
        let says = |day| day_said(Language::ZhCn, Day::constant(2026, 12, day), now);
        assert_eq!(says(2), "明天 12 月 2 日 周三");
        assert_eq!(says(3), "12 月 3 日 周四");
        assert_eq!(day_said(Language::En, Day::constant(2026, 12, 2), now), "tomorrow, Wed 2 Dec");
    }
}
