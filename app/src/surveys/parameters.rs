//! Labels of the parameters of surveys, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading of the table.
pub fn parameters_title(l: Locale) -> String {
    t!(l, surveys.parameter.title)
}

/// The label of a parameter; `None` for a name that is not declared by surveys.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "survey_text_max" => t!(l, surveys.parameter.survey_text_max),
        "survey_other_max" => t!(l, surveys.parameter.survey_other_max),
        _ => return None,
    })
}
