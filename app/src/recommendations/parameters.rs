//! Labels of the parameters of recommendations, for the administrator.

use crate::t;
use crate::words::Locale;

/// The heading of the table.
pub fn parameters_title(l: Locale) -> String {
    t!(l, recommendations.parameter.title)
}

/// The label of a parameter; `None` for a name that is not declared by recommendations.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "advice_assessment_months" => t!(l, recommendations.parameter.advice_assessment_months),
        "advice_quick_redemption_days" => t!(l, recommendations.parameter.advice_quick_redemption_days),
        "advice_elder_from" => t!(l, recommendations.parameter.advice_elder_from),
        "advice_declined_days" => t!(l, recommendations.parameter.advice_declined_days),
        "advice_of_a_kind" => t!(l, recommendations.parameter.advice_of_a_kind),
        "advice_reasons_max" => t!(l, recommendations.parameter.advice_reasons_max),
        "advice_cards_max" => t!(l, recommendations.parameter.advice_cards_max),
        _ => return None,
    })
}
