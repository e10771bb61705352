//! The page with the recovery codes, shown once, to be printed or copied.

use axum::response::Response;
use bank::sessions::Secret;
use leptos::prelude::*;

use crate::appointments::PrintButton;
use crate::local_path::LocalPath;
use crate::page::Page;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::LinkButton;
use crate::ui::parts::Tone;
use crate::visit::Visit;

/// The codes just made, and the way to the page that is wanted.
pub fn show(visit: &Visit, codes: &[Secret], next: &str) -> Response {
    let (l, next) = (visit.locale(), LocalPath::from(next));
    let bank = visit.bank_details.name(visit.language).to_owned();
    let codes: Vec<String> = codes.iter().map(Secret::grouped).collect();
    Page::new(visit, t!(l, factors.codes.title)).show(move || {
        view! {
            <h1>{t!(l, factors.codes.title)}</h1>
            <Banner tone=Tone::Wait title=t!(l, factors.codes.once) text=t!(l, factors.codes.once_text) />
            <section class="slip">
                <h2>{t!(l, factors.codes.slip, bank = bank)}</h2>
                <ul class="recovery-codes">
                    {codes.into_iter().map(|code| view! { <li class="case-number">{code}</li> }).collect_view()}
                </ul>
                <p class="hint">{t!(l, factors.codes.keep)}</p>
            </section>
            <div class="actions no-print">
                <LinkButton href=next.as_str().to_owned() text=t!(l, factors.codes.go_on) />
                <PrintButton text=t!(l, appointments.print) />
            </div>
        }
        .into_any()
    })
}
