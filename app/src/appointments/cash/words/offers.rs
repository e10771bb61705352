//! Texts of offers: as a phrase within an explanation, and as a button.

use bank::appointments::cash::{CashOffer, CashRefusal};
use bank::kernel::language::{amount, day_long, day_short};
use bank::kernel::time::hhmm;

use super::{RefusalContext, notes_words};
use crate::t;

/// The label of an account, otherwise its id.
fn account(context: &RefusalContext<'_>, id: &str) -> String {
    named(context.accounts, id)
}

/// The name of a branch, otherwise its id.
fn branch(context: &RefusalContext<'_>, id: &str) -> String {
    named(context.branches, id)
}

fn named(names: &[(String, String)], id: &str) -> String {
    names.iter().find(|(known, _)| known == id).map_or_else(|| id.to_owned(), |(_, words)| words.clone())
}

/// Whether nothing has been chosen yet, so that an offer changes nothing: 选 instead of 改到.
const fn is_unchosen(refusal: &CashRefusal) -> bool {
    matches!(refusal, CashRefusal::DayMissing { .. } | CashRefusal::SlotMissing { .. })
}

/// As part of a sentence: 改到 12 月 3 日 周四 10:00.
pub fn offer_phrase(context: &RefusalContext<'_>, refusal: &CashRefusal, offer: &CashOffer) -> String {
    let locale = context.locale();
    match offer {
        CashOffer::When { day, slot } if is_unchosen(refusal) => {
            t!(locale, cash.way_pick_when, day = day_long(context.language, *day), slot = hhmm(*slot))
        }
        CashOffer::Account(id) => t!(locale, cash.way_account, account = account(context, id)),
        CashOffer::When { day, slot } => t!(locale, cash.way_when, day = day_long(context.language, *day), slot = hhmm(*slot)),
        CashOffer::Branch { branch: id, day, slot } => {
            t!(locale, cash.way_branch, branch = branch(context, id), day = day_long(context.language, *day), slot = hhmm(*slot))
        }
        CashOffer::Amount { amount: fen, notes: None } => t!(locale, cash.way_amount, amount = amount(context.language, *fen)),
        CashOffer::Amount { amount: fen, notes: Some((notes, _)) } => {
            t!(locale, cash.way_amount_notes, amount = amount(context.language, *fen), notes = notes_words(locale, notes))
        }
        CashOffer::Notes { notes, .. } => t!(locale, cash.way_notes, notes = notes_words(locale, notes)),
        CashOffer::AnyNotes => t!(locale, cash.way_any),
    }
}

/// As a button, verb first: 用这个券别, 改到 12 月 3 日 10:00.
pub fn offer_button(context: &RefusalContext<'_>, refusal: &CashRefusal, offer: &CashOffer) -> String {
    let locale = context.locale();
    match offer {
        CashOffer::When { day, slot } if is_unchosen(refusal) => {
            t!(locale, cash.do_pick_when, day = day_short(context.language, *day), slot = hhmm(*slot))
        }
        CashOffer::Account(id) => t!(locale, cash.do_account, account = account(context, id)),
        CashOffer::When { day, slot } => t!(locale, cash.do_when, day = day_short(context.language, *day), slot = hhmm(*slot)),
        CashOffer::Branch { branch: id, day, slot } => {
            t!(locale, cash.do_branch, branch = branch(context, id), day = day_short(context.language, *day), slot = hhmm(*slot))
        }
        CashOffer::Amount { amount: fen, .. } => t!(locale, cash.do_amount, amount = amount(context.language, *fen)),
        CashOffer::Notes { .. } => t!(locale, cash.do_notes),
        CashOffer::AnyNotes => t!(locale, cash.do_any),
    }
}
