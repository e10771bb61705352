//! Parameters of cases of every kind (docs/domain.md §1).

use crate::kernel::parameters::parameters;

parameters! {
    /// Alarm times of a clock, and quotas of a customer's cases.
    pub struct CaseParameters {
        /// Share of the time to answer after which the warning is raised.
        case_warn_percent: i64 = 75, Percent, Default(1), 1..=99;
        /// Share of the time to answer after which the case is escalated.
        case_escalate_percent: i64 = 120, Percent, Default(1), 100..=1_000;
        /// Maximum number of open cases of one customer, of all kinds.
        cases_open_max: i64 = 20, Cases, Default(1), 1..=100_000;
        /// Maximum number of cases of one kind that one customer may submit per day.
        cases_day_max: i64 = 20, Cases, Default(1), 1..=100_000;
    }
}
