//! Texts of categories, judgements and refusals of suggestions.

use bank::suggestions::{Category, Judgement, SuggestionRefusal};

use crate::cases::quota_words;
use crate::t;
use crate::words::{Locale, leading};

/// The name of a category; an unknown code is shown as it is.
pub fn category_words(locale: Locale, code: &str) -> String {
    match Category::parse(code) {
        Some(Category::CreditCard) => t!(locale, suggestions.credit_card),
        Some(Category::Savings) => t!(locale, suggestions.savings),
        Some(Category::International) => t!(locale, suggestions.international),
        Some(Category::Settlement) => t!(locale, suggestions.settlement),
        Some(Category::Credit) => t!(locale, suggestions.credit),
        Some(Category::Corporate) => t!(locale, suggestions.corporate),
        Some(Category::Agency) => t!(locale, suggestions.agency),
        Some(Category::CarHomeLoan) => t!(locale, suggestions.car_home_loan),
        Some(Category::EChannel) => t!(locale, suggestions.e_channel),
        Some(Category::BranchService) => t!(locale, suggestions.branch_service),
        None => code.to_owned(),
    }
}

/// The name of a judgement, as it begins a line.
pub fn judgement_line(locale: Locale, judgement: Judgement) -> String {
    leading(&judgement_words(locale, judgement))
}

/// The name of a judgement within a sentence.
pub fn judgement_words(locale: Locale, judgement: Judgement) -> String {
    match judgement {
        Judgement::Adopted => t!(locale, suggestions.judged.adopted),
        Judgement::Partly => t!(locale, suggestions.judged.partly),
        Judgement::Not => t!(locale, suggestions.judged.not),
    }
}

/// The texts of a refusal: the rule, and what would be accepted. Refusals of answers are shown on the desk.
pub fn refusal_words(locale: Locale, refusal: &SuggestionRefusal) -> (String, String) {
    match refusal {
        SuggestionRefusal::Quota(full) => quota_words(locale, *full),
        SuggestionRefusal::CategoryMissing => {
            (t!(locale, suggestions.category_missing), t!(locale, suggestions.category_missing_text))
        }
        SuggestionRefusal::CategoryUnknown => {
            (t!(locale, suggestions.category_unknown), t!(locale, suggestions.category_missing_text))
        }
        SuggestionRefusal::ContentMissing => {
            (t!(locale, suggestions.content_missing), t!(locale, suggestions.content_missing_text))
        }
        SuggestionRefusal::ClaimsLoss => (t!(locale, suggestions.claims_loss), t!(locale, suggestions.claims_loss_text)),
        SuggestionRefusal::ContentTooLong(text) => (
            t!(locale, suggestions.content_too_long, limit = text.limit),
            t!(locale, suggestions.too_long_text, length = text.length, over = text.over(), limit = text.limit),
        ),
        SuggestionRefusal::JudgementMissing | SuggestionRefusal::JudgementUnknown => {
            (t!(locale, suggestions.desk.judgement_missing_title), t!(locale, suggestions.desk.judgement_missing_text))
        }
        SuggestionRefusal::ReasonMissing => (t!(locale, desk.reason_missing_title), t!(locale, desk.reason_missing_text)),
        SuggestionRefusal::ThanksMissing => {
            (t!(locale, suggestions.desk.thanks_missing_title), t!(locale, suggestions.desk.thanks_missing_text))
        }
        SuggestionRefusal::ReasonTooLong(text) | SuggestionRefusal::ThanksTooLong(text) => (
            t!(locale, desk.too_long_title),
            t!(locale, suggestions.too_long_text, length = text.length, over = text.over(), limit = text.limit),
        ),
    }
}
