//! Labels of the parameters of messages, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading of the table.
pub fn parameters_title(l: Locale) -> String {
    t!(l, messages.parameter.title)
}

/// The label of a parameter; `None` for a name that is not declared by messages.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "messages_day_max" => t!(l, messages.parameter.messages_day_max),
        _ => return None,
    })
}
