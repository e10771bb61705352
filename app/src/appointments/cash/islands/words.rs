//! Texts of the islands in the reader's language, with `{placeholders}`, because an island contains no catalogue. They are
//! serialised as plain lists, which need less code in the browser than named fields.

use bank::appointments::cash::{Availability, CashContext, CashRefusal, CutoffStatus, Notes};
use bank::kernel::language::{Language, amount, day_from_now, day_long};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::time::hhmm;
use serde::{Deserialize, Serialize};

/// Declares a struct of texts that is serialised as a list.
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
/// Texts of step 1.
WhenWords {
    /// Legend of the days.
    day,
    /// Why `{earliest}` is the earliest day: it is `{now}`, before `{cutoff}`.
    hint_before,
    /// The same after the cut-off.
    hint_after,
    /// The same if the branch does not work today.
    hint_closed,
    /// `{latest}` is the last day that can be booked now, and which days are none of cash.
    hint_until,
    /// A day without free places or cash.
    day_full,
    /// A day on which no cash is paid out.
    day_closed,
    /// A day on which the customer has a booking.
    day_taken,
    /// Today, on which nothing can be booked any more.
    day_today,
    /// `{n}` days are free.
    days_free,
    /// No day is free.
    days_none,
    /// What the small figures of the calendar are.
    figures,
    /// The unit after a number of free places.
    unit,
    /// `{n}` slots are free.
    slots_free,
    /// Legend of the slots.
    slot,
    /// `{n}` free places.
    places,
    /// A slot without free places.
    slot_full,
    /// A slot that overlaps another appointment.
    slot_overlap,
}
}

words! {
/// Texts of step 2.
MuchWords {
    /// The notes add up to the amount.
    sum_right,
    /// `{amount}` is missing.
    sum_missing,
    /// `{amount}` is too much.
    sum_over,
    /// Explanation of "any notes".
    any_detail,
    /// The same with the split `{notes}`.
    any_split,
    /// `{count}` notes of `{yuan}` yuan.
    pieces,
    /// Separator between denominations.
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
    /// `notes_short`: fewer than `{asked}` of `{note}` yuan.
    notes_short,
    /// `notes_unsplittable`
    notes_unsplittable,
    /// `{amount}` above the balance.
    above_balance,
}
}

impl WhenWords {
    /// How many days can be chosen.
    pub fn free_days(&self, days: usize) -> String {
        if days == 0 { self.days_none.clone() } else { self.days_free.replace("{n}", &days.to_string()) }
    }

    /// Why the earliest day is the earliest, and which is the last: 今天 15:00 前提交，最早明天取；现在是 10:12。可约到 12 月 4 日 周五。
    /// Empty without a day.
    pub fn hint(&self, language: Language, context: &CashContext) -> String {
        let Some(availability) = &context.availability else { return String::new() };
        let Some(earliest) = availability.earliest() else { return String::new() };
        let earliest = day_from_now(language, earliest, context.now);
        // Chinese typography separates digits from characters by a space.
        let apart = language == Language::ZhCn && earliest.starts_with(|first: char| first.is_ascii_digit());
        let earliest = if apart { format!(" {earliest}") } else { earliest };
        let (template, cutoff) = match availability.cutoff_status {
            CutoffStatus::InTime(cutoff) => (&self.hint_before, cutoff),
            CutoffStatus::Late(cutoff) => (&self.hint_after, cutoff),
            CutoffStatus::Closed => (&self.hint_closed, context.now.time()),
        };
        let now = hhmm(context.now.time());
        let first = template.replace("{earliest}", &earliest).replace("{cutoff}", &hhmm(cutoff)).replace("{now}", &now);
        let until = self.until(language, availability);
        if language == Language::ZhCn { format!("{first}{until}") } else { format!("{first} {until}") }
    }

    /// Until when one can book, and which days are none of cash.
    pub fn until(&self, language: Language, availability: &Availability) -> String {
        let latest = availability.days.iter().rfind(|offer| offer.open);
        self.hint_until.replace("{latest}", &latest.map(|offer| day_long(language, offer.day)).unwrap_or_default())
    }
}

impl MuchWords {
    /// Compares the sum of the notes with the amount: a CSS class, and a text with the same meaning.
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

    /// The split of "any notes".
    pub fn any(&self, split: Option<Notes>) -> String {
        let Some(notes) = split else { return self.any_detail.clone() };
        let pieces = notes.iter().filter(|(_, count)| *count > 0);
        let pieces = pieces
            .map(|(note, count)| self.pieces.replace("{yuan}", &note.yuan().to_string()).replace("{count}", &grouped(count)));
        self.any_split.replace("{notes}", &pieces.collect::<Vec<_>>().join(&self.comma))
    }

    /// The text of a refusal of amount or notes; `None` for others, which only the server shows.
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
            CashRefusal::NotesShort { denomination, asked, .. } => {
                self.notes_short.replace("{note}", &denomination.yuan().to_string()).replace("{asked}", &grouped(*asked))
            }
            _ => return None,
        })
    }
}
