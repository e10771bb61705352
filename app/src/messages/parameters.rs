//! What the parameters of messages decide, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading over them.
pub fn parameters_title(l: Locale) -> String {
    t!(l, messages.parameter.title)
}

/// What a parameter decides; `None` for a name that is not declared here.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "messages_day_max" => t!(l, messages.parameter.messages_day_max),
        _ => return None,
    })
}
