//! Texts of offers: as a phrase within an explanation, and as a button.

use bank::appointments::cash::Offer;
use bank::kernel::language::{amount, day_long, day_short};
use bank::kernel::time::hhmm;

use super::{Told, notes_words};
use crate::t;

/// The label of an account, otherwise its id.
fn account(told: &Told<'_>, id: &str) -> String {
    told.accounts.iter().find(|(known, _)| known == id).map_or_else(|| id.to_owned(), |(_, words)| words.clone())
}

/// As part of a sentence: 改到 12 月 3 日 周四 10:00.
pub fn offer_phrase(told: &Told<'_>, offer: &Offer) -> String {
    let locale = told.locale();
    match offer {
        Offer::Account(id) => t!(locale, cash.way_account, account = account(told, id)),
        Offer::When { day, slot } => t!(locale, cash.way_when, day = day_long(told.language, *day), slot = hhmm(*slot)),
        Offer::Amount { amount: fen, notes: None } => t!(locale, cash.way_amount, amount = amount(told.language, *fen)),
        Offer::Amount { amount: fen, notes: Some((notes, _)) } => {
            t!(locale, cash.way_amount_notes, amount = amount(told.language, *fen), notes = notes_words(locale, notes))
        }
        Offer::Notes { notes, .. } => t!(locale, cash.way_notes, notes = notes_words(locale, notes)),
        Offer::AnyNotes => t!(locale, cash.way_any),
    }
}

/// As a button, verb first: 用这个券别, 改到 12 月 3 日 10:00.
pub fn offer_button(told: &Told<'_>, offer: &Offer) -> String {
    let locale = told.locale();
    match offer {
        Offer::Account(id) => t!(locale, cash.do_account, account = account(told, id)),
        Offer::When { day, slot } => t!(locale, cash.do_when, day = day_short(told.language, *day), slot = hhmm(*slot)),
        Offer::Amount { amount: fen, .. } => t!(locale, cash.do_amount, amount = amount(told.language, *fen)),
        Offer::Notes { .. } => t!(locale, cash.do_notes),
        Offer::AnyNotes => t!(locale, cash.do_any),
    }
}
