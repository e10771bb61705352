//! Parameters of reception days (docs/domain.md §4).

use crate::kernel::parameters::{clock, parameters};
use crate::kernel::time::Time;

parameters! {
    /// Parameters of applications in force at one branch on one day.
    pub struct ReceptionParameters {
        /// Length of a slot of a reception day.
        reception_slot_minutes: i64 = 30, Minutes, Default(4), 10..=480;
        /// Maximum number of attendees per application.
        reception_attendees_max: i64 = 5, People, Default(4), 1..=50;
        /// Maximum length of the summary of an application.
        reception_summary_max: i64 = 500, Characters, Default(4), 10..=5_000;
        /// Maximum length of the desired result.
        reception_hope_max: i64 = 300, Characters, Default(4), 10..=5_000;
        /// An application is answered by this time of the branch's next working day and before its slot.
        reception_answer_until: Time = clock(17), Clock, Default(4);
        /// Customers can cancel until this time of the previous working day.
        reception_cancel_until: Time = clock(15), Clock, Default(4);
        /// … or for this time after applying, if that ends later.
        reception_cancel_grace_minutes: i64 = 30, Minutes, Default(4), 0..=1_440;
        /// … or for this time after the bank's answer, if that ends later.
        reception_cancel_answered_minutes: i64 = 60, Minutes, Default(4), 0..=1_440;
        /// An application is answered at least this long before its slot, if the opening hours allow.
        reception_answer_ahead_minutes: i64 = 60, Minutes, Default(4), 0..=1_440;
    }
}
