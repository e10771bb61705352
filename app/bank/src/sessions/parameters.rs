//! Parameters of sign-in and sessions (docs/domain.md §12).

use crate::kernel::parameters::parameters;

parameters! {
    /// What decides about sign-in and sessions on one day.
    pub struct SessionParameters {
        /// A customer's session ends when idle this long.
        session_idle_customer_minutes: i64 = 10, Minutes, Practice(12);
        /// … and is warned this long before.
        session_warning_minutes: i64 = 1, Minutes, Practice(12);
        /// A staff session ends when idle this long.
        session_idle_staff_minutes: i64 = 15, Minutes, Practice(12);
        /// Every session ends after this long.
        session_hours: i64 = 8, Hours, Practice(12);
        /// Failed sign-ins that lock a name until the next day.
        sign_in_failures: i64 = 5, Attempts, Practice(12);
    }
}
