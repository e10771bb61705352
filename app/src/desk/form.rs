//! The forms of a case's page: every one posts to the page's own address with the case's version and the page's key,
//! and gets back what was typed when the bank refuses. The frame all kinds of cases share; fields are the kinds' own.

use std::sync::LazyLock;

use bank::cases::{CaseKind, CaseLine, DeskRefusal, HistoryLine};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, FieldKind, Form, FormRow, FormState, Nearest, Refusal, Values, find_form, fresh_key, made_for};
use bank::kernel::ids::Key;
use bank::kernel::language::Language;
use bank::kernel::time::At;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::refused::{Refused as RefusedAct, changes_since, field_words, offer_words, refusal_words};
use crate::cases::join;
use crate::kinds::{self, DESK_TEXT_MAX, Desk};
use crate::t;
use crate::typed::{said, several_wrong};
use crate::ui::banner::Banner;
use crate::ui::button::hidden;
use crate::ui::error_summary::{ErrorSummary, Offer, OfferForms, Refused};
use crate::ui::parts::{Fields, Tone};
use crate::words::locale;

/// The forms of a case's page as one, for every kind: they share a key, and each posts its own fields.
pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let mut fields = vec![Field::new("note", FieldKind::Lines(|_| DESK_TEXT_MAX))];
    for field in kinds::all().flat_map(Desk::fields) {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field);
        }
    }
    Form::new("desk", vec![("case", fields)])
});

/// What the forms of a case's page render from.
#[derive(Clone, Debug)]
pub struct CaseForm {
    /// The page's own address, filters included.
    pub action: String,
    /// The kind of the case.
    pub kind: CaseKind,
    /// The version of the case the page shows.
    pub version: i64,
    /// The key of this page's forms.
    pub key: Key,
    /// The mark of the staff member they are made for.
    pub made_for: String,
    /// Typed when the session had ended: nothing was done yet.
    pub unsent: bool,
    /// As typed before a refusal; empty otherwise.
    pub typed: Values,
    /// The refusal to show.
    pub refused: Option<RefusedAct>,
}

impl CaseForm {
    /// The form under the address's key, if it is this staff member's and about this case; else a new one.
    pub async fn open(bank: &Bank, staff: &Staff, case: &CaseLine, action: String, key: Option<&str>) -> Result<Self, Failure> {
        let mut form = Self {
            action,
            kind: case.kind,
            version: case.version,
            key: fresh_key(bank)?,
            made_for: made_for(staff.user_id()),
            unsent: false,
            typed: Values::default(),
            refused: None,
        };
        let Some(key) = key.and_then(|key| Key::parse(key).ok()) else { return Ok(form) };
        let row = FormRow { owner: staff.user_id(), form: &FORM, key: &key };
        if let Some(state @ FormState { case_number: None, .. }) = find_form(bank, row).await? {
            form.refused = state.refusal.as_ref().and_then(|text| serde_json::from_str::<RefusedAct>(text).ok());
            if form.refused.as_ref().is_none_or(|refused| refused.number == case.number) {
                form.unsent = !state.typed.0.is_empty();
                form.typed = state.shown(&FORM);
                form.key = key;
            } else {
                form.refused = None;
            }
        }
        Ok(form)
    }

    /// The hidden fields every form of the page carries.
    pub fn fields(&self) -> Fields {
        [("key", self.key.to_string()), ("version", self.version.to_string()), ("made_for", self.made_for.clone())]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// A form of the page around its fields and buttons.
    pub fn form(&self, children: AnyView) -> AnyView {
        view! {
            <form method="post" action=self.action.clone() class="desk-form">
                {hidden(self.fields())}
                {children}
            </form>
        }
        .into_any()
    }

    /// What a field shows: as typed before, else what the page proposes.
    pub fn value(&self, name: &str, proposed: impl Into<String>) -> String {
        self.typed.first(name).map_or_else(|| proposed.into(), str::to_owned)
    }

    /// What is wrong with a field.
    pub fn error(&self, language: Language, field: &str, now: At) -> Option<String> {
        self.refused.as_ref()?.error(language, self.kind, field, now)
    }

    fn offers(&self, language: Language, refusal: &DeskRefusal) -> Vec<Offer> {
        let offer = |nearest: Nearest| {
            let words = offer_words(language, self.kind, &nearest);
            let mut fields = self.fields();
            fields.extend(nearest.0);
            Offer::fill(words, self.action.clone(), fields)
        };
        refusal.nearest().into_iter().map(offer).collect()
    }

    /// The refusals, each with its ways out; a change by somebody else says who did what.
    pub fn summary(&self, language: Language, history: &[HistoryLine], now: At) -> Option<AnyView> {
        if self.unsent {
            let l = locale(language);
            return Some(
                view! { <Banner tone=Tone::Wait title=t!(l, form.unsent_title) text=t!(l, form.unsent_text) /> }.into_any(),
            );
        }
        let refused = self.refused.as_ref()?;
        let locale = locale(language);
        let items = refused.refusals.iter().map(|refusal| {
            let (title, mut text) = refusal_words(language, self.kind, refusal, now);
            if matches!(refusal, DeskRefusal::Changed) {
                let mut parts = changes_since(language, self.kind, history, refused.since, now);
                parts.push(text);
                text = join(language, &parts);
            }
            let item = Refused::of(refusal, (title, text)).offers(self.offers(language, refusal));
            match field_words(locale, self.kind, refusal.field()) {
                Some(words) => item.field(refusal.field(), words),
                None => item,
            }
        });
        let items = items.collect::<Vec<_>>();
        Some(view! { <ErrorSummary several=several_wrong(locale, items.len()) refused=items /> }.into_any())
    }

    /// What was typed, in words, for a page on which no field is left to show it.
    pub fn kept(&self, language: Language) -> Option<AnyView> {
        let texts = kinds::of(self.kind).map(Desk::texts).unwrap_or_default();
        let typed = texts.iter().filter_map(|name| self.typed.filled(name));
        let lines = typed.map(|text| view! { <p class="typed">{said(text)}</p> }).collect::<Vec<_>>();
        let title = t!(locale(language), desk.kept);
        (!lines.is_empty()).then(|| view! { <div class="stack"><p class="hint">{title}</p> {lines}</div> }.into_any())
    }

    /// The forms behind the offers' buttons, to be placed after the page's own forms.
    pub fn offer_forms(&self, language: Language) -> AnyView {
        let refusals = self.refused.iter().flat_map(|refused| &refused.refusals);
        let offers = refusals.flat_map(|refusal| self.offers(language, refusal)).collect::<Vec<_>>();
        view! { <OfferForms offers=offers /> }.into_any()
    }
}
