//! GET handler of the cash form: shows the first open step, or an earlier one on request, with its refusals.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::cash::{FORM, Moving, Step};
use bank::kernel::bank::Bank;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::at;
use super::form_data::CashFormData;
use super::steps;
use super::words::{refusal_body, refusal_title};
use crate::appointments::step_page::{self, StepPage, StepPosition};
use crate::form::{FormQuery, OpenForm, refused};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::steps::DoneStep;
use crate::visit::{App, LenientQuery, Visit};

/// GET /appointments/new/cash
pub async fn new(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    visit.answer(book(&visit, &app.bank, &customer, &query).await)
}

async fn book(visit: &Visit, bank: &Bank, customer: &Customer, query: &FormQuery) -> Result<Response, PageError> {
    match OpenForm::open(bank, customer, at(), query).await? {
        Ok(shown) => show(visit, bank, customer, query, shown, None).await,
        Err(case) => Ok(case),
    }
}

/// The page of a step of a new booking, or of one that is moved.
pub async fn show(
    visit: &Visit,
    bank: &Bank,
    customer: &Customer,
    query: &FormQuery,
    shown: OpenForm,
    moving: Option<Moving>,
) -> Result<Response, PageError> {
    let shown = shown.for_visit(visit, query);
    let data = match CashFormData::read(bank, customer, visit, shown, query, moving).await? {
        Ok(data) => data,
        Err(moved) => return Ok(moved),
    };
    let step = data.step;
    if let Some(next) = data.shown.past(FORM.step(step.name()).iter().flat_map(|step| &step.fields), &data) {
        return Ok(next);
    }
    let page = steps::page(step, &data);
    if let Some(moved) = data.shown.moved(query, step.name(), &page.fields.offered) {
        return Ok(moved);
    }
    let earlier = Step::ALL.into_iter().take_while(|earlier| *earlier < step).last().map(Step::name);
    let back = OpenForm::way_back(step.name(), page.fields.before.as_deref(), earlier, t!(data.locale, form.back));
    let saved = data.shown.is_saved();
    let form = if data.moving.is_some() { t!(data.locale, cash.moving.title) } else { t!(data.locale, cash.title) };
    let (title, last) = (page.tab(&form), data.last_button());
    Ok(Page::new(visit, title)
        .task(back, saved)
        .form((step == Step::Check).then_some(("do", last)))
        .show(move || view(visit, step, &data, page)))
}

fn view(visit: &Visit, step: Step, data: &CashFormData, page: StepPage) -> AnyView {
    let at = Step::ALL.into_iter().position(|known| known == step).map_or(1, |position| position + 1);
    let done = Step::ALL.into_iter().filter(|done| *done < step);
    let done = done.map(|done| DoneStep { name: done.name().to_owned(), title: steps::title(data.locale, done) }).collect();
    let position = StepPosition { name: step.name(), at, of: Step::ALL.len(), done };
    let context = data.refusal_context();
    let refusals = data.refusals(step).into_iter().map(|refusal| {
        let words = (refusal_title(&context, &refusal), refusal_body(&context, &refusal));
        let shown = refused(data, &refusal, words, data.ways_out(step, &refusal));
        if refusal.needs_no_booking() { shown.advice() } else { shown }
    });
    let draft = data.draft.as_ref().map(|draft| (draft, t!(data.locale, cash.draft_title)));
    step_page::view(visit, &data.shown, position, page, refusals.collect(), draft, data)
}
