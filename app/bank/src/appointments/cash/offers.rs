//! Offers of a refusal: values that would be accepted, each with one click.
//!
//! The nearest value is chosen in [`super::rules`]; the texts are in the catalogue.

use serde::{Deserialize, Serialize};

use super::form::ANY_NOTES;
use super::model::Notes;
use crate::kernel::forms::Nearest;
use crate::kernel::money::Fen;
use crate::kernel::time::{Day, Time, day_text, hhmm};

/// A value that would be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashOffer {
    /// Another account of the customer.
    Account(String),
    /// Another day, or another slot of the same day.
    When { day: Day, slot: Time },
    /// Another branch, with a day and a slot there.
    Branch {
        /// Its id.
        branch: String,
        day: Day,
        slot: Time,
    },
    /// Another amount; with a split of it if the customer counts notes.
    Amount {
        amount: Fen,
        /// The split of the new amount and the notes typed; `None` if the branch chooses the notes.
        notes: Option<(Notes, Notes)>,
    },
    /// Another split of the same amount.
    Notes {
        notes: Notes,
        /// The notes typed.
        typed: Notes,
    },
    /// Let the branch choose the notes.
    AnyNotes,
}

impl CashOffer {
    /// The form fields to fill in.
    pub fn nearest(&self) -> Nearest {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        Nearest(match self {
            Self::Account(account) => vec![pair("account", account.clone())],
            Self::When { day, slot } => vec![pair("day", day_text(*day)), pair("slot", hhmm(*slot))],
            Self::Branch { branch, day, slot } => {
                vec![pair("branch", branch.clone()), pair("day", day_text(*day)), pair("slot", hhmm(*slot))]
            }
            Self::Amount { amount, notes } => {
                let mut pairs = vec![pair("amount", amount.yuan().to_string())];
                if let Some((notes, typed)) = notes {
                    pairs.extend(note_pairs(notes, typed));
                }
                pairs
            }
            Self::Notes { notes, typed } => note_pairs(notes, typed),
            Self::AnyNotes => vec![pair("any_notes", ANY_NOTES.to_owned())],
        })
    }
}

/// Fields with a count, and zeros only for fields in which a count was typed.
fn note_pairs(notes: &Notes, typed: &Notes) -> Vec<(String, String)> {
    notes
        .iter()
        .filter(|(note, count)| *count > 0 || typed.count(*note) > 0)
        .map(|(note, count)| (note.field().to_owned(), count.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::CashOffer;
    use crate::appointments::cash::model::Notes;
    use crate::kernel::money::Fen;
    use jiff::civil::{date, time};

    #[test]
    fn offers_read_as_the_form_fields_that_accept_them() {
        let query = |offer: CashOffer| offer.nearest().query();
        assert_eq!(query(CashOffer::When { day: date(2026, 12, 3), slot: time(10, 0, 0, 0) }), "day=2026-12-03&slot=10:00");
        assert_eq!(query(CashOffer::Amount { amount: Fen::from_yuan(50_000), notes: None }), "amount=50000");
        let (day, slot) = (date(2026, 12, 3), time(10, 0, 0, 0));
        let there = CashOffer::Branch { branch: "dongqu".to_owned(), day, slot };
        assert_eq!(query(there), "branch=dongqu&day=2026-12-03&slot=10:00");
        let (notes, typed) = (Notes([1_500, 1_000, 0, 0, 0, 0]), Notes([2_000, 0, 0, 0, 0, 0]));
        assert_eq!(query(CashOffer::Notes { notes, typed }), "notes_100=1500&notes_50=1000");
        assert_eq!(query(CashOffer::Notes { notes: typed, typed: notes }), "notes_100=2000&notes_50=0");
    }
}
