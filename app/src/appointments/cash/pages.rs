//! GET of the cash form: the step that is open, or an earlier one that is asked for, with its refusals.

use axum::extract::{Query, State};
use axum::response::Response;
use bank::appointments::cash::{CashRefusal, FORM, Step};
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
use crate::islands::SavesWhileTyping;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::{LinkButton, hidden};
use crate::ui::card::Card;
use crate::ui::error_summary::{ErrorSummary, OfferForms};
use crate::ui::parts::Link;
use crate::ui::steps::Steps;
use crate::visit::{App, Visit};
use crate::words::Locale;

/// GET /appointments/new/cash
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
    let asked = query.step.as_deref().and_then(step_of);
    let step = asked.filter(|asked| *asked <= open).unwrap_or(open);
    let page = steps::page(step, &sheet);
    let back = match step {
        Step::Where => "/appointments".to_owned(),
        Step::HowMuch => sheet.shown.step(name(Step::Where)),
        Step::Who => sheet.shown.step(name(Step::HowMuch)),
        Step::Check => sheet.shown.step(name(Step::Who)),
    };
    let back = Link::new(back, t!(sheet.locale, cash.back));
    let saved = !sheet.shown.state.values.0.is_empty();
    Ok(Page::new(visit, t!(sheet.locale, cash.title)).task(back, saved).show(move || view(step, &sheet, page)))
}

/// A step's name in addresses and in the hidden field `step`.
pub const fn name(step: Step) -> &'static str {
    match step {
        Step::Where => "where",
        Step::HowMuch => "how_much",
        Step::Who => "who",
        Step::Check => "check",
    }
}

fn step_of(text: &str) -> Option<Step> {
    Step::ALL.into_iter().find(|step| name(*step) == text)
}

fn view(step: Step, sheet: &Sheet, page: StepPage) -> AnyView {
    let locale = sheet.locale;
    let place = Step::ALL.into_iter().position(|known| known == step).map_or(1, |place| place + 1);
    let refusals = sheet.refusals(step);
    let mut offers = Vec::new();
    let mut summaries = Vec::new();
    for refusal in &refusals {
        let ways = sheet.ways_out(name(step), refusal);
        let from = offers.len();
        offers.extend(ways.iter().cloned());
        let told = sheet.told();
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
        let when = t!(locale, cash.draft_text, when = moment(sheet.language, draft.saved_at, sheet.now));
        let href = format!("{PATH}?key={}", draft.key);
        view! {
            <Card row=true title=t!(locale, cash.draft_title) hint=when>
                <LinkButton href=href text=t!(locale, cash.draft_go) />
            </Card>
        }
    });
    let fields = sheet.shown.hidden(name(step), &page.offered);
    view! {
        <Steps at=place of=Step::ALL.len() text=t!(locale, cash.step_of, at = place, of = Step::ALL.len()) />
        <h1>{page.title}</h1>
        <StaleNotice locale=locale stale=sheet.shown.stale />
        {draft}
        {summaries}
        {page.before}
        <form method="post" action=PATH class="form" novalidate>
            {hidden(fields)}
            {page.fields}
            {(!page.offered.is_empty()).then(|| saves(locale))}
        </form>
        <OfferForms offers=offers />
    }
    .into_any()
}

/// Saves what is typed before it is posted.
fn saves(locale: Locale) -> AnyView {
    view! {
        <SavesWhileTyping
            form=FORM.to_owned()
            now=String::new()
            saved=t!(locale, form.saved)
            overtaken=t!(locale, form.overtaken)
            failed=t!(locale, form.not_saved)
        />
    }
    .into_any()
}

/// The link from a refusal to its field.
fn field_link(sheet: &Sheet, refusal: &CashRefusal) -> Vec<Link> {
    let field = refusal.field();
    let words = steps::field_words(sheet.locale, field);
    words.map(|words| Link::new(format!("#{field}"), words)).into_iter().collect()
}
