//! The interface between kinds of case and the shared pages. Each kind implements [`Ui`] in its own folder and is listed once in
//! [`KINDS`](crate::KINDS) in `lib.rs`. Shared pages (home, desk, lists, messages, forms, routes) use this interface and
//! know no kind by name.
//!
//! Reading order: this file (pages and look-ups), `words.rs` (texts of a kind), `desk.rs` (a kind on the desk).

mod desk;
#[cfg(test)]
mod tests;
mod words;

use std::sync::LazyLock;

use axum::response::Response;
use axum::routing::MethodRouter;
use bank::branches::Reference;
use bank::cases::{CaseKind, CaseLine, Phase};
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Form, Values};
use bank::kernel::time::Day;
use bank::sessions::Customer;

pub use desk::{ActButton, ActForm, Desk, DeskContext, OnDesk};
pub use words::{Promises, Words};

use crate::page::PageError;
use crate::routes::{Callers, FormOf, Route, ServerFunction};
use crate::ui::icon::Picture;
use crate::ui::parts::Link;
use crate::visit::{App, Visit};
use crate::words::Locale;

pub use bank::cases::BoxFuture;

/// The form that opens a case of a kind.
#[derive(Clone, Copy, Debug)]
pub struct NewForm {
    pub form: &'static LazyLock<Form>,
    /// Path of its page and of its POST.
    pub path: &'static str,
    /// Handler of GET.
    pub get: fn() -> MethodRouter<App>,
    /// Handler of POST.
    pub post: fn() -> MethodRouter<App>,
    /// Icon of its tile on the home page.
    pub picture: Picture,
}

/// What a kind has free next: days and places, never amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeNow {
    /// One line for the tile of the home page.
    pub fact: String,
    pub board: Option<Board>,
}

/// The earliest free day of each branch, for visitors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    pub title: String,
    /// Branches with a free day, in the order of the branches.
    pub rows: Vec<BoardRow>,
}

/// A branch of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// Id of the branch.
    pub branch: String,
    pub day: Day,
    /// Free places of the day.
    pub places: i64,
}

/// The request of a customer for the page of their own case.
#[derive(Clone, Copy)]
pub struct AtCase<'a> {
    pub visit: &'a Visit,
    pub app: &'a App,
    pub customer: &'a Customer,
    pub case: &'a CaseLine,
}

/// A kind of case as its customer sees it.
pub trait Ui: Words + Desk + Sync {
    /// The kind in `bank`.
    fn kind(&self) -> CaseKind;

    /// Path pattern of a customer's own case, with `{number}`. Kinds with the same pattern share a list.
    fn address(&self) -> &'static str;

    /// The form that opens a case.
    fn form(&self) -> NewForm;

    /// Routes other than those of the form and of the case page.
    fn more_routes(&self) -> Vec<Route> {
        Vec::new()
    }

    /// Server functions of the kind's islands.
    fn server_functions(&self) -> Vec<ServerFunction> {
        Vec::new()
    }

    /// A link to the kind's own list of the customer's cases for the navigation, if it has one.
    fn list(&self, _locale: Locale) -> Option<Link> {
        None
    }

    /// What is free next, as everybody may know it. `None` for a kind without places.
    fn free<'a>(
        &self,
        _visit: &'a Visit,
        _app: &'a App,
        _reference: &'a Reference,
    ) -> BoxFuture<'a, Result<Option<FreeNow>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    /// The page of the customer's own case.
    fn page<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Response, PageError>>;

    /// What a new form begins with if the customer wants the like of this case again, without its time; `None` if the kind does
    /// not offer it.
    fn again<'a>(&self, _at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Values>, PageError>> {
        Box::pin(async { Ok(None) })
    }

    /// What whoever comes brings along, one line each, for the entry in a calendar: no amount, no account.
    fn bring<'a>(&self, _at: AtCase<'a>) -> BoxFuture<'a, Result<Vec<String>, PageError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Cancels the case for the customer; `None` if the kind does not allow it.
    fn cancel<'a>(&self, _at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Response>, PageError>> {
        Box::pin(async { Ok(None) })
    }
}

impl dyn Ui {
    /// The routes of the kind. The route of the case page is derived from [`Ui::address`].
    pub fn routes(&self) -> Vec<Route> {
        let NewForm { form, path, get, post, .. } = self.form();
        let mut routes =
            vec![Route::page(path, Callers::Acting, get()), Route::post(path, Callers::Acting, post()).of(FormOf::One(form))];
        routes.extend(self.more_routes());
        routes
    }

    /// State codes in the order of the life cycle, for the desk's filter.
    pub fn states(&self) -> impl Iterator<Item = &'static str> {
        self.kind().registered().states().iter().map(|state| state.code)
    }

    /// Whether this state is not final.
    pub fn is_live(&self, state: &str) -> bool {
        self.kind().registered().phase(state).is_some_and(|phase| phase != Phase::Final)
    }

    /// Whether a message only repeats what the customer did, which the page after it has shown.
    pub fn is_echo(&self, message: &str) -> bool {
        let code = format!("{}_{message}", self.kind().code());
        self.kind().registered().echoes().contains(&code.as_str())
    }

    /// URL path of a case.
    pub fn path(&self, number: &str) -> String {
        self.address().replace("{number}", number)
    }
}

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

/// The kind of a message code `<kind>_<what>`, and `what`.
pub fn of_message(message: &str) -> Option<(&'static dyn Ui, &str)> {
    all().find_map(|ui| Some((ui, message.strip_prefix(ui.kind().code())?.strip_prefix('_')?)))
}

/// Path of the customer's page of a case; the home page if no kind has such numbers.
pub fn path(number: &str) -> String {
    of_number(number).map_or_else(|| "/".to_owned(), |ui| ui.path(number))
}
