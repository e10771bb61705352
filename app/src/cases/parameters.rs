//! Labels of the parameters of cases of every kind, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading of the table.
pub fn parameters_title(l: Locale) -> String {
    t!(l, cases.parameter.title)
}

/// The label of a parameter; `None` for a name that is not declared by cases.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "case_warn_percent" => t!(l, cases.parameter.case_warn_percent),
        "case_escalate_percent" => t!(l, cases.parameter.case_escalate_percent),
        "cases_open_max" => t!(l, cases.parameter.cases_open_max),
        "cases_day_max" => t!(l, cases.parameter.cases_day_max),
        _ => return None,
    })
}
