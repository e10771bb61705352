//! The one mechanism of all forms with steps (ARCHITECTURE.md, Forms), the app's half: which state a page renders from,
//! the hidden fields every form carries, and where a POST leads. A capability adds its fields, its rules and its words.

use axum::response::Response;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{FormRow, FormState, KeyOf, Refusal, Submitted, Taken, find_form, fresh_key, post_form};
use bank::sessions::Customer;
use leptos::prelude::*;
use serde::Deserialize;

use crate::islands::SavesWhileTyping;
use crate::kinds;
use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::error_summary::Offer;
use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::Locale;

/// What the address of a form's page may carry.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FormQuery {
    /// The form state; none: a new form.
    pub key: Option<String>,
    /// A step by its name; none: the first open one.
    pub step: Option<String>,
    /// Another tab has changed the form; nothing was overwritten.
    pub stale: Option<String>,
}

/// A form as its page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Where it posts to: its own address without a query.
    pub path: &'static str,
    /// Its key.
    pub key: String,
    /// What it holds; empty for a new one.
    pub state: FormState,
    /// Whether to say that another tab was faster.
    pub stale: bool,
}

impl Shown {
    /// The form under the address's key, or a new one under a fresh key. A key that has become a case is answered by
    /// the case's page (`Err` with the way there); another's key like an address nobody has.
    pub async fn open(
        bank: &Bank,
        owner: &str,
        form: &'static str,
        path: &'static str,
        query: &FormQuery,
    ) -> Result<Result<Self, Response>, PageError> {
        let stale = query.stale.is_some();
        let Some(key) = query.key.clone() else {
            let key = fresh_key(bank)?;
            return Ok(Ok(Self { path, key, state: FormState::default(), stale }));
        };
        let row = FormRow { owner: owner.to_owned(), form, key: key.clone() };
        match find_form(bank, &row).await? {
            KeyOf::Mine(FormState { case_number: Some(number), .. }) => Ok(Err(to_case(&number, false))),
            KeyOf::Mine(state) => Ok(Ok(Self { path, key, state, stale })),
            KeyOf::Nobody => Ok(Ok(Self { path, key, state: FormState::default(), stale })),
            KeyOf::Another => Err(PageError::NotFound),
        }
    }

    /// The address of one of its steps.
    pub fn step(&self, step: &str) -> String {
        format!("{}?key={}&step={step}", self.path, self.key)
    }

    /// The hidden fields of a step's form: key, version, step, and the names it shows (so that a cleared checkbox and
    /// a missing answer can be told from a field nobody has seen).
    pub fn hidden(&self, step: &str, offered: &[&str]) -> Vec<(String, String)> {
        [
            ("key", self.key.clone()),
            ("version", self.state.version.to_string()),
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
                Offer::fill(text, self.path, fields)
            })
            .collect()
    }

    /// The last refusal of the transaction, if it can still be read.
    pub fn refusal<R: serde::de::DeserializeOwned>(&self) -> Option<R> {
        self.state.refusal.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// Where a stored POST leads: on (`next` when the form is stored), to the case, back with a notice, or nowhere.
pub fn after(taken: &Taken, path: &str, key: &str, next: impl FnOnce(&FormState) -> String) -> Result<Response, PageError> {
    match taken {
        Taken::Fresh(state) => Ok(see_other(&next(state))),
        Taken::Case { number, same } => Ok(to_case(number, !same)),
        Taken::Stale(_) => Ok(see_other(&format!("{path}?key={key}&stale=1"))),
        Taken::NotYours => Err(PageError::NotFound),
    }
}

/// A refusal as it is kept with the form.
pub fn refusal_text(refusal: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.refusal", e))
}

/// To the page of a case; `already`: with the notice that this key had been used for it.
pub fn to_case(number: &str, already: bool) -> Response {
    let notice = if already { "?notice=already" } else { "" };
    see_other(&format!("{}{notice}", kinds::path(number)))
}

/// Stores a posted step; the page then shows the first one that is open, refusals included.
pub async fn store_step(
    bank: &Bank,
    customer: &Customer,
    form: &'static str,
    path: &str,
    posted: &Submission,
) -> Result<Response, PageError> {
    let row = FormRow { owner: customer.user_id().to_owned(), form, key: posted.key().to_owned() };
    let taken = post_form(bank, &row, posted.version(), &posted.0).await?;
    after(&taken, path, posted.key(), |_| format!("{path}?key={}", posted.key()))
}

/// Where a submitted form leads: to the case, or back to the step (`step_of` names a field's) with what is refused.
pub fn submitted<R: Refusal>(
    outcome: &Submitted<R>,
    path: &str,
    key: &str,
    step_of: impl Fn(&str) -> &'static str,
) -> Result<Response, PageError> {
    let to = match outcome {
        Submitted::Case { number, same } => return Ok(to_case(number, !same)),
        Submitted::Refused(refusal) => format!("{path}?key={key}&step={}", step_of(refusal.field())),
        Submitted::Open => format!("{path}?key={key}"),
        Submitted::Stale => format!("{path}?key={key}&stale=1"),
        Submitted::NotYours => return Err(PageError::NotFound),
    };
    Ok(see_other(&to))
}

/// The island that saves a form while one types, with its words.
#[component]
pub fn Saves(
    /// The reader's language.
    locale: Locale,
    /// The form's name.
    #[prop(into)]
    form: String,
    /// What to say before anything is typed.
    #[prop(optional)]
    now: String,
) -> impl IntoView {
    view! {
        <SavesWhileTyping
            form=form
            now=now
            saved=t!(locale, form.saved)
            overtaken=t!(locale, form.overtaken)
            failed=t!(locale, form.not_saved)
        />
    }
}

/// The notice that another tab was faster.
#[component]
pub fn StaleNotice(
    /// The reader's language.
    locale: Locale,
    /// Whether to say it.
    stale: bool,
) -> impl IntoView {
    stale.then(|| {
        view! { <Banner tone=Tone::Wait title=t!(locale, form.stale_title) text=t!(locale, form.stale_text) /> }
    })
}

/// The notice on a case's page that the key had been used for it.
#[component]
pub fn AlreadyNotice(
    /// The reader's language.
    locale: Locale,
    /// Whether to say it.
    already: bool,
) -> impl IntoView {
    already.then(|| {
        view! { <Banner tone=Tone::Wait title=t!(locale, form.already_title) text=t!(locale, form.already_text) /> }
    })
}

impl Visit {
    /// Whether the address asks for the notice that a key had been used.
    pub fn is_already(&self) -> bool {
        self.uri.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair == "notice=already"))
    }
}
