//! GET /appointments: the caller's appointments of every kind in pages, the newest first; on a page upcoming ones, then past
//! ones.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{Reference, reference};
use bank::cases::{CaseKind, CaseLine, PageStart, list_mine};
use bank::kernel::language::{Language, day_from_now, time_span};
use bank::kernel::time::At;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::ADDRESS;
use crate::cases::{state_told, title_words};
use crate::kinds::{self, Ui};
use crate::page::{Page, PageError};
use crate::paging::Paging;
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton};
use crate::ui::card::Card;
use crate::ui::case_number::CaseNumber;
use crate::ui::state_tag::StateTag;
use crate::visit::{App, Visit};
use crate::words::locale;

/// GET /appointments
pub async fn mine(visit: Visit, State(app): State<App>, customer: Customer) -> Response {
    visit.answer(show(&visit, &app, &customer).await)
}

async fn show(visit: &Visit, app: &App, customer: &Customer) -> Result<Response, PageError> {
    let kinds: Vec<CaseKind> = appointments().map(Ui::kind).collect();
    let page = Paging::read(&visit.uri);
    let (cases, neighbours) = list_mine(&app.bank, customer, &kinds, &page.start).await?;
    let reference = reference(&app.bank).await?;
    let (mut ahead, mut past): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| is_ahead(case, visit.now));
    ahead.sort_by_key(|case| case.time);
    past.sort_by_key(|case| std::cmp::Reverse(case.time));
    let l = visit.locale();
    let (language, now) = (visit.language, visit.now);
    Ok(Page::new(visit, t!(l, appointments.title)).layout("page page-list").show(move || {
        let none = ahead.is_empty() && past.is_empty() && page.start == PageStart::First;
        let list = |title: String, cases: Vec<CaseLine>| {
            (!cases.is_empty()).then(|| {
                let lines = cases.iter().map(|case| line(language, now, &reference, case)).collect_view();
                view! {
                    <section class="block">
                        <h2>{title}</h2>
                        <ul class="cases">{lines}</ul>
                    </section>
                }
            })
        };
        // The first kind is the one most customers need, so it gets the primary button.
        let books = appointments().filter(|_| visit.acts()).enumerate().map(|(place, ui)| {
            let kind = if place == 0 { ButtonKind::Primary } else { ButtonKind::Secondary };
            view! { <LinkButton href=ui.form().path text=ui.book(l) kind=kind /> }
        });
        let books = books.collect_view();
        view! {
            <h1>{t!(l, appointments.title)}</h1>
            {page.notice(l)}
            {none
                .then(|| view! { <Card title=t!(l, appointments.empty_title) hint=t!(l, appointments.empty_text) /> })}
            {list(t!(l, appointments.upcoming), ahead)}
            {list(t!(l, appointments.past), past)}
            {page.links_of(l, "/appointments", &neighbours)}
            <div class="actions">
                {books}
            </div>
        }
        .into_any()
    }))
}

fn appointments() -> impl Iterator<Item = &'static dyn Ui> {
    kinds::all().filter(|ui| ui.address() == ADDRESS)
}

/// Whether the appointment is still to come: it has not ended and its state is live.
fn is_ahead(case: &CaseLine, now: At) -> bool {
    kinds::of(case.kind).is_some_and(|ui| ui.is_live(&case.state)) && case.time.is_none_or(|(_, end)| end > now)
}

fn line(language: Language, now: At, reference: &Reference, case: &CaseLine) -> AnyView {
    let l = locale(language);
    let (state, tone) = state_told(l, case.kind, &case.state);
    let branch = case.branch_id.as_deref().and_then(|id| reference.branch(id)).map(|branch| branch.name(language).to_owned());
    let when = case
        .time
        .map(|(start, end)| format!("{} {}", day_from_now(language, start.day(), now), time_span(start.time(), end.time())));
    let (when, branch) = (when.unwrap_or_default(), branch.unwrap_or_default());
    // One that has ended before its time, such as a payout on an earlier day, does not read as if it were to come.
    let over = case.time.is_some_and(|(start, _)| start > now) && !is_ahead(case, now);
    let place = if over {
        t!(l, appointments.at_over, when = when, branch = branch)
    } else {
        t!(l, appointments.at, when = when, branch = branch)
    };
    let href = kinds::path(&case.number);
    let (title, number) = (title_words(language, case), case.number.clone());
    view! {
        <li>
            <Card>
                <StateTag tone=tone text=state />
                <h3>
                    <a class="row-link" href=href>{title}</a>
                </h3>
                <p>{place}</p>
                <p class="hint"><CaseNumber number=number /></p>
            </Card>
        </li>
    }
    .into_any()
}
