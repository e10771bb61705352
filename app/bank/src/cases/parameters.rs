//! Parameters of cases of every kind (docs/domain.md §1).

use crate::kernel::parameters::parameters;

parameters! {
    /// Alarms of a case's clock, and how many cases a customer may have.
    pub struct CaseParameters {
        /// The first alarm, before an answer is due: when this share of the time has passed.
        case_warn_percent: i64 = 75, Percent, Default(1);
        /// The last alarm, after it was due: when this share of the time has passed.
        case_escalate_percent: i64 = 120, Percent, Default(1);
        /// Cases of one customer that may be open at a time, of all kinds.
        cases_open_max: i64 = 20, Cases, Default(1);
        /// Cases of one kind that one customer may record a day.
        cases_day_max: i64 = 20, Cases, Default(1);
    }
}
