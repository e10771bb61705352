//! A kind on the desk: what staff see of a case, and the forms of what they may do. What a posted form does is the kind's own
//! in `bank`.

use bank::cases::{CaseLine, OwnRefusal};
use bank::customers::CustomerCard;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::Nearest;
use bank::kernel::language::Language;
use bank::kernel::parameters::Parameters;
use bank::kernel::time::At;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::Later;
use crate::desk::CaseForm;
use crate::ui::summary_list::SummaryRow;
use crate::words::Locale;

/// What the page of every case rests on.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The reader's language.
    pub language: Language,
    /// The bank's time.
    pub now: At,
    /// The case.
    pub case: &'a CaseLine,
    /// The name of its branch.
    pub branch: &'a str,
    /// Its holder.
    pub card: &'a CustomerCard,
    /// The parameters of the day it was made.
    pub parameters: &'a Parameters,
    /// Address, key, version and what was typed.
    pub form: &'a CaseForm,
}

/// One case of the kind, read for the desk.
pub trait OnDesk: Send + Sync {
    /// The rows of its summary; the row of the customer stands among them.
    fn rows(&self, seen: &Seen<'_>, customer: SummaryRow) -> Vec<SummaryRow>;

    /// What the decision rests on beside the summary, such as the stock of the day.
    fn panel(&self, _seen: &Seen<'_>) -> Option<AnyView> {
        None
    }

    /// The forms of what this staff member may do now; `None` when there is nothing.
    fn forms(&self, seen: &Seen<'_>) -> Option<AnyView>;
}

/// What the desk needs of a kind.
pub trait Desk {
    /// Reads a case.
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> Later<'a, Result<Box<dyn OnDesk>, Failure>>;

    /// One of the kind's own refusals: what, and why with what would be accepted.
    fn refusal(&self, _language: Language, _refusal: &OwnRefusal) -> Option<(String, String)> {
        None
    }

    /// The name of one of the kind's own fields, as its label says it.
    fn field(&self, _locale: Locale, _field: &str) -> Option<String> {
        None
    }

    /// What a click on an offer of one of the kind's refusals does.
    fn offer(&self, _language: Language, _nearest: &Nearest) -> Option<String> {
        None
    }

    /// Fields with words a person typed: they are shown again when the page has no form left that holds them.
    fn texts(&self) -> &'static [&'static str] {
        &["reason"]
    }
}
