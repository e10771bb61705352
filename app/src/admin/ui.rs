//! The interface between kinds of change and the shared pages of administration.

use bank::administration::ChangeKind;
use bank::branches::Reference;
use bank::kernel::forms::{Field, Values};
use bank::kernel::language::Language;
use bank::kernel::time::At;
use leptos::prelude::*;

use crate::form::Ask;
use crate::t;
use crate::ui::parts::Link;
use crate::words::{Locale, locale};

/// The segment of a path that stands for something new.
const NEW: &str = "new";

/// What the texts of a change depend on.
#[derive(Clone, Copy)]
pub struct ChangeContext<'c> {
    pub language: Language,
    pub reference: &'c Reference,
    pub now: At,
    /// What is changed; empty for something new.
    pub subject: &'c str,
    /// The values of the form or of the request.
    pub values: &'c Values,
    /// What stands now, or stood when the request was proposed.
    pub stands: &'c Values,
}

impl ChangeContext<'_> {
    pub fn locale(&self) -> Locale {
        locale(self.language)
    }
}

/// A kind of change as its pages show it.
pub trait ChangeUi: Send + Sync {
    /// The kind in `bank`.
    fn kind(&self) -> &'static dyn ChangeKind;

    /// Path pattern of its form, with `{subject}`; the segment `new` stands for something new.
    fn path(&self) -> &'static str;

    /// Path of the page to which the form belongs.
    fn list(&self) -> &'static str;

    /// What is changed, as the heading says it.
    fn title(&self, context: ChangeContext<'_>) -> String;

    /// The label of a field.
    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String>;

    /// The input of a field, whose present value is given; `None` if it is not asked.
    fn ask(&self, context: ChangeContext<'_>, field: &Field, value: &str) -> Option<Ask>;

    /// A stored value in words; by default as it is.
    fn value(&self, _context: ChangeContext<'_>, _field: &str, stored: &str) -> String {
        stored.to_owned()
    }

    /// What a field accepts, said when its value was refused; by default only of the day it holds from.
    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        if field == "from" { t!(context.locale(), admin.from_hint) } else { String::new() }
    }

    /// Where an applied request leads, such as to the person whom it concerned.
    fn leads_to(&self, _context: ChangeContext<'_>, _request: &str) -> Option<Link> {
        None
    }

    /// What stands below the form, such as links to related changes.
    fn beside(&self, _context: ChangeContext<'_>) -> Option<AnyView> {
        None
    }
}

impl dyn ChangeUi {
    /// The pages of a kind.
    pub fn of(kind: &dyn ChangeKind) -> Option<&'static Self> {
        crate::CHANGES.iter().copied().find(|ui| ui.kind().code() == kind.code())
    }

    /// The path of the form for a subject.
    pub fn path_of(&self, subject: &str) -> String {
        self.path().replace("{subject}", if subject.is_empty() { NEW } else { subject })
    }
}

/// The subject in a path.
pub fn subject_of(segment: &str) -> &str {
    if segment == NEW { "" } else { segment }
}
