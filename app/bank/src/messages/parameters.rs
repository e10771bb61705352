//! Parameters of messages to customers (docs/domain.md §19).

use crate::kernel::parameters::parameters;

parameters! {
    /// Limits on messages.
    pub struct MessageParameters {
        /// Maximum number of messages to one phone number per day.
        messages_day_max: i64 = 20, Messages, Default(19), 1..=1_000;
    }
}
