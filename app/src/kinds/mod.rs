//! A kind of case as people meet it. Each kind implements [`Ui`] in its own folder and stands once in the list
//! [`KINDS`](crate::KINDS) in `lib.rs`. Every shared room (first page, desk, lists, messages, forms, routes) asks here
//! and names no kind.
//!
//! Reading order: this file (addresses and pages, look-ups), `words.rs` (what a kind says), `desk.rs` (what staff see and
//! do).

mod desk;
#[cfg(test)]
mod tests;
mod words;

use std::pin::Pin;

use axum::response::Response;
use bank::cases::{CaseKind, CaseLine, Phase};
use bank::sessions::Customer;

pub use desk::{Desk, OnDesk, Seen};
pub use words::Words;

use crate::page::PageError;
use crate::routes::{Route, ServerFunction};
use crate::submission::Submission;
use crate::ui::icon::Picture;
use crate::ui::parts::Link;
use crate::visit::{App, Visit};
use crate::words::Locale;

/// A boxed future: the asynchronous methods of a trait object.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The form that makes a case of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewForm {
    /// Its name in `form_states`.
    pub name: &'static str,
    /// Where it is shown and posts to.
    pub path: &'static str,
    /// The drawing of its tile on the first page.
    pub picture: Picture,
}

/// A kind of case: where its pages are, and what its customer sees and does there.
pub trait Ui: Words + Desk + Sync {
    /// The kind in `bank`.
    fn kind(&self) -> CaseKind;

    /// The address of a customer's own case, with `{number}` in it. Kinds that share an address share a list.
    fn address(&self) -> &'static str;

    /// The form that makes a case.
    fn form(&self) -> NewForm;

    /// The kind's own addresses: its form and whatever else it has. The case's page has its route from [`Ui::address`].
    fn routes(&self) -> Vec<Route>;

    /// Server functions of the kind's islands.
    fn server_functions(&self) -> Vec<ServerFunction> {
        Vec::new()
    }

    /// The list of the customer's own cases, where the kind has one of its own; it stands in the navigation.
    fn list(&self, _locale: Locale) -> Option<Link> {
        None
    }

    /// The page of the customer's own case.
    fn page<'a>(
        &self,
        visit: &'a Visit,
        app: &'a App,
        customer: &'a Customer,
        case: &'a CaseLine,
    ) -> Later<'a, Result<Response, PageError>>;

    /// What a button of that page does; `None` for one the kind does not have.
    fn take<'a>(
        &self,
        app: &'a App,
        customer: &'a Customer,
        case: &'a CaseLine,
        form: &'a Submission,
    ) -> Later<'a, Result<Option<Response>, PageError>>;

    /// Whether a message only says that something was received, which the customer has seen when they sent it.
    fn is_receipt(&self, message: &str) -> bool;
}

impl dyn Ui {
    /// The address of a case.
    pub fn path(&self, number: &str) -> String {
        self.address().replace("{number}", number)
    }

    /// States in the order of a case's life, as the desk's filter offers them.
    pub fn states(&self) -> impl Iterator<Item = &'static str> {
        self.kind().registered().states().iter().map(|state| state.code)
    }

    /// Whether a case in this state still stands.
    pub fn is_live(&self, state: &str) -> bool {
        self.kind().registered().phase(state).is_some_and(|phase| phase != Phase::Final)
    }
}

/// Every kind.
pub fn all() -> impl Iterator<Item = &'static dyn Ui> {
    crate::KINDS.iter().copied()
}

/// The pages of a kind.
pub fn of(kind: CaseKind) -> Option<&'static dyn Ui> {
    all().find(|ui| ui.kind() == kind)
}

/// The kind a case number belongs to, by its first letters.
pub fn of_number(number: &str) -> Option<&'static dyn Ui> {
    all().find(|ui| number.starts_with(ui.kind().prefix()))
}

/// The kind a message is about, and which of its messages it is: `<kind>_<what>`.
pub fn of_message(message: &str) -> Option<(&'static dyn Ui, &str)> {
    all().find_map(|ui| Some((ui, message.strip_prefix(ui.kind().code())?.strip_prefix('_')?)))
}

/// The customer's page of a case; of a number no kind knows, the first page.
pub fn path(number: &str) -> String {
    of_number(number).map_or_else(|| "/".to_owned(), |ui| ui.path(number))
}
