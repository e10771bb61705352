//! The fields of the forms of a case page: the desk defines reason and note, the kind all others.

use bank::kernel::forms::Field;
use leptos::prelude::*;

use super::refused::field_words;
use crate::form::{Ask, Asks};
use crate::kinds::{OnDesk, Seen};
use crate::t;
use crate::words::locale;

/// The fields of a case page.
pub struct CaseFields<'a> {
    /// The data of the page.
    pub seen: &'a Seen<'a>,
    /// The data of the kind.
    pub matter: Option<&'a dyn OnDesk>,
}

impl Asks for CaseFields<'_> {
    fn label(&self, name: &str) -> Option<String> {
        field_words(locale(self.seen.language), self.seen.case.kind, name)
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        let locale = locale(self.seen.language);
        let own = self.matter.and_then(|matter| matter.ask(self.seen, &field.name));
        own.or_else(|| match &*field.name {
            "reason" => Some(Ask::new().hint(t!(locale, desk.reason_hint)).rows(2)),
            "note" => Some(Ask::new().hint(t!(locale, desk.note_hint)).rows(2)),
            _ => None,
        })
    }

    fn typed(&self, name: &str) -> String {
        self.seen.form.value(name, "")
    }

    fn error(&self, name: &str) -> Option<String> {
        self.seen.form.error(self.seen.language, name, self.seen.now)
    }

    fn frame(&self, frame: &str, fields: Vec<AnyView>) -> AnyView {
        match self.matter {
            Some(matter) => matter.frame(self.seen, frame, fields),
            None => fields.into_any(),
        }
    }
}
