//! When a session ends and when a sign-in name is locked. Pure functions; the limits are parameters (docs/domain.md §12).

use crate::kernel::time::At;

use super::access::Reach;
#[cfg(any(feature = "records", test))]
use super::model::{Needed, SessionEnd, StepUp};
use super::parameters::SessionParameters;
#[cfg(any(feature = "records", test))]
use crate::kernel::parameters::Demand;

/// The end of a session created at `created` and last used at `seen`: the earlier of the idle limit and the age limit.
pub fn session_ends(reach: Reach, created: At, seen: At, parameters: &SessionParameters) -> At {
    let idle = idle_minutes(reach, parameters);
    seen.plus_minutes(idle).min(created.plus_hours(parameters.session_hours))
}

/// Which of the two limits has ended a session that is over.
#[cfg(any(feature = "records", test))]
pub(super) fn why_over(reach: Reach, created: At, seen: At, parameters: &SessionParameters) -> SessionEnd {
    let is_old = created.plus_hours(parameters.session_hours) < seen.plus_minutes(idle_minutes(reach, parameters));
    if is_old { SessionEnd::TooOld } else { SessionEnd::Idle }
}

/// When a session ends without further requests, and when a page warns of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTime {
    pub ends: At,
    pub warns: At,
    /// When a page warns in the elder mode.
    pub warns_elder: At,
}

impl SessionTime {
    /// The times of a session that ends at `ends`.
    pub fn ending(ends: At, parameters: &SessionParameters) -> Self {
        let before = |minutes: i64| ends.plus_minutes(-minutes);
        Self { ends, warns: before(parameters.session_warning_minutes), warns_elder: before(parameters.elder_warning_minutes) }
    }
}

/// The idle limit of a session, minutes.
pub(super) fn idle_minutes(reach: Reach, parameters: &SessionParameters) -> i64 {
    match reach {
        Reach::Own => parameters.session_idle_customer_minutes,
        Reach::Branch | Reach::Bank | Reach::Nothing => parameters.session_idle_staff_minutes,
    }
}

/// Whether a source is locked for a name today, or all unknown ones are.
#[cfg(any(feature = "records", test))]
pub(super) fn is_locked(failures_of_a_source: i64, failures_of_unknown: i64, parameters: &SessionParameters) -> bool {
    failures_of_a_source >= parameters.sign_in_failures || failures_of_unknown >= parameters.sign_in_failures_day
}

/// What a session still needs before it may do anything: the second factor, if it was not given in it since it was set up. At a
/// bank that requires a second one of this side, whoever has none gives a code to the phone, or sets one up if no code arrives.
#[cfg(any(feature = "records", test))]
pub(super) fn needed(
    reach: Reach,
    since: Option<At>,
    is_reached: bool,
    given: Option<At>,
    parameters: &SessionParameters,
) -> Option<Needed> {
    if let Some(since) = since {
        return given.is_none_or(|given| given < since).then_some(Needed::Code);
    }
    let demand = if reach == Reach::Own { parameters.customer_second_factor } else { parameters.staff_second_factor };
    match (demand, is_reached) {
        (Demand::Offered, _) => None,
        (Demand::Required, true) => given.is_none().then_some(Needed::SentCode),
        (Demand::Required, false) => Some(Needed::Enrolment),
    }
}

