//! The messages of a case on the desk page, each with its delivery state.

use bank::kernel::language::{Language, moment};
use bank::kernel::time::At;
use bank::messages::{Delivery, Message};
use leptos::prelude::*;

use crate::messages::text;
use crate::t;
use crate::words::{Locale, locale};

/// The section; `None` if the case has no messages.
pub fn view(language: Language, messages: &[Message], now: At) -> Option<AnyView> {
    if messages.is_empty() {
        return None;
    }
    let l = locale(language);
    let lines = messages.iter().map(|message| {
        let written = moment(language, message.created_at, now);
        view! {
            <li>
                <p>{text(language, &message.kind, &message.details).title}</p>
                <p class="hint">{written} " · " {delivery_words(l, language, message.delivery, now)}</p>
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

fn delivery_words(l: Locale, language: Language, delivery: Delivery, now: At) -> String {
    match delivery {
        Delivery::Open => t!(l, desk.messages.open),
        Delivery::Sent(at) => t!(l, desk.messages.sent, when = moment(language, at, now)),
        Delivery::OverQuota => t!(l, desk.messages.over_quota),
        Delivery::GivenUp => t!(l, desk.messages.given_up),
    }
}
