//! The suggestion as one of the kinds: its addresses, its pages, its states.

use axum::response::Response;
use axum::routing::{get, post};
use bank::cases::{CaseKind, CaseLine};
use bank::messages::mark_read;
use bank::sessions::Customer;
use bank::suggestions::{FORM, KIND};

use super::{NEW, PATH, case, forms, pages};
use crate::kinds::{Later, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, Route};
use crate::submission::Submission;
use crate::t;
use crate::ui::icon::Picture;
use crate::ui::parts::Link;
use crate::visit::{App, Visit};
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
        NewForm { name: FORM, path: NEW, picture: Picture::Chat }
    }

    fn routes(&self) -> Vec<Route> {
        vec![
            Route::show(PATH, Callers::Customers, get(pages::mine)),
            Route::show(NEW, Callers::Acting, get(pages::new)),
            Route::take(NEW, Callers::Acting, post(forms::new)),
        ]
    }

    fn list(&self, locale: Locale) -> Option<Link> {
        Some(Link::new(PATH, t!(locale, suggestions.nav)))
    }

    fn page<'a>(
        &self,
        visit: &'a Visit,
        app: &'a App,
        _customer: &'a Customer,
        case: &'a CaseLine,
    ) -> Later<'a, Result<Response, PageError>> {
        Box::pin(case::page(visit, &app.bank, case))
    }

    /// The page has one form, whatever its button: the customer has read the answer.
    fn take<'a>(
        &self,
        app: &'a App,
        customer: &'a Customer,
        case: &'a CaseLine,
        _form: &'a Submission,
    ) -> Later<'a, Result<Option<Response>, PageError>> {
        Box::pin(async move {
            mark_read(&app.bank, customer, &case.number).await?;
            Ok(None)
        })
    }

    fn is_receipt(&self, message: &str) -> bool {
        message == "recorded"
    }
}
