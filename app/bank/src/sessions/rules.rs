//! When a session holds and when an account is locked. Pure; the limits are parameters (docs/domain.md §12).

use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day};

use super::model::Role;

/// Whether a session is still good. Only being too old ends it: the clock of a demo bank may stand before `created`.
pub fn session_holds(role: Role, created: At, seen: At, now: At, parameters: &Parameters) -> bool {
    let idle = match role {
        Role::Customer => parameters.session_idle_customer_minutes,
        Role::Clerk | Role::BranchHead | Role::Administrator => parameters.session_idle_staff_minutes,
    };
    now.0 - seen.0 <= idle * 60_000 && now.0 - created.0 <= parameters.session_hours * 3_600_000
}

/// Whether an account is locked today: as many failures as the limit, the last of them today.
pub fn is_locked(failures: i64, failed_on: Option<Day>, today: Day, parameters: &Parameters) -> bool {
    failures >= parameters.sign_in_failures && failed_on.is_some_and(|day| day >= today)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_session_ends_when_idle_or_eight_hours_old_but_not_for_lying_in_the_future() {
        let rules = Parameters::default();
        let start = At(1_000_000_000_000);
        let later = |minutes: i64| At(start.0 + minutes * MINUTE);
        assert!(session_holds(Role::Customer, start, start, later(10), &rules));
        assert!(!session_holds(Role::Customer, start, start, later(11), &rules));
        assert!(session_holds(Role::Clerk, start, start, later(15), &rules));
        assert!(!session_holds(Role::Clerk, start, later(475), later(481), &rules));
        assert!(session_holds(Role::Customer, later(600), later(600), start, &rules));
    }

    #[test]
    fn five_failures_lock_until_the_next_day() {
        let rules = Parameters::default();
        let today: Day = "2026-11-23".parse().unwrap();
        assert!(!is_locked(4, Some(today), today, &rules));
        assert!(is_locked(5, Some(today), today, &rules));
        assert!(!is_locked(5, Some(today), today.tomorrow().unwrap(), &rules));
    }
}
