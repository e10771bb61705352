//! Implements [`Ui`] for reception days: URLs and pages.

use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::reception::{FORM, KIND, next_open_reception};
use bank::branches::Reference;
use bank::cases::CaseKind;
use bank::kernel::failure::Failure;
use bank::kernel::forms::Values;
use bank::kernel::language::day_from_now;

use super::{PATH, case, forms, pages};
use crate::appointments::ADDRESS;
use crate::counted;
use crate::kinds::{AtCase, BoxFuture, FreeNow, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, ServerFunction};
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
        NewForm { form: &FORM, path: PATH, get: || get(pages::new), post: || post(forms::post), picture: Picture::People }
    }

    fn server_functions(&self) -> Vec<ServerFunction> {
        vec![ServerFunction::new("/api/free_reception_places", Callers::Acting)]
    }

    fn free<'a>(
        &self,
        visit: &'a Visit,
        app: &'a App,
        _reference: &'a Reference,
    ) -> BoxFuture<'a, Result<Option<FreeNow>, Failure>> {
        Box::pin(async move {
            let Some((day, places)) = next_open_reception(&app.bank).await? else { return Ok(None) };
            let day = day_from_now(visit.language, day, visit.now);
            let fact =
                counted!(visit.locale(), places, [reception.home.next_one], [reception.home.next], day = day, places = places);
            Ok(Some(FreeNow { fact, board: None }))
        })
    }

    fn page<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Response, PageError>> {
        Box::pin(case::page(at))
    }

    fn bring<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Vec<String>, PageError>> {
        Box::pin(case::bring(at))
    }

    fn again<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Values>, PageError>> {
        Box::pin(async move { case::again(&at.app.bank, at.case).await.map(Some) })
    }

    fn cancel<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Response>, PageError>> {
        Box::pin(async move { case::cancel(&at.app.bank, at.customer, at.case).await.map(Some) })
    }
}
