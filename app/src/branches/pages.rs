//! The list of branches.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{self, Branch, Reference};
use bank::kernel::hours::Span;
use bank::kernel::language::time_span;
use leptos::prelude::*;

use super::{day_said, phone_link};
use crate::appointments;
use crate::kinds::{self, Board};
use crate::page::{Page, PageError};
use crate::visit::{App, Visit};
use crate::{counted, t};

/// GET /branches
pub async fn branches(visit: Visit, State(app): State<App>) -> Response {
    let page = async {
        let reference = branches::reference(&app.bank).await?;
        let mut boards = Vec::new();
        for ui in kinds::all() {
            boards.extend(ui.free(&visit, &app, &reference).await?.and_then(|free| free.board));
        }
        Ok::<_, PageError>(show(&visit, &reference, &boards))
    };
    visit.answer(page.await)
}

fn show(visit: &Visit, reference: &Reference, boards: &[Board]) -> Response {
    let title = t!(visit.locale(), branches.title);
    Page::new(visit, title.clone()).show(|| {
        view! {
            <h1>{title}</h1>
            <ul class="branches">
                {reference.branches.iter().map(|branch| row(visit, reference, branch, boards)).collect_view()}
            </ul>
        }
        .into_any()
    })
}

fn row(visit: &Visit, reference: &Reference, branch: &Branch, boards: &[Board]) -> AnyView {
    let (language, l) = (visit.language, visit.locale());
    let spans = branch.hours.opening(&reference.calendar, visit.now.day());
    let closed = spans.last().is_none_or(|span| span.closes <= visit.now.time());
    let hours = if closed { next_open(visit, reference, branch) } else { t!(l, branches.open_today, hours = joined(spans)) };
    let free = boards.iter().map(|board| {
        let found = board.rows.iter().find(|row| row.branch == branch.id);
        let words = match found {
            Some(row) => {
                let day = day_said(language, row.day, visit.now);
                counted!(
                    l,
                    row.places,
                    [branches.earliest_one],
                    [branches.earliest],
                    what = board.title.clone(),
                    day = day,
                    places = row.places
                )
            }
            None => t!(l, branches.earliest_none, what = board.title.clone()),
        };
        view! { <p class="branch-free">{words}</p> }
    });
    view! {
        <li>
            <p class="branch-line">
                <b>{branch.name(language).to_owned()}</b>
                <span class="hint">{hours}</span>
            </p>
            <p class="branch-line">
                <a class="hint" href=appointments::map(branch) rel="noreferrer">
                    {branch.address(language).to_owned()}
                </a>
                <a class="hint" href=phone_link(&branch.phone)>{branch.phone.clone()}</a>
            </p>
            {free.collect_view()}
        </li>
    }
    .into_any()
}

/// "Closed today", or after closing time "closed now", with the next opening time of the branch.
fn next_open(visit: &Visit, reference: &Reference, branch: &Branch) -> String {
    let l = visit.locale();
    let Some((day, spans)) = branch.hours.next_opening(&reference.calendar, visit.now) else {
        return t!(l, branches.closed_today);
    };
    let (hours, day) = (joined(&spans), day_said(visit.language, day, visit.now));
    if branch.hours.opening(&reference.calendar, visit.now.day()).is_empty() {
        t!(l, branches.closed_until, day = day, hours = hours)
    } else {
        t!(l, branches.closed_now, day = day, hours = hours)
    }
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(|span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ")
}
