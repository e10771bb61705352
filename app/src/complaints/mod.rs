//! `/complaints`: where and how to complain, and when the bank answers (docs/domain.md §8). By law phone, address, e-mail and
//! process must be public, so the page needs no sign-in. Complaints cannot be filed in the portal yet.

use axum::response::Response;
use axum::routing::get;
use leptos::prelude::*;

use crate::page::Page;
use crate::routes::{Callers, Route};
use crate::t;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::timeline::{Timeline, TimelineEntry};
use crate::visit::Visit;

pub fn routes() -> Vec<Route> {
    vec![Route::page("/complaints", Callers::Anyone, get(complaints))]
}

/// GET /complaints
async fn complaints(visit: Visit) -> Response {
    let locale = visit.locale();
    Page::new(&visit, t!(locale, complaints.title)).show(|| {
        view! {
            <h1>{t!(locale, complaints.title)}</h1>
            <p>{t!(locale, complaints.lead)}</p>
            <section class="block">
                <h2>{t!(locale, complaints.places)}</h2>
                <SummaryList rows=places(&visit) />
                <p>{t!(locale, complaints.bring)}</p>
            </section>
            <section class="block">
                <h2>{t!(locale, complaints.steps)}</h2>
                <Timeline entries=vec![
                    TimelineEntry::new(t!(locale, complaints.receive), t!(locale, complaints.receive_detail)),
                    TimelineEntry::new(t!(locale, complaints.decide), t!(locale, complaints.decide_detail)),
                    TimelineEntry::new(t!(locale, complaints.reply), t!(locale, complaints.reply_detail)),
                    TimelineEntry::new(t!(locale, complaints.review), t!(locale, complaints.review_detail)),
                ] />
            </section>
            <section class="block">
                <h2>{t!(locale, complaints.more)}</h2>
                <p>{t!(locale, complaints.pause)}</p>
                <p>{t!(locale, complaints.withdraw)}</p>
                <p>{t!(locale, complaints.group)}</p>
                <p>{t!(locale, complaints.rights)}</p>
            </section>
        }
        .into_any()
    })
}

/// Phone, e-mail and address as links.
fn places(visit: &Visit) -> Vec<SummaryRow> {
    let locale = visit.locale();
    let bank_details = &visit.bank_details;
    let call = |number: &str| {
        let href = format!("tel:{}", number.replace([' ', '-'], ""));
        view! { <a href=href>{number.to_owned()}</a> }
    };
    let mail = view! { <a href=format!("mailto:{}", bank_details.complaint_email)>{bank_details.complaint_email.clone()}</a> };
    vec![
        SummaryRow::new(t!(locale, complaints.phone), call(&bank_details.complaint_phone)),
        SummaryRow::new(t!(locale, complaints.hotline), call(&bank_details.hotline)),
        SummaryRow::new(t!(locale, complaints.email), mail),
        SummaryRow::new(t!(locale, complaints.address), bank_details.complaint_address(visit.language).to_owned()),
    ]
}
