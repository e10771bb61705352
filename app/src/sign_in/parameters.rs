//! Labels of the parameters of sign-in and sessions, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading of the table.
pub fn parameters_title(l: Locale) -> String {
    t!(l, sign_in.parameter.title)
}

/// The label of a parameter; `None` for a name that is not declared by sign-in.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "session_idle_customer_minutes" => t!(l, sign_in.parameter.session_idle_customer_minutes),
        "session_warning_minutes" => t!(l, sign_in.parameter.session_warning_minutes),
        "elder_warning_minutes" => t!(l, sign_in.parameter.elder_warning_minutes),
        "elder_offer_from" => t!(l, sign_in.parameter.elder_offer_from),
        "session_idle_staff_minutes" => t!(l, sign_in.parameter.session_idle_staff_minutes),
        "session_hours" => t!(l, sign_in.parameter.session_hours),
        "sign_in_failures" => t!(l, sign_in.parameter.sign_in_failures),
        "sign_in_failures_day" => t!(l, sign_in.parameter.sign_in_failures_day),
        "sign_in_failures_network" => t!(l, sign_in.parameter.sign_in_failures_network),
        "activation_link_days" => t!(l, sign_in.parameter.activation_link_days),
        "activation_code_days" => t!(l, sign_in.parameter.activation_code_days),
        "activation_failures" => t!(l, sign_in.parameter.activation_failures),
        "step_up_minutes" => t!(l, factors.parameter.step_up_minutes),
        "step_up_code_minutes" => t!(l, step_up.parameter.minutes),
        "step_up_code_failures" => t!(l, step_up.parameter.failures),
        "step_up_code_pause_minutes" => t!(l, step_up.parameter.pause_minutes),
        "step_up_code_day_max" => t!(l, step_up.parameter.day_max),
        "staff_second_factor" => t!(l, factors.parameter.staff),
        "customer_second_factor" => t!(l, factors.parameter.customers),
        "factor_failures" => t!(l, factors.parameter.failures),
        "factor_lock_minutes" => t!(l, factors.parameter.lock_minutes),
        _ => return None,
    })
}
