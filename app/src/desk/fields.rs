//! The fields of the forms of a case page: the desk defines reason and note, the kind all others.

use bank::cases::{INTERNAL_REASON, REASON};
use bank::kernel::forms::Field;
use leptos::prelude::*;

use super::refused::field_words;
use crate::form::{Ask, Asks};
use crate::kinds::{ActForm, DeskContext, OnDesk};
use crate::t;
use crate::words::locale;

/// The fields of a case page.
pub struct CaseFields<'a> {
    /// The data of the page.
    pub context: &'a DeskContext<'a>,
    /// The data of the kind.
    pub desk_case: Option<&'a dyn OnDesk>,
    /// The form they stand in; `None`: that of the note, or whatever the page shows.
    pub form: Option<&'a ActForm>,
}

impl Asks for CaseFields<'_> {
    fn label(&self, name: &str) -> Option<String> {
        if let Some(own) = self.form.and_then(|form| form.reason.as_ref()).filter(|_| [REASON, INTERNAL_REASON].contains(&name)) {
            return Some(own.clone());
        }
        field_words(locale(self.context.language), self.context.case.kind, name)
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        let locale = locale(self.context.language);
        let own = self.desk_case.and_then(|desk_case| desk_case.ask(self.context, &field.name));
        own.or_else(|| match &*field.name {
            REASON => Some(Ask::new().hint(t!(locale, desk.reason_hint)).rows(2)),
            INTERNAL_REASON | "note" => Some(Ask::new().hint(t!(locale, desk.note_hint)).rows(2)),
            _ => None,
        })
    }

    fn typed(&self, name: &str) -> String {
        self.context.form.value(name, "")
    }

    fn error(&self, name: &str) -> Option<String> {
        self.context.form.error(self.context.language, name, self.context.now)
    }

    fn frame(&self, frame: &str, fields: Vec<AnyView>) -> AnyView {
        match self.desk_case {
            Some(desk_case) => desk_case.frame(self.context, frame, fields),
            None => fields.into_any(),
        }
    }
}
