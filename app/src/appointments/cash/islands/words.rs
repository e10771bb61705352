//! The words the islands say, in the reader's language, with `{places}` for numbers: an island carries no catalogue.
//! They travel as plain lists, which the browser reads with less code than structures with names.

use bank::appointments::cash::{CashContext, CashRefusal, Notes, Receipt};
use bank::kernel::language::{Language, amount, day_from_now};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::time::hhmm;
use serde::{Deserialize, Serialize};

/// A structure of texts that is written and read as the list of them.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])+ $field:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "Vec<String>", into = "Vec<String>")]
        pub struct $name {
            $($(#[doc = $doc])+ pub $field: String,)+
        }

        impl From<Vec<String>> for $name {
            fn from(texts: Vec<String>) -> Self {
                let mut texts = texts.into_iter();
                $(let $field = texts.next().unwrap_or_default();)+
                Self { $($field),+ }
            }
        }

        impl From<$name> for Vec<String> {
            fn from(words: $name) -> Self {
                vec![$(words.$field),+]
            }
        }
    };
}

words! {
/// Words of step 1.
WhenWords {
    /// Legend of the days.
    day,
    /// Why `{earliest}` is the earliest day: it is `{now}`, before `{cutoff}`.
    hint_before,
    /// … after it.
    hint_after,
    /// … the branch does not work today.
    hint_closed,
    /// A day without places or cash.
    day_full,
    /// A day the branch pays out nothing.
    day_closed,
    /// A day on which the customer has a booking.
    day_taken,
    /// Legend of the slots.
    slot,
    /// `{n}` places left.
    places,
    /// A slot without places.
    slot_full,
    /// A slot that overlaps another appointment.
    slot_overlap,
}
}

words! {
/// Words of step 2.
MuchWords {
    /// The notes make the amount.
    sum_right,
    /// `{amount}` is missing.
    sum_missing,
    /// `{amount}` is too much.
    sum_over,
    /// What "any notes" means.
    any_detail,
    /// … and with an amount, which `{notes}`.
    any_split,
    /// `{count}` notes of `{yuan}`.
    pieces,
    /// Between kinds of notes.
    comma,
    /// `amount_invalid`
    amount_invalid,
    /// `amount_unclear`
    amount_unclear,
    /// `amount_not_whole`
    amount_not_whole,
    /// `amount_below_minimum`: `{amount}`.
    amount_below_minimum,
    /// `amount_above_maximum`: `{amount}`.
    amount_above_maximum,
    /// `cash_short`: `{amount}` left.
    cash_short,
    /// `notes_invalid`: of `{note}` yuan.
    notes_invalid,
    /// `notes_short`: `{left}` of `{note}` yuan.
    notes_short,
    /// `notes_unsplittable`
    notes_unsplittable,
}
}

impl WhenWords {
    /// Why the earliest day is the earliest: 今天 15:00 前提交，最早明天取；现在是 10:12。 Nothing without a day.
    pub fn hint(&self, language: Language, context: &CashContext) -> String {
        let Some(availability) = &context.availability else { return String::new() };
        let Some(earliest) = availability.earliest() else { return String::new() };
        let earliest = day_from_now(language, earliest, context.now);
        // Chinese sets a digit off from the characters before it.
        let apart = language == Language::ZhCn && earliest.starts_with(|first: char| first.is_ascii_digit());
        let earliest = if apart { format!(" {earliest}") } else { earliest };
        let (template, cutoff) = match availability.receipt {
            Receipt::InTime(cutoff) => (&self.hint_before, cutoff),
            Receipt::Late(cutoff) => (&self.hint_after, cutoff),
            Receipt::Closed => (&self.hint_closed, context.now.time()),
        };
        let now = hhmm(context.now.time());
        template.replace("{earliest}", &earliest).replace("{cutoff}", &hhmm(cutoff)).replace("{now}", &now)
    }
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
            CashRefusal::AmountUnclear { .. } => self.amount_unclear.clone(),
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
