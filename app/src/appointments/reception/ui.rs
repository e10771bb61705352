//! Implements [`Ui`] for reception days: URLs and pages.

use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::reception::{FORM, KIND};
use bank::cases::CaseKind;

use super::{PATH, case, forms, pages};
use crate::appointments::ADDRESS;
use crate::kinds::{AtCase, BoxFuture, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, ServerFunction};
use crate::ui::icon::Picture;

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
        NewForm { form: &FORM, path: PATH, get: || get(pages::new), post: || post(forms::post), picture: Picture::People }
    }

    fn server_functions(&self) -> Vec<ServerFunction> {
        vec![ServerFunction::new("/api/free_reception_places", Callers::Acting)]
    }

    fn page<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Response, PageError>> {
        Box::pin(case::page(at))
    }

    fn cancel<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Response>, PageError>> {
        Box::pin(async move { case::cancel(&at.app.bank, at.customer, at.case).await.map(Some) })
    }
}
