//! The one mechanism of all forms with steps (ARCHITECTURE.md, Forms), the app's half: which state a page renders from, the hidden fields every
//! form carries, and where a POST leads. A capability adds its declaration, its rules and its words.
//!
//! Reading order: here (a form as its page shows it), `step.rs` (the fields of a step), `posted.rs` (a POST), `notices.rs` (what a
//! page says besides).

mod notices;
mod posted;
mod step;

use axum::response::Response;
use bank::kernel::bank::Bank;
use bank::kernel::forms::{Form, FormRow, FormState, Refusal, find_form, fresh_key, made_for, post_form};
use bank::kernel::ids::Key;
use bank::sessions::Customer;
use serde::Deserialize;

pub use notices::{AlreadyNotice, Saves, aside_form, discard, discard_fields, forms_behind, notices};
pub(crate) use posted::back_to;
pub use posted::{Posted, after, everyday, submitted};
pub use step::{Ask, Asks, Own, Rendered, alone, whole};

use crate::page::{PageError, see_other};
use crate::ui::error_summary::Offer;
use crate::ui::parts::Fields;
use crate::visit::Visit;

/// A form and its addresses.
#[derive(Clone, Copy, Debug)]
pub struct FormAt<'f> {
    /// The form.
    pub form: &'f Form,
    /// Where it is shown and posted to.
    pub path: &'f str,
    /// The page it is begun from, where one is once it is thrown away.
    pub list: &'f str,
    /// The page of what it becomes, by its number.
    pub case: fn(&str) -> String,
}

/// What the address of a form's page may carry.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FormQuery {
    /// The form state; none: a new form.
    pub key: Option<String>,
    /// A step by its name; none: the first open one.
    pub step: Option<String>,
    /// Another tab has changed the form; nothing was overwritten.
    pub stale: Option<String>,
    /// It was posted when the session had ended; nothing was sent.
    pub unsent: Option<String>,
}

impl FormQuery {
    /// The key the address names; what is no key is an address nobody has.
    pub fn key(&self) -> Result<Option<Key>, PageError> {
        self.key.as_deref().filter(|key| !key.is_empty()).map(Key::parse).transpose().map_err(|_| PageError::NotFound)
    }
}

/// A form as its page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The form.
    pub form: Form,
    /// Where it posts to: its own address without a query.
    pub path: String,
    /// Its key.
    pub key: Key,
    /// The mark of the user it is made for.
    pub made_for: String,
    /// What it holds; empty for a new one.
    pub state: FormState,
    /// Whether to say that another tab was faster.
    pub stale: bool,
    /// Whether to say that nothing was sent yet.
    pub unsent: bool,
}

impl Shown {
    /// The form under the address's key, or a new one under a fresh key. A key that has become a case is answered by
    /// the case's page (`Err` with the way there); one of somebody else is nothing to this customer.
    pub async fn open(
        bank: &Bank,
        customer: &Customer,
        at: FormAt<'_>,
        query: &FormQuery,
    ) -> Result<Result<Self, Response>, PageError> {
        let asked = query.key()?;
        let found = match &asked {
            Some(key) => find_form(bank, FormRow { owner: customer.user_id(), form: at.form, key }).await?,
            None => None,
        };
        if let Some(FormState { case_number: Some(number), .. }) = &found {
            return Ok(Err(see_other(&to_case(&at, number, false, None))));
        }
        let known = found.is_some();
        Ok(Ok(Self {
            form: at.form.clone(),
            path: at.path.to_owned(),
            key: asked.map_or_else(|| fresh_key(bank), Ok)?,
            made_for: made_for(customer.user_id()),
            state: found.unwrap_or_else(|| at.form.blank()),
            stale: known && query.stale.is_some(),
            unsent: known && query.unsent.is_some(),
        }))
    }

    /// The address of one of its steps.
    pub fn step(&self, step: &str) -> String {
        format!("{}?key={}&step={step}", self.path, self.key)
    }

    /// Whether something is stored under its key.
    pub fn is_saved(&self) -> bool {
        !self.state.is_blank()
    }

    /// The hidden fields of a step's form: key, version, for whom it was made, step, and the names it shows (so that a
    /// cleared checkbox and a missing answer can be told from a field nobody has seen).
    pub fn hidden(&self, step: &str, offered: &[String]) -> Vec<(String, String)> {
        [
            ("key", self.key.to_string()),
            ("version", self.state.version.to_string()),
            ("made_for", self.made_for.clone()),
            ("step", step.to_owned()),
            ("offered", offered.join(" ")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The ways out of a refusal, one click each: forms that post the nearest accepted values to this form. `words`
    /// says in the person's language what a click does.
    pub fn offers<R: Refusal>(
        &self,
        step: &str,
        refusal: &R,
        words: impl Fn(&bank::kernel::forms::Nearest) -> String,
    ) -> Vec<Offer> {
        refusal
            .nearest()
            .into_iter()
            .map(|nearest| {
                let text = words(&nearest);
                let mut fields = self.hidden(step, &[]);
                fields.extend(nearest.0);
                Offer::fill(text, self.path.clone(), fields)
            })
            .collect()
    }

    /// The last refusal of the transaction, if it can still be read.
    pub fn refusal<R: serde::de::DeserializeOwned>(&self) -> Option<R> {
        self.state.refusal.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// The page of what a form became; `already`: with the notice that this key had been used for it, and the key of the new
/// form that holds what was sent instead.
pub fn to_case(at: &FormAt<'_>, number: &str, already: bool, instead: Option<&Key>) -> String {
    let notice = if already { "?notice=already" } else { "" };
    let draft = instead.filter(|_| already).map_or_else(String::new, |key| format!("&draft={key}"));
    format!("{}{notice}{draft}", (at.case)(number))
}

/// Stores a posted step; the page then shows the first one that is open, refusals included.
pub async fn store_step(bank: &Bank, customer: &Customer, at: FormAt<'_>, posted: &Posted) -> Result<Response, PageError> {
    let taken = post_form(bank, posted.0.row(customer.user_id(), at.form), &posted.0).await?;
    after(&taken, &at, posted, |_| format!("{}?key={}", at.path, posted.key()))
}

impl Visit {
    /// The mark that binds a page's forms to the user it is made for; blank when nobody is signed in.
    pub fn made_for(&self) -> String {
        self.caller.user_id().map(made_for).unwrap_or_default()
    }

    /// Hidden fields of a one-click form, bound to the user its page is made for.
    pub fn bound(&self, mut fields: Fields) -> Fields {
        fields.push(("made_for".to_owned(), self.made_for()));
        fields
    }
}
