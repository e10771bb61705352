//! The reception day as one of the kinds: its addresses, its pages, its states.

use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::reception::{FORM, KIND};
use bank::cases::{CaseKind, CaseLine};
use bank::sessions::Customer;

use super::{PATH, case, forms, pages};
use crate::appointments::ADDRESS;
use crate::kinds::{Later, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, Route};
use crate::submission::Submission;
use crate::ui::icon::Picture;
use crate::visit::{App, Visit};

/// 客户接待日
pub struct ReceptionUi;

impl Ui for ReceptionUi {
    fn kind(&self) -> CaseKind {
        KIND
    }

    fn address(&self) -> &'static str {
        ADDRESS
    }

    fn form(&self) -> NewForm {
        NewForm { name: FORM, path: PATH, picture: Picture::People }
    }

    fn routes(&self) -> Vec<Route> {
        vec![Route::show(PATH, Callers::Acting, get(pages::new)), Route::take(PATH, Callers::Acting, post(forms::take))]
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

    fn is_receipt(&self, message: &str) -> bool {
        message == "submitted"
    }
}
