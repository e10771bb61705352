//! The four steps of the cash form, one file each: pure views of the sheet. The page around them is `pages.rs`.

mod check;
mod how_much;
mod where_when;
mod who;

use bank::appointments::cash::Step;

use super::sheet::Sheet;
use crate::appointments::step_page::StepPage;
use crate::t;
use crate::words::Locale;

/// The page of a step.
pub fn page(step: Step, sheet: &Sheet) -> StepPage {
    match step {
        Step::Where => where_when::page(sheet),
        Step::HowMuch => how_much::page(sheet),
        Step::Who => who::page(sheet),
        Step::Check => check::page(sheet),
    }
}

/// A field in words, for the link that leads to it; `None` for what is no field.
pub fn field_words(locale: Locale, field: &str) -> Option<String> {
    Some(match field {
        "branch" => t!(locale, cash.branch),
        "day" => t!(locale, cash.day),
        "slot" => t!(locale, cash.slot),
        "account" => t!(locale, cash.account),
        "amount" => t!(locale, cash.amount),
        "purpose" => t!(locale, cash.purpose),
        "purpose_other" => t!(locale, cash.purpose_other),
        "collector" => t!(locale, cash.collector),
        "agent_name" => t!(locale, cash.agent_name),
        "agent_id_type" => t!(locale, cash.agent_id_type),
        "agent_id" => t!(locale, cash.agent_id),
        "phone" => t!(locale, cash.phone),
        "remark" => t!(locale, cash.remark),
        notes if notes.starts_with("notes_") => t!(locale, cash.notes),
        _ => return None,
    })
}
