//! The forms of a case page. Each posts to the URL of the page with the idempotency key of the page and the version of the case,
//! and shows the typed values again after a refusal. This is the frame that all kinds share; the kinds define the fields.

use std::sync::LazyLock;

use bank::cases::{ACTION, CaseKind, CaseLine, DeskRefusal, HistoryLine, NOTE, NotDone, REASON_MAX, SEEN, carried};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, FieldKind, Form, FormRow, FormState, Nearest, Refusal, Values, find_form, fresh_key, made_for};
use bank::kernel::ids::Key;
use bank::kernel::language::Language;
use bank::kernel::time::At;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::query::{DeskQuery, Says};
use super::refused::{changes_since, offer_words, refusal_words};
use crate::cases::join;
use crate::form::{Asks, OpenForm, Rendered, aside_form, notices, refused, whole};
use crate::kinds::{self, Desk};
use crate::t;
use crate::typed::{display_text, several_wrong};
use crate::ui::banner::Banner;
use crate::ui::button::hidden;
use crate::ui::error_summary::{ErrorSummary, OfferButton, OfferForms};
use crate::ui::parts::Tone;
use crate::words::locale;

/// The only step of the form.
const STEP: &str = "case";

/// The declaration that all forms of a case page share, for every kind. Each form posts its own fields.
pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let mut fields: Vec<Field> = carried().into();
    fields.push(Field::new("note", FieldKind::Lines(|_| REASON_MAX)));
    for field in kinds::all().flat_map(Desk::fields) {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field);
        }
    }
    Form::new("desk", vec![(STEP, fields)])
});

/// The data the forms of a case's page are rendered from.
#[derive(Clone, Debug)]
pub struct CaseForm {
    pub kind: CaseKind,
    /// Version of the case shown.
    pub version: i64,
    /// The form of the actions. It posts to the URL of the page, including the filters.
    actions: OpenForm,
    /// The form of the note. It has its own key, so that a note does not change the other forms of the page.
    note: OpenForm,
    /// Whether to show that a button was pressed on a page that had already been submitted.
    pub used: bool,
    /// Values typed before a refusal; empty otherwise.
    pub typed: Values,
    /// The refusal to show.
    pub refused: Option<NotDone>,
}

impl CaseForm {
    /// The forms of a page. The row under the key of the URL belongs to one of them, if it is this staff member's and of this
    /// case; every other form is new.
    pub async fn open(bank: &Bank, staff: &Staff, case: &CaseLine, action: String, query: &DeskQuery) -> Result<Self, Failure> {
        let actions = OpenForm {
            form: FORM.clone(),
            path: action,
            key: fresh_key(bank)?,
            made_for: made_for(staff.user_id()),
            state: FORM.blank(),
            stale: false,
            unsent: false,
            turn: None,
            also: Vec::new(),
        };
        let mut form = Self {
            kind: case.kind,
            version: case.version,
            note: OpenForm { key: fresh_key(bank)?, ..actions.clone() },
            actions,
            used: query.says.contains(&Says::Used),
            typed: Values::default(),
            refused: None,
        };
        let Some(key) = query.key.as_deref().and_then(|key| Key::parse(key).ok()) else { return Ok(form) };
        let row = FormRow { owner: staff.user_id(), form: &FORM, key: &key };
        if let Some(state @ FormState { case_number: None, .. }) = find_form(bank, row).await? {
            let refused = state.refusal.as_ref().and_then(|text| serde_json::from_str::<NotDone>(text).ok());
            if refused.as_ref().is_none_or(|refused| refused.number == case.number) {
                form.typed = state.shown(&FORM);
                let stored = if form.typed.filled(ACTION) == Some(NOTE) { &mut form.note } else { &mut form.actions };
                stored.unsent = query.says.contains(&Says::Unsent);
                stored.stale = query.says.contains(&Says::Stale);
                (stored.state, stored.key) = (state, key);
                form.refused = refused;
            }
        }
        Ok(form)
    }

    /// The form that the row under the key of the URL belongs to: refusals, offers and notices are its own.
    fn stored(&self) -> &OpenForm {
        if self.note.is_saved() { &self.note } else { &self.actions }
    }

    /// The hidden fields of a form on the page.
    fn hidden(&self, open: &OpenForm, offered: &[String]) -> Vec<(String, String)> {
        let mut fields = open.hidden(STEP, offered);
        fields.push((SEEN.to_owned(), self.version.to_string()));
        fields
    }

