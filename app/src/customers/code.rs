//! Issues activation codes and resets sign-ins. The response that makes a code shows it, once, as a slip to print; it is never
//! stored.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{CodeRefusal, IssuedCode, issue_code, reset_customer};
use bank::kernel::failure::Rejected;
use bank::kernel::ids::Key;
use bank::kernel::language::moment_full;
use bank::kernel::people::IdType;
use bank::sessions::{ResetOf, Staff};
use leptos::prelude::*;

use super::PATH;
use crate::appointments::PrintButton;
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::LinkButton;
use crate::ui::parts::Tone;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::{App, Visit};

/// POST /desk/customers/code
pub async fn issue(visit: Visit, staff: Staff, State(app): State<App>, form: Submission) -> Response {
    let Ok(key) = Key::parse(form.key()) else { return PageError::BadForm.answer(&visit) };
    answer(&visit, &app, &form, issue_code(&app.bank, &staff, form.0.typed("user"), &key).await)
}

/// POST /desk/customers/reset
pub async fn reset(visit: Visit, staff: Staff, State(app): State<App>, form: Submission) -> Response {
    let Ok(key) = Key::parse(form.key()) else { return PageError::BadForm.answer(&visit) };
    let checked = form.0.filled("id_type").and_then(IdType::parse).filter(|_| form.0.ticked("id_checked"));
    let of = ResetOf::ticked(form.0.ticked("factor_lost"));
    answer(&visit, &app, &form, reset_customer(&app.bank, &staff, form.0.typed("user"), &key, checked, of).await)
}

/// The page with the code, or the way back with the reason.
fn answer(visit: &Visit, app: &App, form: &Submission, issued: Result<IssuedCode, Rejected<CodeRefusal>>) -> Response {
    let from = form.0.filled("from").and_then(|key| Key::parse(key).ok()).map_or_else(String::new, |key| format!("key={key}&"));
    match issued {
        Ok(issued) => show(visit, app, &issued),
        Err(Rejected::Refused(refusal)) => {
            let code = match refusal {
                CodeRefusal::NotFound => "not_found",
                CodeRefusal::Active => "active",
                CodeRefusal::Shown => "shown",
                CodeRefusal::IdUnchecked => "id_unchecked",
            };
            see_other(&format!("{PATH}?{from}refused={code}"))
        }
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(visit),
    }
}

fn show(visit: &Visit, app: &App, issued: &IssuedCode) -> Response {
    let (l, origin) = (visit.locale(), &*app.origin);
    let rows = vec![
        SummaryRow::new(t!(l, customers.number), issued.number.clone()),
        SummaryRow::new(t!(l, customers.slip.until), moment_full(visit.language, issued.until)),
        SummaryRow::new(t!(l, customers.code), view! { <b class="case-number slip-code">{issued.secret.grouped()}</b> }),
    ];
    // Without the scheme, as people type it.
    let address = format!("{}{}", origin.split_once("://").map_or(origin, |(_, host)| host), crate::activation::BY_CODE);
    let (bank, name) = (visit.bank_details.name(visit.language).to_owned(), issued.sign_in_name.clone());
    let local = app.origin_is_local;
    Page::new(visit, t!(l, customers.code_title)).show(move || {
        view! {
            <h1>{t!(l, customers.code_title)}</h1>
            <Banner tone=Tone::Wait title=t!(l, customers.code_once) text=t!(l, customers.code_once_text) />
            {local
                .then(|| {
                    view! { <Banner tone=Tone::Wait title=t!(l, customers.slip.local_title) text=t!(l, customers.slip.local_text) /> }
                })}
            <section class="slip">
                <h2>{t!(l, customers.slip.title, bank = bank)}</h2>
                <SummaryList rows=rows boxed=false />
                <ol>
                    <li>{t!(l, customers.slip.open)} " " <b class="slip-address">{address}</b></li>
                    <li>{t!(l, customers.slip.fill)}</li>
                    <li>{t!(l, customers.slip.sign_in, name = name)}</li>
                </ol>
                <p class="hint">{t!(l, customers.slip.keep)}</p>
            </section>
            <div class="actions no-print">
                <PrintButton text=t!(l, appointments.print) />
                <LinkButton href=PATH text=t!(l, customers.back) />
            </div>
        }
        .into_any()
    })
}
