//! Shared by all forms with steps (ARCHITECTURE.md, Forms), page side: the state a page is rendered from, hidden fields, and the
//! target of a redirect after a POST. A capability adds its declaration, rules and texts.
//!
//! Reading order: this file (the state of a form), `step.rs` (renders the fields of a step), `one.rs` (one question a page),
//! `posted.rs` (POST), `notices.rs` (notices on the page).

mod notices;
mod one;
mod posted;
mod step;

use axum::response::Response;
use bank::kernel::bank::Bank;
use bank::kernel::forms::{
    Form, FormRow, FormState, PostOutcome, Refusal, find_form, fresh_key, keep_typed, made_for, post_form,
};
use bank::kernel::ids::Key;
use bank::sessions::{Customer, Mode};
use serde::Deserialize;

pub use notices::{AlreadyNotice, Saves, aside_form, discard, discard_fields, forms_behind, notices};
pub use one::{QuestionPlace, Turn};
pub(crate) use posted::back_to;
pub use posted::{Posted, after, handle_common_buttons, submitted};
pub use step::{Ask, Asks, Own, Rendered, alone, whole};

use crate::page::{PageError, see_other};
use crate::ui::error_summary::{OfferButton, Refused};
use crate::ui::parts::Fields;
use crate::ui::steps::{LEAVE, StepButton};
use crate::visit::Visit;

/// The script of a page with a form that is saved while typing: what the page says about the form follows it, and what is mended
/// disappears. It waits for the event that [`Saves`] sends after saving.
pub const FOLLOWS: &str = include_str!("follows.js");

/// A form with its URLs.
#[derive(Clone, Copy, Debug)]
pub struct FormAt<'f> {
    pub form: &'f Form,
    /// Path of its page and of its POST.
    pub path: &'f str,
    /// Path of the page shown after discarding the form.
    pub list: &'f str,
    /// Path of the page of the resulting case, by its number.
    pub case: fn(&str) -> String,
}

/// The query of a form's page.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FormQuery {
    /// Key of the form; none: a new form.
    pub key: Option<String>,
    /// Name of a step; none: the first open one.
    pub step: Option<String>,
    /// One question a page: a field of the question to show.
    pub field: Option<String>,
    /// One question a page: a field of the question that was answered last.
    pub after: Option<String>,
    /// One question a page: one answer is changed from the page to check; only what it opens is asked after it.
    pub change: Option<String>,
    /// The form was changed in another tab; nothing was overwritten.
    pub stale: Option<String>,
    /// It was posted after the session had ended; nothing was sent.
    pub unsent: Option<String>,
}

impl FormQuery {
    /// The key in the query; a malformed key is [`PageError::NotFound`].
    pub fn key(&self) -> Result<Option<Key>, PageError> {
        self.key.as_deref().filter(|key| !key.is_empty()).map(Key::parse).transpose().map_err(|_| PageError::NotFound)
    }
}

/// A form as its page shows it.
#[derive(Clone, Debug)]
pub struct OpenForm {
    pub form: Form,
    /// Path it posts to, without query.
    pub path: String,
    pub key: Key,
    /// The mark of the user the page is rendered for.
    pub made_for: String,
    /// The stored state; blank for a new form.
    pub state: FormState,
    /// Whether to show that the form was changed in another tab.
    pub stale: bool,
    /// Whether to show that nothing has been sent yet.
    pub unsent: bool,
    /// Which question to ask, if a page asks one.
    pub turn: Option<Turn>,
    /// Hidden fields of every form of the page, besides those of all forms.
    pub also: Fields,
}

impl OpenForm {
    /// The form under the key of the URL, or a new one under a new key. If the key has become a case, `Err` holds the redirect to
    /// its page. A key of another owner counts as unused.
    pub async fn open(
        bank: &Bank,
        customer: &Customer,
        at: FormAt<'_>,
        query: &FormQuery,
    ) -> Result<Result<Self, Response>, PageError> {
        Self::open_of(bank, customer.user_id(), at, query).await
    }

