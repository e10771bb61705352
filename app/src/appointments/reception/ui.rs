//! The reception day as one of the kinds: its addresses, its pages, its states.

use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::reception::{FORM, ReceptionState};
use bank::cases::{CaseKind, CaseLine};
use bank::sessions::Customer;

use super::{PATH, case, forms, pages};
use crate::appointments::ADDRESS;
use crate::kinds::{Later, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, Route, ServerFunction};
use crate::submission::Submission;
use crate::ui::icon::Picture;
use crate::visit::{App, Visit};

/// 客户接待日
pub struct ReceptionUi;

impl Ui for ReceptionUi {
    fn kind(&self) -> CaseKind {
        CaseKind::Reception
    }

    fn address(&self) -> &'static str {
        ADDRESS
    }

    fn form(&self) -> NewForm {
        NewForm { name: FORM, path: PATH, picture: Picture::People }
    }

    fn routes(&self) -> Vec<Route> {
        vec![Route::show(PATH, Callers::Customers, get(pages::new)), Route::take(PATH, Callers::Customers, post(forms::take))]
    }

    fn server_functions(&self) -> Vec<ServerFunction> {
        vec![ServerFunction::new("/api/free_reception_places", Callers::Customers)]
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

    fn take<'a>(
        &self,
        app: &'a App,
        customer: &'a Customer,
        case: &'a CaseLine,
        form: &'a Submission,
    ) -> Later<'a, Result<Option<Response>, PageError>> {
        Box::pin(async move {
            match form.pressed() {
                "cancel" => case::cancel(&app.bank, customer, case).await.map(Some),
                _ => Ok(None),
            }
        })
    }

    fn states(&self) -> Vec<&'static str> {
        ReceptionState::ALL.map(ReceptionState::code).into()
    }

    fn is_live(&self, state: &str) -> bool {
        ReceptionState::parse(state).is_some_and(ReceptionState::is_live)
    }

    fn is_receipt(&self, message: &str) -> bool {
        message == "submitted"
    }
}
