//! The phone number of one case for the clerk who must call the customer. It stands on the answer to this post only, and who
//! looked is recorded.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::cases::reveal_phone;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::case_path;
use super::pages::find;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::LinkButton;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::{App, Visit};

/// POST /desk/cases/{number}/phone. Every post is a look of its own, so it needs no key.
pub async fn show(visit: Visit, staff: Staff, State(app): State<App>, Path(number): Path<String>) -> Response {
    let page = async {
        let (case, _) = find(&app.bank, &staff, &number).await?;
        let phone = reveal_phone(&app.bank, &staff, &case.number).await?.ok_or(PageError::NotFound)?;
        Ok::<_, PageError>(answer(&visit, &case.number, phone))
    };
    visit.answer(page.await)
}

fn answer(visit: &Visit, number: &str, phone: String) -> Response {
    let l = visit.locale();
    let rows = vec![
        SummaryRow::new(t!(l, desk.number), view! { <span class="case-number">{number.to_owned()}</span> }),
        SummaryRow::new(t!(l, desk.phone.number), view! { <b class="big">{phone}</b> }),
    ];
    let back = case_path(number);
    Page::new(visit, t!(l, desk.phone.title)).show(move || {
        view! {
            <h1>{t!(l, desk.phone.title)}</h1>
            <SummaryList rows=rows />
            <p class="hint">{t!(l, desk.phone.recorded)}</p>
            <p>
                <LinkButton href=back text=t!(l, desk.phone.back) />
            </p>
        }
        .into_any()
    })
}