    /// The same for a form of any user.
    pub async fn open_of(
        bank: &Bank,
        owner: &str,
        at: FormAt<'_>,
        query: &FormQuery,
    ) -> Result<Result<Self, Response>, PageError> {
        let asked = query.key()?;
        let found = match &asked {
            Some(key) => find_form(bank, FormRow { owner, form: at.form, key }).await?,
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
            made_for: made_for(owner),
            state: found.unwrap_or_else(|| at.form.blank()),
            stale: known && query.stale.is_some(),
            unsent: known && query.unsent.is_some(),
            turn: None,
            also: Fields::new(),
        }))
    }

    /// The form as this visitor fills it in: in the elder mode one question a page.
    #[must_use]
    pub fn for_visit(self, visit: &Visit, query: &FormQuery) -> Self {
        let turn = || Turn { field: query.field.clone(), after: query.after.clone(), changes: query.change.is_some() };
        Self { turn: (visit.appearance.mode == Mode::Elder).then(turn), ..self }
    }

    /// Adds a hidden field to every form of the page.
    #[must_use]
    pub fn with_hidden(mut self, name: &str, value: String) -> Self {
        self.also.push((name.to_owned(), value));
        self
    }

    /// Whether a page asks one question.
    pub fn one_by_one(&self) -> bool {
        self.turn.is_some()
    }

    /// Whether a page asks one question, to change its answer.
    fn changes(&self) -> bool {
        self.turn.as_ref().is_some_and(|turn| turn.changes)
    }

    /// URL of one of its steps.
    pub fn step(&self, step: &str) -> String {
        format!("{}?key={}&step={step}", self.path, self.key)
    }

    /// The redirect to the address of what is shown: the form, its step and, one question a page, its question, so that each is an
    /// entry of its own for the browser's *back* and *forward*. `None` if the request had it. `offered` are the fields shown.
    pub fn moved(&self, query: &FormQuery, step: &str, offered: &[String]) -> Option<Response> {
        let field = offered.first().filter(|_| self.one_by_one());
        let is_form = query.key.as_deref() == Some(self.key.as_str());
        if is_form && query.step.as_deref() == Some(step) && (field.is_none() || query.field.is_some()) {
            return None;
        }
        let named = query.field.as_ref().filter(|named| self.one_by_one() && self.form.field(named).is_some());
        let field = named.or(field);
        let field = field.map_or_else(String::new, |field| format!("&field={field}"));
        let change = if self.changes() { CHANGE } else { "" };
        let stale = if self.stale { "&stale=1" } else { "" };
        let unsent = if self.unsent { "&unsent=1" } else { "" };
        Some(see_other(&format!("{}{field}{change}{stale}{unsent}", self.step(step))))
    }

    /// The same where the step alone decides it: a form that is not asked one question a page. It needs nothing that the page shows.
    pub fn moved_to_step(&self, query: &FormQuery, step: &str) -> Option<Response> {
        if self.one_by_one() { None } else { self.moved(query, step, &[]) }
    }

    /// The button to a field of one of its steps, by which a value can be changed; `text` is its label.
    pub fn to_field(step: &str, field: &str, text: String) -> StepButton {
        StepButton { to: format!("{step}/{field}"), text }
    }

    /// The way back from a step: one question a page, to the question before (`question`, a field of it); else to the step before,
    /// or out of the form.
    pub fn way_back(step: &str, question: Option<&str>, before: Option<&str>, text: String) -> StepButton {
        match (question, before) {
            (Some(field), _) => Self::to_field(step, field, text),
            (None, Some(before)) => StepButton { to: before.to_owned(), text },
            (None, None) => StepButton { to: LEAVE.to_owned(), text },
        }
    }

    /// Whether something is stored under its key.
    pub fn is_saved(&self) -> bool {
        !self.state.is_blank()
    }

    /// The hidden fields of a step's form: key, version, user mark, step, and the names of the fields shown (so that a cleared
    /// checkbox or a missing answer differs from a field that was not shown).
    pub fn hidden(&self, step: &str, offered: &[String]) -> Vec<(String, String)> {
        [
            ("key", self.key.to_string()),
            ("version", self.state.version.to_string()),
            ("made_for", self.made_for.clone()),
            ("step", step.to_owned()),
            ("offered", offered.join(" ")),
        ]
        .into_iter()
        .chain(self.one_by_one().then(|| (ASKED, offered.first().cloned().unwrap_or_default())))
        .chain(self.changes().then(|| (CHANGED, "1".to_owned())))
        .map(|(name, value)| (name.to_owned(), value))
        .chain(self.also.iter().cloned())
        .collect()
    }

    /// The offers of a refusal: forms that post the nearest accepted values. `words` gives the text of a button.
    pub fn offers<R: Refusal>(
        &self,
        step: &str,
        refusal: &R,
        words: impl Fn(&bank::kernel::forms::Nearest) -> String,
    ) -> Vec<OfferButton> {
        refusal
            .nearest()
            .into_iter()
            .map(|nearest| {
                let text = words(&nearest);
                let mut fields = self.hidden(step, &[]);
                fields.extend(nearest.0);
                OfferButton::fill(text, self.path.clone(), fields)
            })
            .collect()
    }

    /// The refusals of a step: those of current validation, and the one of the last transaction if its field is on the step
    /// (`here`) and validation does not give the same.
    pub fn with_stored<R: Refusal + serde::de::DeserializeOwned>(
        &self,
        mut refusals: Vec<R>,
        here: impl Fn(&str) -> bool,
    ) -> Vec<R> {
        let stored = self.refusal::<R>().filter(|stored| here(stored.field()));
        let stored = stored.filter(|stored| refusals.iter().all(|refusal| refusal.code() != stored.code()));
        refusals.extend(stored);
        refusals
    }

    /// The refusal of the last transaction, if it can be parsed.
    pub fn refusal<R: serde::de::DeserializeOwned>(&self) -> Option<R> {
        self.state.refusal.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// A refusal in the error summary; the link to its field has the label of the field.
pub fn refused(asks: &dyn Asks, refusal: &impl Refusal, words: (String, String), offers: Vec<OfferButton>) -> Refused {
    let refused = Refused::of(refusal, words).offers(offers);
    match asks.label(refusal.field()) {
        Some(label) => refused.field(&asks.id(refusal.field()), label),
        None => refused,
    }
}

/// The id of what a page answers to an act; the redirect after the act leads there, so that it has the focus.
pub const ANSWER: &str = "answer";

/// URL of the resulting case; with `already` it shows the notice that the key had been used, and the key of the new form that
/// holds the values sent instead.
pub fn to_case(at: &FormAt<'_>, number: &str, already: bool, instead: Option<&Key>) -> String {
    let notice = if already { "?notice=already" } else { "" };
    let draft = instead.filter(|_| already).map_or_else(String::new, |key| format!("&draft={key}"));
    format!("{}{notice}{draft}#{ANSWER}", (at.case)(number))
}

/// The hidden field that names the question of a page that asks one.
const ASKED: &str = "asked";

/// The hidden field of a page that asks one question to change its answer.
const CHANGED: &str = "changed";

/// The part of the query of such a page.
const CHANGE: &str = "&change=1";

/// Whether the posting page asked one question.
pub fn is_question(posted: &Posted) -> bool {
    posted.values().filled(ASKED).is_some()
}

/// URL of the first open step, or of the question after the posted one. After a changed answer only what it opened is asked.
pub fn next_question(at: &FormAt<'_>, posted: &Posted) -> String {
    let asked = posted.values().filled(ASKED).filter(|asked| at.form.field(asked).is_some());
    let next = match asked.zip(posted.step(at)) {
        Some(_) if posted.values().filled(CHANGED).is_some() => CHANGE.to_owned(),
        Some((asked, step)) => format!("&step={step}&after={asked}"),
        None => String::new(),
    };
    format!("{}?key={}{next}", at.path, posted.key())
}

/// Stores a posted step and redirects to the first open step.
pub async fn store_step(bank: &Bank, customer: &Customer, at: FormAt<'_>, posted: &Posted) -> Result<Response, PageError> {
    let outcome = post_form(bank, posted.0.row(customer.user_id(), at.form), &posted.0).await?;
    after(&outcome, &at, posted, |_| next_question(&at, posted))
}

/// Keeps what was typed without posting it, and redirects to the same step, at this part of the page.
pub async fn show_again(
    bank: &Bank,
    customer: &Customer,
    at: FormAt<'_>,
    posted: &Posted,
    part: &str,
) -> Result<Response, PageError> {
    let row = posted.0.row(customer.user_id(), at.form);
    let kept = keep_typed(bank, row, &posted.0).await?;
    if let PostOutcome::TooLarge = kept {
        return Err(PageError::TooLarge);
    }
    Ok(see_other(&format!("{}#{part}", back_to(&at, row, posted, kept))))
}

impl Visit {
    /// The mark of the user the page is rendered for; empty if nobody is signed in.
    pub fn made_for(&self) -> String {
        self.caller.user_id().map(made_for).unwrap_or_default()
    }

    /// Hidden fields of a one-click form, with the mark of the user the page is rendered for.
    pub fn bound(&self, mut fields: Fields) -> Fields {
        fields.push(("made_for".to_owned(), self.made_for()));
        fields
    }
}
