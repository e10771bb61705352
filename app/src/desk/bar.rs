//! The head of the desk: the bank's clock, the reader's branch with its closing time, and how old the data of the page are. Without
//! scripts it says when the page was made; with them it ticks and says whether the page is live. Behind it the list of
//! keys (`keys.js`): none of them works in a field, and they can be switched off.

use bank::branches::Reference;
use bank::kernel::language::{day_full, day_long};
use bank::kernel::time::hhmm;
use bank::sessions::Staff;
use leptos::prelude::*;

use crate::t;
use crate::ui::parts::ScreenAndPrint;
use crate::visit::Visit;

/// The head of the desk.
pub fn view(visit: &Visit, staff: &Staff, reference: &Reference) -> AnyView {
    let (l, language, today) = (visit.locale(), visit.language, visit.now.day());
    let time = hhmm(visit.now.time());
    let branch = staff.branch_id().and_then(|id| reference.branch(id));
    let place = branch.map_or_else(
        || t!(l, desk.head_office),
        |branch| {
            let name = branch.name(language).to_owned();
            match branch.hours.closing(&reference.calendar, today) {
                Some(closes) if closes <= visit.now.time() => t!(l, desk.bar.closed_since, branch = name, time = hhmm(closes)),
                Some(closes) => t!(l, desk.bar.closes, branch = name, time = hhmm(closes)),
                None => t!(l, desk.bar.closed, branch = name),
            }
        },
    );
    view! {
        <div class="desk-bar">
            <p class="desk-clock" data-now=visit.now.0.to_string()>{time.clone()}</p>
            <p>
                <b>{ScreenAndPrint::new(day_long(language, today), day_full(language, today)).view()}</b>
                <br />
                {place}
            </p>
            <p class="desk-mark" data-live=t!(l, desk.bar.live) data-lost=t!(l, desk.bar.lost)>
                {t!(l, desk.bar.as_of, time = time)}
            </p>
            <button type="button" class="desk-keys-open" hidden>
                <kbd>"?"</kbd>
                " "
                {t!(l, desk.keys.open)}
            </button>
        </div>
    }
    .into_any()
}

/// The list of keys, which the script opens.
pub fn keys(visit: &Visit) -> AnyView {
    let l = visit.locale();
    let keys = [
        ("J", t!(l, desk.keys.down)),
        ("K", t!(l, desk.keys.up)),
        ("Enter", t!(l, desk.keys.enter)),
        ("A", t!(l, desk.keys.act)),
        ("D", t!(l, desk.keys.decline)),
        ("N", t!(l, desk.keys.next)),
        ("/", t!(l, desk.keys.search)),
        ("?", t!(l, desk.keys.list)),
    ];
    let keys = keys.into_iter().map(|(key, words)| {
        view! {
            <div>
                <dt>
                    <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
            </div>
        }
    });
    view! {
        <dialog class="desk-keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{t!(l, desk.keys.title)}</h2>
            <dl>{keys.collect_view()}</dl>
            <label>
                <input type="checkbox" checked />
                " "
                {t!(l, desk.keys.used)}
            </label>
            <form method="dialog">
                <button class="button button-secondary">{t!(l, desk.keys.close)}</button>
            </form>
        </dialog>
    }
    .into_any()
}
