//! Implements [`Ui`] for cash bookings: URLs and pages.

use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::cash::{CashContext, FORM, FreeAt, KIND, Wish, cash_again, free_at_branches};
use bank::branches::Reference;
use bank::cases::CaseKind;
use bank::kernel::failure::Failure;
use bank::kernel::forms::Values;
use bank::kernel::language::day_from_now;

use super::{PATH, approver, case, forms, moving, pages};
use crate::appointments::ADDRESS;
use crate::kinds::{AtCase, Board, BoardRow, BoxFuture, FreeNow, NewForm, Ui};
use crate::page::PageError;
use crate::routes::{Callers, Route, ServerFunction};
use crate::t;
use crate::ui::icon::Picture;
use crate::visit::{App, Visit};

/// 大额取款预约
pub struct CashUi;

impl Ui for CashUi {
    fn kind(&self) -> CaseKind {
        KIND
    }

    fn address(&self) -> &'static str {
        ADDRESS
    }

    fn form(&self) -> NewForm {
        NewForm { form: &FORM, path: PATH, get: || get(pages::new), post: || post(forms::post), picture: Picture::Cash }
    }

    fn more_routes(&self) -> Vec<Route> {
        approver::routes().into_iter().chain(moving::routes()).collect()
    }

    fn server_functions(&self) -> Vec<ServerFunction> {
        vec![ServerFunction::new("/api/free_slots", Callers::Acting)]
    }

    fn free<'a>(
        &self,
        visit: &'a Visit,
        app: &'a App,
        reference: &'a Reference,
    ) -> BoxFuture<'a, Result<Option<FreeNow>, Failure>> {
        Box::pin(async move {
            let l = visit.locale();
            let nobody = CashContext::of_nobody(reference, visit.now);
            let free = free_at_branches(&app.bank, reference, &nobody, &Wish::EARLIEST).await?;
            let fact = match free.iter().map(|free| free.day).min() {
                Some(day) => t!(l, cash.home.earliest, day = day_from_now(visit.language, day, visit.now)),
                None => t!(l, cash.home.full),
            };
            let rows = free.into_iter().map(|FreeAt { branch, day, places, .. }| BoardRow { branch, day, places });
            Ok(Some(FreeNow { fact, board: Some(Board { title: t!(l, cash.home.board), rows: rows.collect() }) }))
        })
    }

    fn page<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Response, PageError>> {
        Box::pin(case::page(at))
    }

    fn bring<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Vec<String>, PageError>> {
        Box::pin(case::bring(at))
    }

    fn again<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Values>, PageError>> {
        Box::pin(async move { Ok(Some(cash_again(&at.app.bank, at.customer, at.case).await?)) })
    }

    fn cancel<'a>(&self, at: AtCase<'a>) -> BoxFuture<'a, Result<Option<Response>, PageError>> {
        Box::pin(async move { case::cancel(&at.app.bank, at.customer, at.case).await.map(Some) })
    }
}