/// What an act that asks for a fresh proof wants first; `None`: the last one counts still. A password counts only for a customer
/// whom no code reaches. Staff without a second factor, who are at a bank that only offers it, are not asked.
#[cfg(any(feature = "records", test))]
pub(super) fn step_up(
    reach: Reach,
    has_factor: bool,
    is_reached: bool,
    given: Option<At>,
    password: At,
    now: At,
    parameters: &SessionParameters,
) -> Option<StepUp> {
    let counts = |proof: At| now < proof.plus_minutes(parameters.step_up_minutes);
    match (has_factor, reach) {
        (true, _) => (!given.is_some_and(counts)).then_some(StepUp::Code),
        (false, Reach::Own) if is_reached => (!given.is_some_and(counts)).then_some(StepUp::SentCode),
        (false, Reach::Own) => (!counts(password)).then_some(StepUp::Password),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_session_ends_when_idle_or_eight_hours_old_but_not_for_lying_in_the_future() {
        let rules = SessionParameters::default();
        let start = At(1_000_000_000_000);
        let later = |minutes: i64| At(start.0 + minutes * MINUTE);
        assert_eq!(session_ends(Reach::Own, start, start, &rules), later(10));
        assert_eq!(session_ends(Reach::Branch, start, start, &rules), later(15));
        assert_eq!(session_ends(Reach::Nothing, start, later(475), &rules), later(480));
        assert_eq!(why_over(Reach::Own, start, later(469), &rules), SessionEnd::Idle);
        assert_eq!(why_over(Reach::Own, start, later(471), &rules), SessionEnd::TooOld);
        assert!(session_ends(Reach::Own, later(600), later(600), &rules) > start, "the clock of a demo bank may be moved back");
    }

    #[test]
    fn a_proof_counts_for_five_minutes() {
        let rules = SessionParameters::default();
        let start = At(1_000_000_000_000);
        let (fresh, old) = (At(start.0 + 5 * MINUTE - 1), At(start.0 + 5 * MINUTE));
        for reach in [Reach::Own, Reach::Branch] {
            let asked = |given, now| step_up(reach, true, true, given, start, now, &rules);
            assert_eq!([asked(Some(start), fresh), asked(Some(start), old)], [None, Some(StepUp::Code)]);
            assert_eq!(asked(None, fresh), Some(StepUp::Code), "the password is not the second factor");
        }
        let asked = |given, now| step_up(Reach::Own, false, true, given, start, now, &rules);
        assert_eq!([asked(Some(start), fresh), asked(Some(start), old)], [None, Some(StepUp::SentCode)]);
        assert_eq!(asked(None, fresh), Some(StepUp::SentCode), "nor is it a code that was sent");
        let asked = |reach, now| step_up(reach, false, false, None, start, now, &rules);
        assert_eq!([asked(Reach::Own, fresh), asked(Reach::Own, old)], [None, Some(StepUp::Password)]);
        assert_eq!(asked(Reach::Bank, old), None);
        assert_eq!(step_up(Reach::Bank, false, true, None, start, old, &rules), None);
    }

    #[test]
    fn a_second_factor_is_given_in_each_session_and_each_side_may_have_to_have_one() {
        let both = SessionParameters::default();
        let staff = SessionParameters { customer_second_factor: Demand::Offered, ..both.clone() };
        let customers = SessionParameters { staff_second_factor: Demand::Offered, ..both.clone() };
        for (parameters, of_customers, of_staff) in [(&staff, false, true), (&both, true, true), (&customers, true, false)] {
            for reach in [Reach::Own, Reach::Branch, Reach::Bank, Reach::Nothing] {
                let asked = |reached, since: Option<i64>, given: Option<i64>| {
                    needed(reach, since.map(At), reached, given.map(At), parameters)
                };
                let needs = |since, given| asked(false, since, given);
                assert_eq!(needs(Some(5), None), Some(Needed::Code));
                assert_eq!(needs(Some(5), Some(4)), Some(Needed::Code), "of a factor that was removed since");
                assert_eq!(needs(Some(5), Some(5)), None);
                let must = if reach == Reach::Own { of_customers } else { of_staff };
                assert_eq!(needs(None, None), must.then_some(Needed::Enrolment), "{reach:?}");
                assert_eq!(needs(None, Some(4)), must.then_some(Needed::Enrolment), "{reach:?}");
                // Of those whom a code reaches it is asked, once in a session; one that is set up counts alone.
                assert_eq!(asked(true, None, None), must.then_some(Needed::SentCode), "{reach:?}");
                assert_eq!(asked(true, None, Some(4)), None, "{reach:?}");
                assert_eq!(asked(true, Some(5), Some(4)), Some(Needed::Code), "{reach:?}");
            }
        }
    }

    #[test]
    fn five_failures_of_a_source_lock_it_and_a_hundred_lock_all_unknown_ones() {
        let rules = SessionParameters::default();
        assert!(!is_locked(4, 99, &rules));
        assert!(is_locked(5, 5, &rules));
        assert!(is_locked(0, 100, &rules));
    }
}