    /// A form around the given fields and buttons.
    pub fn form(&self, fields: &[&str], buttons: AnyView, asks: &dyn Asks) -> AnyView {
        self.under(&self.actions, fields, buttons, asks)
    }

    /// The form of the note.
    pub fn note_form(&self, buttons: AnyView, asks: &dyn Asks) -> AnyView {
        self.under(&self.note, &["note"], buttons, asks)
    }

    fn under(&self, open: &OpenForm, fields: &[&str], buttons: AnyView, asks: &dyn Asks) -> AnyView {
        let declared: Vec<&Field> = fields.iter().filter_map(|name| FORM.field(name)).collect();
        debug_assert_eq!(declared.len(), fields.len(), "not every field is declared: {fields:?}");
        let Rendered { view: fields, offered, .. } = whole(declared, asks);
        view! {
            <form method="post" action=open.path.clone() class="desk-form">
                {hidden(self.hidden(open, &offered))}
                {fields}
                {buttons}
            </form>
        }
        .into_any()
    }

    /// The value of a field: as typed before, otherwise the proposed one.
    pub fn value(&self, name: &str, proposed: impl Into<String>) -> String {
        self.typed.first(name).map_or_else(|| proposed.into(), str::to_owned)
    }

    /// The error text of a field.
    pub fn error(&self, language: Language, field: &str, now: At) -> Option<String> {
        let refusal = self.refused.as_ref()?.refusals.iter().find(|refusal| refusal.field() == field)?;
        Some(refusal_words(language, self.kind, refusal, now).0)
    }

    fn offers(&self, language: Language, refusal: &DeskRefusal) -> Vec<OfferButton> {
        let offer = |nearest: Nearest| {
            let words = offer_words(language, self.kind, &nearest);
            let mut fields = self.hidden(self.stored(), &[]);
            fields.extend(nearest.0);
            OfferButton::fill(words, self.stored().path.clone(), fields)
        };
        refusal.nearest().into_iter().map(offer).collect()
    }

    /// The notices above the case: the result of the form and the refusals, each with its accepted alternatives; for a change by
    /// another person, who did what.
    pub fn summary(&self, language: Language, history: &[HistoryLine], now: At, asks: &dyn Asks) -> AnyView {
        let locale = locale(language);
        let used = self.used.then(|| {
            view! { <Banner tone=Tone::Wait title=t!(locale, desk.used_title) text=t!(locale, desk.used_text) /> }
        });
        let notices = view! {
            {used}
            {notices(locale, self.stored(), asks)}
        }
        .into_any();
        let Some(not_done) = self.refused.as_ref().filter(|_| !self.stored().unsent) else { return notices };
        let items = not_done.refusals.iter().map(|refusal| {
            let (title, mut text) = refusal_words(language, self.kind, refusal, now);
            if matches!(refusal, DeskRefusal::Changed) {
                let mut parts = changes_since(language, self.kind, history, not_done.since, now);
                parts.push(text);
                text = join(language, &parts);
            }
            refused(asks, refusal, (title, text), self.offers(language, refusal))
        });
        let items = items.collect::<Vec<_>>();
        view! {
            {notices}
            <ErrorSummary several=several_wrong(locale, items.len()) refused=items />
        }
        .into_any()
    }

    /// The typed texts, for a page that no longer has fields to show them.
    pub fn kept(&self, language: Language) -> Option<AnyView> {
        let texts = kinds::of(self.kind).map(Desk::texts).unwrap_or_default();
        let typed = texts.iter().filter_map(|name| self.typed.filled(name));
        let lines = typed.map(|text| view! { <p class="typed">{display_text(text)}</p> }).collect::<Vec<_>>();
        let title = t!(locale(language), desk.kept);
        (!lines.is_empty()).then(|| view! { <div class="stack"><p class="hint">{title}</p> {lines}</div> }.into_any())
    }

    /// The forms of the buttons in suggestions and notices. Place them after the other forms of the page.
    pub fn forms_behind(&self, language: Language) -> AnyView {
        let refusals = self.refused.iter().flat_map(|refused| &refused.refusals);
        let offers = refusals.flat_map(|refusal| self.offers(language, refusal)).collect::<Vec<_>>();
        view! {
            <OfferForms offers=offers />
            {aside_form(self.stored(), STEP)}
        }
        .into_any()
    }
}
