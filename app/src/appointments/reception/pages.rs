//! GET handler of the reception form: shows the first open step, or an earlier one on request, with its refusals; or says that
//! no reception has a free place.

use axum::extract::State;
use axum::response::Response;
use bank::appointments::reception::{FORM, Step};
use bank::kernel::bank::Bank;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::at;
use super::form_data::ReceptionFormData;
use super::steps;
use super::words::{refusal_body, refusal_title};
use crate::appointments::step_page::{self, StepPage, StepPosition};
use crate::form::{FormQuery, OpenForm, refused};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton};
use crate::ui::card::Card;
use crate::ui::parts::Link;
use crate::ui::steps::DoneStep;
use crate::visit::{App, LenientQuery, Visit};

/// GET /appointments/new/reception
pub async fn new(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    visit.answer(show(&visit, &app.bank, &customer, &query).await)
}

async fn show(visit: &Visit, bank: &Bank, customer: &Customer, query: &FormQuery) -> Result<Response, PageError> {
    let shown = match OpenForm::open(bank, customer, at(), query).await? {
        Ok(shown) => shown.for_visit(visit, query),
        Err(case) => return Ok(case),
    };
    let data = match ReceptionFormData::read(bank, customer, visit, shown, query).await? {
        Ok(data) => data,
        Err(moved) => return Ok(moved),
    };
    let step = data.step;
    if let Some(next) = data.shown.past(FORM.step(step.name()).iter().flat_map(|step| &step.fields), &data) {
        return Ok(next);
    }
    let step_page = steps::page(step, &data);
    let earlier = Step::ALL.into_iter().take_while(|earlier| *earlier < step).last().map(Step::name);
    let back = OpenForm::way_back(step.name(), step_page.fields.before.as_deref(), earlier, t!(data.locale, form.back));
    let saved = data.shown.is_saved();
    let title = t!(data.locale, reception.title);
    if step == Step::When && !data.is_open() && data.refusals(step).is_empty() {
        let back = Link::new(at().list, t!(data.locale, form.back));
        return Ok(Page::new(visit, title).task(back, saved).show(move || nothing_open(&data)));
    }
    if let Some(moved) = data.shown.moved(query, step.name(), &step_page.fields.offered) {
        return Ok(moved);
    }
    let page = Page::new(visit, step_page.tab(&title)).task(back, saved).form((step == Step::Check).then_some(("do", "book")));
    Ok(page.show(move || view(visit, step, &data, step_page)))
}

fn nothing_open(data: &ReceptionFormData) -> AnyView {
    let l = data.locale;
    let text = t!(l, reception.none_text, phone = data.hotline.clone());
    view! {
        <h1>{t!(l, reception.title)}</h1>
        <Card title=t!(l, reception.none_title)>
            <p>{text}</p>
        </Card>
        <div class="actions">
            <LinkButton href="/suggestions/new" text=t!(l, reception.none_write) kind=ButtonKind::Secondary />
        </div>
    }
    .into_any()
}

fn view(visit: &Visit, step: Step, data: &ReceptionFormData, page: StepPage) -> AnyView {
    let at = Step::ALL.into_iter().position(|known| known == step).map_or(1, |position| position + 1);
    let done = Step::ALL.into_iter().filter(|done| *done < step);
    let done = done.map(|done| DoneStep { name: done.name().to_owned(), title: steps::title(data.locale, done) }).collect();
    let position = StepPosition { name: step.name(), at, of: Step::ALL.len(), done };
    let context = data.refusal_context();
    let refusals = data.refusals(step).into_iter().map(|refusal| {
        let words = (refusal_title(&context, &refusal), refusal_body(&context, &refusal));
        refused(data, &refusal, words, data.ways_out(step, &refusal))
    });
    let draft = data.draft.as_ref().map(|draft| (draft, t!(data.locale, reception.draft_title)));
    step_page::view(visit, &data.shown, position, page, refusals.collect(), draft, data)
}
