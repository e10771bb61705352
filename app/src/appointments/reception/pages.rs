//! GET of the reception form: the step that is open, or an earlier one that is asked for, with its refusals. Without a
//! free place anywhere it says so.

use axum::extract::{Query, State};
use axum::response::Response;
use bank::appointments::reception::{FORM, ReceptionRefusal, Step};
use bank::kernel::bank::Bank;
use bank::kernel::forms::Refusal;
use bank::kernel::language::moment;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::sheet::Sheet;
use super::steps::{self, StepPage};
use super::words::{refusal_body, refusal_title};
use crate::form::{FormQuery, Shown, StaleNotice};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton, hidden};
use crate::ui::card::Card;
use crate::ui::error_summary::{ErrorSummary, OfferForms};
use crate::ui::parts::Link;
use crate::ui::steps::Steps;
use crate::visit::{App, Visit};

/// GET /appointments/new/reception
pub async fn new(visit: Visit, State(app): State<App>, customer: Customer, Query(query): Query<FormQuery>) -> Response {
    visit.answer(show(&visit, &app.bank, &customer, &query).await)
}

async fn show(visit: &Visit, bank: &Bank, customer: &Customer, query: &FormQuery) -> Result<Response, PageError> {
    let shown = match Shown::open(bank, customer.user_id(), FORM, PATH, query).await? {
        Ok(shown) => shown,
        Err(case) => return Ok(case),
    };
    let sheet = Sheet::read(bank, customer, visit, shown, query.key.is_none()).await?;
    let open = sheet.reading.first_open_step();
    let asked = query.step.as_deref().and_then(Step::parse);
    let step = asked.filter(|asked| *asked <= open).unwrap_or(open);
    let back = match step {
        Step::When => "/appointments".to_owned(),
        Step::Matter => sheet.shown.step(Step::When.name()),
        Step::Check => sheet.shown.step(Step::Matter.name()),
    };
    let back = Link::new(back, t!(sheet.locale, reception.back));
    let saved = !sheet.shown.state.values.0.is_empty();
    let page = Page::new(visit, t!(sheet.locale, reception.title)).task(back, saved);
    if step == Step::When && !sheet.is_open() && sheet.refusals(step).is_empty() {
        return Ok(page.show(move || nothing_open(&sheet)));
    }
    let step_page = steps::page(step, &sheet);
    Ok(page.show(move || view(step, &sheet, step_page)))
}

fn nothing_open(sheet: &Sheet) -> AnyView {
    let l = sheet.locale;
    let text = t!(l, reception.none_text, phone = sheet.hotline.clone());
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

fn view(step: Step, sheet: &Sheet, page: StepPage) -> AnyView {
    let locale = sheet.locale;
    let place = Step::ALL.into_iter().position(|known| known == step).map_or(1, |place| place + 1);
    let told = sheet.told();
    let mut offers = Vec::new();
    let mut summaries = Vec::new();
    for refusal in &sheet.refusals(step) {
        let ways = sheet.ways_out(step, refusal);
        let from = offers.len();
        offers.extend(ways.iter().cloned());
        summaries.push(view! {
            <ErrorSummary
                code=refusal.code()
                title=refusal_title(&told, refusal)
                body=refusal_body(&told, refusal)
                nearest=refusal.nearest().first().map(bank::kernel::forms::Nearest::query)
                fields=field_link(sheet, refusal)
                offers=ways
                from=from
            />
        });
    }
    let draft = sheet.draft.as_ref().map(|draft| {
        let when = t!(locale, reception.draft_text, when = moment(sheet.language, draft.saved_at, sheet.now));
        let href = format!("{PATH}?key={}", draft.key);
        view! {
            <Card row=true title=t!(locale, reception.draft_title) hint=when>
                <LinkButton href=href text=t!(locale, reception.draft_go) />
            </Card>
        }
    });
    let fields = sheet.shown.hidden(step.name(), &page.offered);
    view! {
        <Steps at=place of=Step::ALL.len() text=t!(locale, reception.step_of, at = place, of = Step::ALL.len()) />
        <h1>{page.title}</h1>
        <StaleNotice locale=locale stale=sheet.shown.stale />
        {draft}
        {summaries}
        {page.before}
        <form method="post" action=PATH class="form" novalidate>
            {hidden(fields)}
            {page.fields}
        </form>
        <OfferForms offers=offers />
    }
    .into_any()
}

/// The link from a refusal to its field, where the page shows it.
fn field_link(sheet: &Sheet, refusal: &ReceptionRefusal) -> Vec<Link> {
    let field = refusal.field();
    let words = steps::field_words(sheet.locale, field);
    words.map(|words| Link::new(format!("#{field}"), words)).into_iter().collect()
}
