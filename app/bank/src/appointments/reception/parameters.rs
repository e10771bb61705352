//! Parameters of reception days (docs/domain.md §4).

use crate::kernel::parameters::{clock, parameters};
use crate::kernel::time::Time;

parameters! {
    /// What decides about applications at one branch on one day.
    pub struct ReceptionParameters {
        /// The length of a slot of a reception day.
        reception_slot_minutes: i64 = 30, Minutes, Default(4);
        /// The most attendees of one application.
        reception_attendees_max: i64 = 5, People, Default(4);
        /// The most characters of what an application is about.
        reception_summary_max: i64 = 500, Characters, Default(4);
        /// The most characters of the result hoped for.
        reception_hope_max: i64 = 300, Characters, Default(4);
        /// An application is answered by this time of the branch's next working day, and before its slot.
        reception_answer_until: Time = clock(17), Clock, Default(4);
        /// Customers cancel until this time of the working day before.
        reception_cancel_until: Time = clock(15), Clock, Default(4);
        /// … or this long after applying, if that is later.
        reception_cancel_grace_minutes: i64 = 30, Minutes, Default(4);
        /// … or this long after the bank's answer, if that is later.
        reception_cancel_answered_minutes: i64 = 60, Minutes, Default(4);
        /// An application is answered at least this long before its slot, where opening hours allow.
        reception_answer_ahead_minutes: i64 = 60, Minutes, Default(4);
    }
}
