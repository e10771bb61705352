//! `/complaints`: where and how to complain, and when the bank answers (docs/domain.md §8). By law phone, address, e-mail and
//! process must be public, so the page needs no sign-in. Complaints cannot be filed in the portal yet.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use bank::kernel::forms::{FormRow, find_form};
use bank::kernel::ids::Key;
use bank::sessions::Caller;
use bank::suggestions::FORM;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::branches::phone_link;
use crate::form::FormQuery;
use crate::page::{Page, PageError};
use crate::routes::{Callers, Route};
use crate::suggestions;
use crate::t;
use crate::typed::display_text;
use crate::ui::button::{ButtonKind, LinkButton};
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::timeline::{Timeline, TimelineEntry};
use crate::visit::{App, LenientQuery, Visit};

pub const PATH: &str = "/complaints";

pub fn routes() -> Vec<Route> {
    vec![Route::page(PATH, Callers::Anyone, get(complaints))]
}

/// GET /complaints. With the key of a suggestion's form, its writer finds the text here, ready to be sent or read out.
async fn complaints(visit: Visit, State(app): State<App>, LenientQuery(query): LenientQuery<FormQuery>) -> Response {
    let written = async {
        let (Caller::Customer(customer), Some(key)) = (&visit.caller, query.key()?) else { return Ok(None) };
        let row = FormRow { owner: customer.user_id(), form: &FORM, key: &key };
        let state = find_form(&app.bank, row).await?;
        Ok::<_, PageError>(state.and_then(|state| state.shown(&FORM).filled("content").map(|text| (text.to_owned(), key))))
    };
    match written.await {
        Ok(written) => show(&visit, written),
        Err(error) => error.answer(&visit),
    }
}

fn show(visit: &Visit, written: Option<(String, Key)>) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, complaints.title)).show(|| {
        view! {
            <h1>{t!(locale, complaints.title)}</h1>
            <p>{t!(locale, complaints.lead)}</p>
            {written.map(|(text, key)| taken_along(visit, &text, &key))}
            <section class="block">
                <h2>{t!(locale, complaints.places)}</h2>
                <SummaryList rows=places(visit) />
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

/// The customer's own words, with a press for each way to make the complaint with them.
fn taken_along(visit: &Visit, text: &str, key: &Key) -> AnyView {
    let locale = visit.locale();
    let bank_details = &visit.bank_details;
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let subject = part(&t!(locale, complaints.subject));
    let mail = format!("mailto:{}?subject={subject}&body={}", bank_details.complaint_email, part(text));
    let call = phone_link(&bank_details.complaint_phone);
    let back = format!("{}?key={key}", suggestions::NEW);
    view! {
        <section class="block">
            <h2>{t!(locale, complaints.yours)}</h2>
            <p class="quote">{display_text(text)}</p>
            <p>{t!(locale, complaints.yours_text)}</p>
            <div class="actions">
                <LinkButton href=mail text=t!(locale, complaints.by_mail) />
                <LinkButton
                    href=call
                    text=t!(locale, complaints.by_phone, phone = bank_details.complaint_phone.clone())
                    kind=ButtonKind::Secondary
                />
            </div>
            <p>
                <a href=back>{t!(locale, complaints.back)}</a>
            </p>
        </section>
    }
    .into_any()
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
