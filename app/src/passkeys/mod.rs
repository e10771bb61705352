//! Passkeys (docs/domain.md §12): `/me/passkeys`, where a user, customer or staff, adds and removes them, and `/passkey`, where one is
//! given, after the password or for a step-up. The ceremony needs the browser's interface, so a small module script runs it and sends
//! the form; the pages say so without scripts, and a code does the same.
//!
//! Reading order: `pages.rs` and `forms.rs` (`/me/passkeys`), `give.rs` (`/passkey`), `ceremony.js`, `words.rs` (refusals).

mod forms;
mod give;
mod pages;
pub mod words;

use axum::routing::{get, post};
use bank::sessions::RelyingParty;
use leptos::prelude::*;

pub use give::entrance;
pub use pages::section;

use crate::routes::{Asking, Callers, Route};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::parts::Tone;
use crate::visit::{App, Visit};

/// Path of the page of a user's passkeys and of its forms.
pub const PATH: &str = "/me/passkeys";

/// Path of the page where one is given.
const GIVE: &str = "/passkey";

/// Runs the ceremony of a form `[data-passkey]`.
const SCRIPT: &str = include_str!("ceremony.js");

/// The portal as authenticators know it; `None` at an address that cannot have passkeys.
fn party(app: &App) -> Option<RelyingParty> {
    RelyingParty::of(&app.origin)
}

/// What a form of a ceremony says when the device, the browser or the person does not go along, and to a browser without scripts.
fn obstacles(visit: &Visit) -> AnyView {
    let l = visit.locale();
    view! {
        <noscript>
            <Banner tone=Tone::Wait title=t!(l, passkeys.scripts) text=t!(l, passkeys.scripts_text) />
        </noscript>
        <div data-passkey-failed="" hidden>
            <Banner tone=Tone::Wait title=t!(l, passkeys.cancelled) text=t!(l, passkeys.cancelled_text) />
        </div>
    }
    .into_any()
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::page(GIVE, Callers::Anyone, get(give::page)),
        Route::post(GIVE, Callers::Anyone, post(give::give)),
        Route::page(PATH, Callers::Enrolling, get(pages::passkeys)),
        Route::post(PATH, Callers::Enrolling, post(forms::passkeys)).asking(Asking::By(&["begin", "remove", "renew"])),
    ]
}
