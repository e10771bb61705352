//! The three steps of the reception form, one file each: pure views of the sheet. The page around them is `pages.rs`.

mod check;
mod matter;
mod when;

use bank::appointments::reception::Step;

use super::sheet::Sheet;
use crate::appointments::step_page::StepPage;
use crate::t;
use crate::words::Locale;

/// The page of a step.
pub fn page(step: Step, sheet: &Sheet) -> StepPage {
    match step {
        Step::When => when::page(sheet),
        Step::Matter => matter::page(sheet),
        Step::Check => check::page(sheet),
    }
}

/// A field in words, for the link that leads to it; `None` for what is no field.
pub fn field_words(locale: Locale, field: &str) -> Option<String> {
    Some(match field {
        "day" => t!(locale, reception.day),
        "reception" => t!(locale, reception.reception),
        "slot" => t!(locale, reception.slot),
        "topic" => t!(locale, reception.topic),
        "summary" => t!(locale, reception.summary),
        "hope" => t!(locale, reception.hope),
        "attendees" => t!(locale, reception.attendees),
        "phone" => t!(locale, reception.phone),
        _ => return None,
    })
}
