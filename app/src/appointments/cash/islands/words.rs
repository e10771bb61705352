//! The words the islands say, in the reader's language, with `{places}` for numbers: an island carries no catalogue.

use bank::appointments::cash::{CashRefusal, Notes};
use bank::kernel::language::{Language, amount};
use bank::kernel::money::{Fen, grouped};
use serde::{Deserialize, Serialize};

/// Words of step 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhenWords {
    /// Legend of the branches.
    pub branch: String,
    /// Legend of the days.
    pub day: String,
    /// Why the earliest day is the earliest.
    pub hint: String,
    /// A day without places or cash.
    pub day_full: String,
    /// A day the branch pays out nothing.
    pub day_closed: String,
    /// A day on which the customer has a booking.
    pub day_taken: String,
    /// Legend of the slots.
    pub slot: String,
    /// `{n}` places left.
    pub places: String,
    /// A slot without places.
    pub slot_full: String,
    /// A slot that overlaps another appointment.
    pub slot_overlap: String,
}

/// Words of step 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MuchWords {
    /// The notes make the amount.
    pub sum_right: String,
    /// `{amount}` is missing.
    pub sum_missing: String,
    /// `{amount}` is too much.
    pub sum_over: String,
    /// What "any notes" means.
    pub any_detail: String,
    /// … and with an amount, which `{notes}`.
    pub any_split: String,
    /// `{count}` notes of `{yuan}`.
    pub pieces: String,
    /// Between kinds of notes.
    pub comma: String,
    /// `amount_invalid`
    pub amount_invalid: String,
    /// `amount_not_whole`
    pub amount_not_whole: String,
    /// `amount_below_minimum`: `{amount}`.
    pub amount_below_minimum: String,
    /// `amount_above_maximum`: `{amount}`.
    pub amount_above_maximum: String,
    /// `cash_short`: `{amount}` left.
    pub cash_short: String,
    /// `notes_invalid`: of `{note}` yuan.
    pub notes_invalid: String,
    /// `notes_short`: `{left}` of `{note}` yuan.
    pub notes_short: String,
    /// `notes_unsplittable`
    pub notes_unsplittable: String,
}

impl MuchWords {
    /// The sum of the notes against the amount: a class, and the words it repeats.
    pub fn sum(&self, language: Language, sum: Fen, wanted: Option<Fen>) -> (&'static str, String) {
        let money = |fen: i64| amount(language, Fen(fen));
        let said = money(sum.0);
        let Some(wanted) = wanted.filter(|_| sum > Fen::ZERO) else { return ("", said) };
        let apart = |template: &str, fen: i64| format!("{said} · {}", template.replace("{amount}", &money(fen)));
        match sum.0 - wanted.0 {
            0 => ("sum-right", format!("{said} ✓ {}", self.sum_right)),
            more if more > 0 => ("sum-wrong", apart(&self.sum_over, more)),
            less => ("sum-wrong", apart(&self.sum_missing, -less)),
        }
    }

    /// What "any notes" would give.
    pub fn any(&self, split: Option<Notes>) -> String {
        let Some(notes) = split else { return self.any_detail.clone() };
        let pieces = notes.iter().filter(|(_, count)| *count > 0);
        let pieces = pieces
            .map(|(note, count)| self.pieces.replace("{yuan}", &note.yuan().to_string()).replace("{count}", &grouped(count)));
        self.any_split.replace("{notes}", &pieces.collect::<Vec<_>>().join(&self.comma))
    }

    /// A refusal of the amount or the notes in a line; the others are for the server to say.
    pub fn refusal(&self, language: Language, refusal: &CashRefusal) -> Option<String> {
        let money = |template: &str, fen: &Fen| template.replace("{amount}", &amount(language, *fen));
        Some(match refusal {
            CashRefusal::AmountInvalid => self.amount_invalid.clone(),
            CashRefusal::AmountNotWhole { .. } => self.amount_not_whole.clone(),
            CashRefusal::AmountBelowMinimum { minimum, .. } => money(&self.amount_below_minimum, minimum),
            CashRefusal::AmountAboveMaximum { maximum, .. } => money(&self.amount_above_maximum, maximum),
            CashRefusal::CashShort { left, .. } => money(&self.cash_short, left),
            CashRefusal::NotesUnsplittable { .. } => self.notes_unsplittable.clone(),
            CashRefusal::NotesInvalid { denomination, .. } => {
                self.notes_invalid.replace("{note}", &denomination.yuan().to_string())
            }
            CashRefusal::NotesShort { denomination, left, .. } => {
                self.notes_short.replace("{note}", &denomination.yuan().to_string()).replace("{left}", &grouped(*left))
            }
            _ => return None,
        })
    }
}
