//! GET handler of the cash form: shows the first open step, or an earlier one on request, with its refusals.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::Step;
use bank::kernel::bank::Bank;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::at;
use super::sheet::Sheet;
use super::steps;
use super::words::{refusal_body, refusal_title};
use crate::appointments::step_page::{self, Place, StepPage};
use crate::form::{FormQuery, Shown, refused};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::parts::Link;
use crate::visit::{App, Asked, Visit};

/// GET /appointments/new/cash
pub async fn new(visit: Visit, State(app): State<App>, customer: Customer, Asked(query): Asked<FormQuery>) -> Response {
    visit.answer(show(&visit, &app.bank, &customer, &query).await)
}

async fn show(visit: &Visit, bank: &Bank, customer: &Customer, query: &FormQuery) -> Result<Response, PageError> {
    let shown = match Shown::open(bank, customer, at(), query).await? {
        Ok(shown) => shown,
        Err(case) => return Ok(case),
    };
    let asked = query.step.as_deref().and_then(Step::parse);
    let sheet = Sheet::read(bank, customer, visit, shown, asked, query.key.is_none()).await?;
    let step = sheet.step;
    let page = steps::page(step, &sheet);
    let back = match step {
        Step::Where => "/appointments".to_owned(),
        Step::HowMuch => sheet.shown.step(Step::Where.name()),
        Step::Who => sheet.shown.step(Step::HowMuch.name()),
        Step::Check => sheet.shown.step(Step::Who.name()),
    };
    let back = Link::new(back, t!(sheet.locale, form.back));
    let saved = sheet.shown.is_saved();
    let title = page.tab(&t!(sheet.locale, cash.title));
    Ok(Page::new(visit, title)
        .task(back, saved)
        .form((step == Step::Check).then_some(("do", "book")))
        .show(move || view(visit, step, &sheet, page)))
}

fn view(visit: &Visit, step: Step, sheet: &Sheet, page: StepPage) -> AnyView {
    let at = Step::ALL.into_iter().position(|known| known == step).map_or(1, |place| place + 1);
    let place = Place { name: step.name(), at, of: Step::ALL.len() };
    let told = sheet.told();
    let refusals = sheet.refusals(step).into_iter().map(|refusal| {
        let words = (refusal_title(&told, &refusal), refusal_body(&told, &refusal));
        refused(sheet, &refusal, words, sheet.ways_out(step, &refusal))
    });
    let draft = sheet.draft.as_ref().map(|draft| (draft, t!(sheet.locale, cash.draft_title)));
    step_page::view(visit, &sheet.shown, place, page, refusals.collect(), draft, sheet)
}
