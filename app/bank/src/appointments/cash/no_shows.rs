//! When no-shows block online booking (docs/domain.md §3). Pure function.

use super::CashParameters;
use crate::kernel::time::{At, Day, days_between, shift};

/// The first day on which online booking is possible again, if it is blocked today. `no_shows` are the customer's latest
/// ones, the newest first.
pub fn blocked_until(no_shows: &[At], today: Day, parameters: &CashParameters) -> Option<Day> {
    let count = usize::try_from(parameters.no_show_count).ok().filter(|count| *count > 0)?;
    let newest = no_shows.first()?.day();
    let oldest = no_shows.get(count - 1)?.day();
    let until = shift(newest, parameters.no_show_block_days);
    (days_between(oldest, newest) <= parameters.no_show_window_days && today < until).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::blocked_until;
    use crate::appointments::cash::CashParameters;
    use crate::kernel::time::{At, Day, shift};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn three_no_shows_in_ninety_days_block_for_thirty() {
        let rules = CashParameters::default();
        let newest = day("2026-11-02");
        let at = |days: i64| At::midnight(shift(newest, -days)).plus_hours(11);
        assert_eq!(blocked_until(&[at(0), at(30)], newest, &rules), None);
        assert_eq!(blocked_until(&[at(0), at(30), at(91)], newest, &rules), None);
        assert_eq!(blocked_until(&[at(0), at(30), at(90)], newest, &rules), Some(day("2026-12-02")));
        assert_eq!(blocked_until(&[at(0), at(30), at(90)], day("2026-12-01"), &rules), Some(day("2026-12-02")));
        assert_eq!(blocked_until(&[at(0), at(30), at(90)], day("2026-12-02"), &rules), None);
    }
}
