//! Parameters of messages to customers (docs/domain.md §19).

use crate::kernel::parameters::parameters;

parameters! {
    /// How many messages are sent.
    pub struct MessageParameters {
        /// Messages to one phone number a day.
        messages_day_max: i64 = 20, Messages, Default(19);
    }
}
