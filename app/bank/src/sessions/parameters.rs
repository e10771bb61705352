//! Parameters of sign-in and sessions (docs/domain.md §12).

use crate::kernel::parameters::{Demand, parameters};

parameters! {
    /// Parameters of sign-in and sessions in force on one day.
    pub struct SessionParameters {
        /// Idle time after which a customer's session ends.
        session_idle_customer_minutes: i64 = 10, Minutes, Practice(12), 5..=60;
        /// The warning is shown this long before a session ends.
        session_warning_minutes: i64 = 1, Minutes, Practice(12), 1..=4;
        /// The same in the elder mode.
        elder_warning_minutes: i64 = 3, Minutes, Default(12), 1..=4;
        /// The age from which the elder mode is offered.
        elder_offer_from: i64 = 65, Years, Default(12), 50..=100;
        /// Idle time after which a staff session ends.
        session_idle_staff_minutes: i64 = 15, Minutes, Practice(12), 5..=60;
        /// Maximum length of a session.
        session_hours: i64 = 8, Hours, Practice(12), 1..=24;
        /// Number of failed sign-ins that locks a source for a sign-in name until the next day.
        sign_in_failures: i64 = 5, Attempts, Practice(12), 3..=20;
        /// Number of failed sign-ins of a name and day over all unknown sources.
        sign_in_failures_day: i64 = 100, Attempts, Practice(12), 20..=1_000;
        /// Number of failed sign-ins of a network and hour over all names and unknown devices.
        sign_in_failures_network: i64 = 30, Attempts, Default(12), 10..=10_000;
        /// How long a staff member's activation link is valid.
        activation_link_days: i64 = 7, Days, Default(12), 1..=30;
        /// How long a customer's activation code is valid.
        activation_code_days: i64 = 30, Days, Default(12), 1..=90;
        /// Number of wrong attempts that ends an activation code.
        activation_failures: i64 = 5, Attempts, Default(12), 3..=20;
        /// Whether staff must have a second factor.
        staff_second_factor: Demand = Demand::Required, Demand, Default(12);
        /// Whether customers must have a second factor, or give a code to the phone.
        customer_second_factor: Demand = Demand::Required, Demand, Default(12);
        /// How long a proof of who is there counts for acts that ask for a fresh one.
        step_up_minutes: i64 = 5, Minutes, Default(12), 1..=60;
        /// How long a code that is sent to the phone is valid.
        step_up_code_minutes: i64 = 5, Minutes, Default(12), 2..=10;
        /// Number of wrong tries that ends it.
        step_up_code_failures: i64 = 5, Attempts, Default(12), 3..=10;
        /// How long a user waits before another one is sent.
        step_up_code_pause_minutes: i64 = 1, Minutes, Default(12), 1..=10;
        /// Number of codes that a user is sent a day.
        step_up_code_day_max: i64 = 10, Messages, Default(12), 3..=50;
        /// Number of wrong codes in a row that locks a second factor.
        factor_failures: i64 = 5, Attempts, Default(12), 3..=20;
        /// How long it is locked, after each wrong code from then on.
        factor_lock_minutes: i64 = 15, Minutes, Default(12), 5..=1_440;
    }
}
