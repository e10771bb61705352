//! The remaining time of a session: without scripts every signed-in page says at its end until when its form can be sent; with
//! them a small script warns before the session ends (docs/domain.md §12). Answering the warning is activity; a page asking by itself is not.

use axum::Json;
use axum::response::{IntoResponse, Response};
use bank::kernel::time::{At, hhmm};
use bank::sessions::{Mode, SessionTime};
use leptos::prelude::*;
use serde::Serialize;

use crate::t;
use crate::visit::Visit;

/// Path that returns the remaining time.
pub const REMAINING: &str = "/session/left";

/// Path that extends the session.
pub const STAY: &str = "/session";

/// The script that shows the warning.
pub const SCRIPT: &str = include_str!("session.js");

/// Remaining seconds until the end and until the warning.
#[derive(Clone, Debug, Default, Serialize)]
struct RemainingTime {
    ends: i64,
    warns: i64,
}

/// GET /session/left and POST /session. Only the POST is activity.
pub async fn remaining_time(visit: Visit) -> Response {
    Json(visit.session.map(|time| read(&visit, time)).unwrap_or_default()).into_response()
}

fn read(visit: &Visit, time: SessionTime) -> RemainingTime {
    let until = |at: At| (at.0 - visit.now.0).max(0) / 1_000;
    RemainingTime { ends: until(time.ends), warns: until(time.warns) }
}

/// The note for browsers without scripts and the warning dialog, at the end of every signed-in page.
pub fn view(visit: &Visit) -> Option<AnyView> {
    let locale = visit.locale();
    let time = visit.session?;
    let remaining = read(visit, time);
    let elder = visit.appearance.mode == Mode::Elder;
    let class = if elder { "session-dialog calm" } else { "session-dialog" };
    let minutes = (time.ends.0 - time.warns.0) / 60_000;
    Some(
        view! {
            <section
                class="session no-print"
                aria-label=t!(locale, sign_in.session_title)
                data-ends=remaining.ends.to_string()
                data-warns=remaining.warns.to_string()
                data-over=t!(locale, sign_in.session_over)
                data-last=t!(locale, sign_in.session_last)
            >
                // With scripts the dialog says it when it matters.
                <noscript>
                    <p class="session-note">{t!(locale, sign_in.session_until, time = hhmm(time.ends.time()))}</p>
                </noscript>
                <dialog class=class role="alertdialog" aria-labelledby="session-title" aria-describedby="session-text">
                    <h2 id="session-title">{t!(locale, sign_in.session_title)}</h2>
                    <p id="session-text" role=elder.then_some("alert")>{t!(locale, sign_in.session_text, minutes = minutes)}</p>
                    <div class="actions">
                        <button type="button" class="button" data-stay="" autofocus>{t!(locale, sign_in.session_stay)}</button>
                        <a class="button" href="/login" target="_blank" rel="noopener" data-sign-in="" hidden>
                            {t!(locale, sign_in.session_sign_in)}
                        </a>
                        <button type="button" class="button button-secondary" data-close="">{t!(locale, sign_in.session_close)}</button>
                    </div>
                </dialog>
            </section>
        }
        .into_any(),
    )
}
