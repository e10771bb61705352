//! Texts about accounts, notes, documents and purposes. Refusals are in `refusals.rs`, offers in `offers.rs`, the desk's
//! refusals in `desk.rs`, lists and messages in `case.rs`. The catalogue file is `locales/*/cash.json`.

mod case;
mod desk;
mod offers;
mod parameters;
mod refusals;
#[cfg(test)]
mod tests;

use bank::appointments::cash::model::PURPOSE_OTHER;
use bank::appointments::cash::{CashParameters, Notes};
use bank::branches::{Branch, Reference};
use bank::customers::Account;
use bank::kernel::language::{Language, amount, day_long, time_span};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::people::IdType;
use bank::kernel::time::{At, Day, hhmm};

use crate::t;
use crate::typed::display_text;
use crate::words::{Locale, locale};

pub use desk::{desk_field, desk_offer, desk_refusal};
pub use offers::{offer_button, offer_phrase};
pub use refusals::{refusal_body, refusal_title};

/// The data for texts of refusals, besides the refusal's own values.
#[derive(Clone, Debug)]
pub struct RefusalContext<'t> {
    pub language: Language,
    /// The parameters named in the texts.
    pub parameters: &'t CashParameters,
    /// Name of the branch, or the word for a branch.
    pub branch: String,
    pub day: Option<Day>,
    /// The customer's accounts: id and label.
    pub accounts: &'t [(String, String)],
    /// The branches: id and name.
    pub branches: &'t [(String, String)],
    /// Phone number of the branch, otherwise of the bank.
    pub phone: String,
    /// When one can come without a booking, as a sentence; empty without a branch.
    pub opening: String,
}

impl RefusalContext<'_> {
    /// The catalogue's locale.
    pub fn locale(&self) -> Locale {
        locale(self.language)
    }
}

/// When one can come to a branch without a booking: what is left of today, otherwise the next day it opens.
pub fn opening_words(language: Language, reference: &Reference, branch: &Branch, now: At) -> String {
    let (l, name) = (locale(language), branch.name(language).to_owned());
    let Some((day, spans)) = branch.hours.next_opening(&reference.calendar, now) else { return String::new() };
    if let Some(last) = spans.last().filter(|_| day == now.day()) {
        return t!(l, cash.opening_today, branch = name, time = hhmm(last.closes));
    }
    let hours = spans.iter().map(|span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ");
    t!(l, cash.opening_next, branch = name, day = day_long(language, day), hours = hours)
}

/// The label of an account: 借记卡 尾号 1234.
pub fn account_words(locale: Locale, account: &Account) -> String {
    match account.kind.as_str() {
        "debit_card" => t!(locale, cash.debit_card, last4 = account.last4.clone()),
        "passbook" => t!(locale, cash.passbook, last4 = account.last4.clone()),
        _ => t!(locale, cash.settlement, last4 = account.last4.clone()),
    }
}

/// An amount as it is written on bank papers: in Chinese with its capital numerals.
pub fn amount_in_full(language: Language, fen: Fen) -> String {
    let figures = amount(language, fen);
    match language {
        Language::ZhCn => t!(locale(language), cash.amount_in_full, amount = figures, capitals = fen.in_capitals()),
        Language::En => figures,
    }
}

/// Notes as text, without counts of 0: 100 元 1,500 张、50 元 1,000 张.
pub fn notes_words(locale: Locale, notes: &Notes) -> String {
    let pieces = notes.iter().filter(|(_, count)| *count > 0);
    let words = pieces.map(|(note, count)| t!(locale, cash.pieces, yuan = note.yuan(), count = grouped(count)));
    words.collect::<Vec<_>>().join(&t!(locale, cash.pieces_comma))
}

/// The notes of a booking as text, with who chose them and whether they should be new.
pub fn booked_notes_words(locale: Locale, notes: &Notes, any: bool, new: bool) -> String {
    let words = notes_words(locale, notes);
    let words = if any { t!(locale, cash.row_any, notes = words) } else { words };
    if new { format!("{words}{}{}", t!(locale, cash.pieces_comma), t!(locale, cash.row_new_notes)) } else { words }
}

/// The name of an identity document.
pub fn document_words(locale: Locale, document: IdType) -> String {
    match document {
        IdType::ResidentId => t!(locale, cash.document.resident_id),
        IdType::MilitaryId => t!(locale, cash.document.military_id),
        IdType::TravelPermit => t!(locale, cash.document.travel_permit),
        IdType::Passport => t!(locale, cash.document.passport),
        IdType::PermanentResidence => t!(locale, cash.document.permanent_residence),
        IdType::ResidencePermit => t!(locale, cash.document.residence_permit),
        IdType::Other => t!(locale, cash.document.other),
    }
}

/// A purpose as text; a description replaces 其他.
pub fn purpose_said(locale: Locale, term: &str, other: Option<&str>) -> String {
    match other {
        Some(words) if term == PURPOSE_OTHER => display_text(words),
        Some(words) => format!("{} · {}", purpose_words(locale, term), display_text(words)),
        None => purpose_words(locale, term),
    }
}

/// The term of a purpose, in English with its translation.
pub fn purpose_words(locale: Locale, term: &str) -> String {
    match term {
        "食品烟酒" => t!(locale, cash.term.food),
        "衣着" => t!(locale, cash.term.clothing),
        "居住" => t!(locale, cash.term.housing),
        "生活用品" => t!(locale, cash.term.household),
        "交通通信" => t!(locale, cash.term.transport),
        "教育文娱" => t!(locale, cash.term.education),
        "医疗" => t!(locale, cash.term.medical),
        "收藏品" => t!(locale, cash.term.collecting),
        "经营性支出" => t!(locale, cash.term.business),
        "境外消费" => t!(locale, cash.term.abroad_spending),
        "境外投资" => t!(locale, cash.term.abroad_investment),
        "境外贸易" => t!(locale, cash.term.abroad_trade),
        "工资" => t!(locale, cash.term.wages),
        "劳务报酬" => t!(locale, cash.term.labour),
        "奖金" => t!(locale, cash.term.bonus),
        "劳保福利" => t!(locale, cash.term.welfare),
        "收购农副产品" => t!(locale, cash.term.farm),
        "差旅费" => t!(locale, cash.term.travel),
        "其他" => t!(locale, cash.term.other),
        other => other.to_owned(),
    }
}
