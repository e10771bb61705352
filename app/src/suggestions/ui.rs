//! Implements [`Ui`] for suggestions: URLs and pages.

use axum::response::Response;
use axum::routing::{get, post};
use bank::cases::CaseKind;
use bank::suggestions::{FORM, KIND};

use super::{NEW, PATH, case, forms, pages};
use crate::kinds::{AtCase, BoxFuture, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, Route};
use crate::t;
use crate::ui::icon::Picture;
use crate::ui::parts::Link;
use crate::words::Locale;

/// 建议
pub struct SuggestionUi;

impl Ui for SuggestionUi {
    fn kind(&self) -> CaseKind {
        KIND
    }

    fn address(&self) -> &'static str {
        "/suggestions/{number}"
    }

    fn form(&self) -> NewForm {
        NewForm { form: &FORM, path: NEW, get: || get(pages::new), post: || post(forms::new), picture: Picture::Chat }
    }

    fn more_routes(&self) -> Vec<Route> {
        vec![Route::page(PATH, Callers::Customers, get(pages::mine))]
    }

    fn list(&self, locale: Locale) -> Option<Link> {
        Some(Link::new(PATH, t!(locale, suggestions.nav)))
    }

    fn page<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Response, PageError>> {
        Box::pin(case::page(at.visit, &at.app.bank, at.case))
    }
}
