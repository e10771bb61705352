//! The messages of a case on the desk page, each with its delivery state; in print with full dates.

use bank::kernel::language::{Language, moment, moment_full};
use bank::kernel::time::At;
use bank::messages::{Delivery, Message};
use leptos::prelude::*;

use crate::messages::text;
use crate::t;
use crate::ui::parts::ScreenAndPrint;
use crate::words::{Locale, locale};

/// The section; `None` if the case has no messages.
pub fn view(language: Language, messages: &[Message], now: At) -> Option<AnyView> {
    if messages.is_empty() {
        return None;
    }
    let l = locale(language);
    let lines = messages.iter().map(|message| {
        let written = dated(language, message.created_at, now).view();
        let delivery = delivery_words(l, message.delivery, |at| dated(language, at, now)).view();
        view! {
            <li>
                <p>{text(language, &message.kind, &message.details).title}</p>
                <p class="hint">{written} " · " {delivery}</p>
            </li>
        }
    });
    Some(
        view! {
            <section>
                <h2>{t!(l, desk.messages.title)}</h2>
                <ul class="desk-notes">{lines.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

fn dated(language: Language, at: At, now: At) -> ScreenAndPrint {
    ScreenAndPrint::new(moment(language, at, now), moment_full(language, at))
}

fn delivery_words(l: Locale, delivery: Delivery, dated: impl Fn(At) -> ScreenAndPrint) -> ScreenAndPrint {
    match delivery {
        Delivery::Open => t!(l, desk.messages.open).into(),
        Delivery::Sent(at) => dated(at).map(|when| t!(l, desk.messages.sent, when = when)),
        Delivery::OverQuota => t!(l, desk.messages.over_quota).into(),
        Delivery::GivenUp => t!(l, desk.messages.given_up).into(),
    }
}
