//! The interface of a kind of case on the desk: what staff see of a case, and the forms of their actions. The effect of an
//! action is defined in `bank`.

use bank::cases::{CaseLine, OwnRefusal, REASON, REASON_MAX};
use bank::customers::CustomerCard;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, FieldKind, Nearest};
use bank::kernel::language::{Language, day_clear, day_full, day_long, day_with_year};
use bank::kernel::parameters::InForce;
use bank::kernel::time::{At, Day};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::BoxFuture;
use crate::desk::CaseForm;
use crate::form::Ask;
use crate::ui::button::ButtonKind;
use crate::ui::parts::ScreenAndPrint;
use crate::ui::summary_list::SummaryRow;
use crate::words::Locale;

/// The data of a case page.
#[derive(Clone, Copy)]
pub struct DeskContext<'a> {
    pub language: Language,
    /// The bank's time.
    pub now: At,
    pub case: &'a CaseLine,
    /// Name of the case's branch.
    pub branch: &'a str,
    /// The customer of the case.
    pub card: &'a CustomerCard,
    /// The parameters of the day the case was opened.
    pub parameters: &'a InForce,
    /// URL, key, version and typed values of its forms.
    pub form: &'a CaseForm,
}

impl DeskContext<'_> {
    /// The day of an appointment, with its year if it is far away; on paper in full.
    pub fn day(&self, day: Day) -> ScreenAndPrint {
        let full = day_full(self.language, day);
        let is_far = day_with_year(self.language, day) == day_clear(self.language, day, self.now);
        ScreenAndPrint::new(if is_far { full.clone() } else { day_long(self.language, day) }, full)
    }
}

/// One case of the kind, read for the desk.
pub trait OnDesk: Send + Sync {
    /// The rows of its summary, including the given row of the customer.
    fn rows(&self, context: &DeskContext<'_>, customer: SummaryRow) -> Vec<SummaryRow>;

    /// Data for the decision beside the summary, such as the stock of the day.
    fn panel(&self, _context: &DeskContext<'_>) -> Option<AnyView> {
        None
    }

    /// The forms of the actions that this staff member may take now, and what stands in their place until they can be taken; empty
    /// if there are none.
    fn forms(&self, context: &DeskContext<'_>) -> Vec<ActForm>;

    /// The input of a field of these forms; `None` for fields that the desk defines, such as the reason.
    fn ask(&self, _context: &DeskContext<'_>, _field: &str) -> Option<Ask> {
        None
    }

    /// The frame around the fields of these forms that name it.
    fn frame(&self, _context: &DeskContext<'_>, frame: &str, fields: Vec<AnyView>) -> AnyView {
        view! { <div class=frame.to_owned()>{fields}</div> }.into_any()
    }
}

/// A form with actions on a case.
pub struct ActForm {
    /// The names of its fields in order.
    pub fields: Vec<&'static str>,
    /// Its buttons.
    pub buttons: Vec<ActButton>,
    /// The label of its reason, which names what it is for.
    pub reason: Option<String>,
    /// What to know before its buttons are pressed.
    pub note: Option<String>,
}

/// A button that submits an action.
pub struct ActButton {
    /// The action code.
    pub action: &'static str,
    /// The text.
    pub text: String,
    /// The visual weight.
    pub kind: ButtonKind,
}

impl ActForm {
    /// A form of buttons without fields.
    pub fn at_once(buttons: Vec<ActButton>) -> Self {
        Self::new(Vec::new(), buttons)
    }

    /// A form of these fields and buttons.
    pub fn new(fields: Vec<&'static str>, buttons: Vec<ActButton>) -> Self {
        Self { fields, buttons, reason: None, note: None }
    }

    /// In place of a form: why its action cannot be taken yet, and when it can.
    pub fn not_yet(note: String) -> Self {
        Self::at_once(Vec::new()).noting(Some(note))
    }

    /// Says what to know before its buttons are pressed.
    #[must_use]
    pub fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// Names what the reason is for.
    #[must_use]
    pub fn reason_for(self, label: String) -> Self {
        Self { reason: Some(label), ..self }
    }

    /// Whether one of its buttons submits the action.
    pub fn submits(&self, action: &str) -> bool {
        self.buttons.iter().any(|button| button.action == action)
    }
}

impl ActButton {
    /// The usual action, a primary button.
    pub fn new(action: &'static str, text: String) -> Self {
        Self { action, text, kind: ButtonKind::Primary }
    }

    /// The same button with another visual weight.
    #[must_use]
    pub fn weight(self, kind: ButtonKind) -> Self {
        Self { kind, ..self }
    }
}

/// A kind's part of the desk.
pub trait Desk {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> BoxFuture<'a, Result<Box<dyn OnDesk>, Failure>>;

    /// Title and explanation of one of the kind's own refusals; the explanation names what would be accepted.
    fn refusal(&self, _language: Language, _refusal: &OwnRefusal) -> Option<(String, String)> {
        None
    }

    /// The words on the day board for an action that usually leads a case on; they are a link to it.
    fn on_board(&self, _locale: Locale, _action: &str) -> Option<String> {
        None
    }

    /// The label of one of the kind's own fields.
    fn field(&self, _locale: Locale, _field: &str) -> Option<String> {
        None
    }

    /// The text of the button that accepts a nearest value.
    fn offer(&self, _language: Language, _nearest: &Nearest) -> Option<String> {
        None
    }

    /// The fields of the kind's forms.
    fn fields(&self) -> Vec<Field> {
        vec![Field::new(REASON, FieldKind::Lines(|_| REASON_MAX))]
    }

    /// Fields with typed text. They are shown again if the page no longer has a form that contains them.
    fn texts(&self) -> &'static [&'static str] {
        &[REASON]
    }
}
