//! The appearance of pages: elder mode and theme, chosen by buttons at the end of every page (docs/domain.md §12). The server
//! renders the choice on `<html>`, so the first paint is right and no script is needed. Pages are not cached (`no-store`), so
//! none is shown in an earlier appearance; a button names its value, so another tab that has not been reloaded sets what it says.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use bank::kernel::failure::Failure;
use bank::sessions::{Appearance, ChosenAppearance, Mode, SessionTime, Theme, Visitor, set_appearance};
use leptos::prelude::*;

use crate::local_path::LocalPath;
use crate::page::{PageError, see_other};
use crate::routes::{Callers, Route};
use crate::submission::Submission;
use crate::t;
use crate::ui::display_switch::{DisplaySwitch, SwitchButton};
use crate::visit::{App, Visit};

/// Path that sets the appearance.
pub const PATH: &str = "/appearance";

/// The button of a page's own form that sets the appearance and keeps what is typed.
pub const SWITCH: &str = "appearance";

/// The browser's choice, as `elder.dark`; it outlives sign-in and sign-out.
const COOKIE: &str = "appearance";

/// The script that reads a page of the elder mode aloud.
pub const READ_ALOUD: &str = include_str!("read_aloud.js");

/// How long the cookie is kept, seconds (a year).
const COOKIE_SECONDS: i64 = 365 * 24 * 3600;

pub fn routes() -> Vec<Route> {
    vec![Route::post(PATH, Callers::Anyone, post(change))]
}

/// The appearance of a request: the user's own choice, then the browser's.
pub fn of(visitor: &Visitor, jar: &CookieJar) -> Appearance {
    let cookie = jar.get(COOKIE).and_then(|cookie| cookie.value().split_once('.'));
    let browser = cookie.map(|(mode, theme)| ChosenAppearance::read(Some(mode), Some(theme))).unwrap_or_default();
    visitor.appearance.or(browser).shown()
}

/// The end of a session and its warning, which comes earlier in the elder mode.
pub fn warning(appearance: Appearance, time: SessionTime) -> SessionTime {
    match appearance.mode {
        Mode::Normal => time,
        Mode::Elder => SessionTime { warns: time.warns_elder, ..time },
    }
}

/// The choice of a [`SWITCH`] button.
pub fn of_switch(code: &str) -> Option<ChosenAppearance> {
    let chosen = ChosenAppearance::read(Some(code), Some(code));
    (!chosen.is_empty()).then_some(chosen)
}

/// Stores the choice with the signed-in user; returns the cookie that keeps the appearance in this browser.
pub async fn choose(app: &App, visit: &Visit, chosen: ChosenAppearance) -> Result<Cookie<'static>, Failure> {
    set_appearance(&app.bank, &visit.caller, chosen).await?;
    let Appearance { mode, theme } = visit.appearance;
    let shown = chosen.or(ChosenAppearance { mode: Some(mode), theme: Some(theme) }).shown();
    Ok(app.cookie.cookie(COOKIE, format!("{}.{}", shown.mode.code(), shown.theme.code()), COOKIE_SECONDS))
}

/// POST /appearance: `mode`, `theme` or both, and `to`, the page to return to.
async fn change(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let (mode, theme) = (form.0.filled("mode"), form.0.filled("theme"));
    let chosen = ChosenAppearance::read(mode, theme);
    if chosen.is_empty() || chosen.mode.is_some() != mode.is_some() || chosen.theme.is_some() != theme.is_some() {
        return PageError::NoSuchAppearance.answer(&visit);
    }
    let back = see_other(form.0.filled("to").map_or_else(|| "/".into(), LocalPath::from));
    match choose(&app, &visit, chosen).await {
        Ok(cookie) => (jar.add(cookie), back).into_response(),
        Err(failure) => PageError::from(failure).answer(&visit),
    }
}

/// The offer of the elder mode on the home page of an old person who has not decided. Either button decides.
pub fn offer(visit: &Visit) -> Option<AnyView> {
    let locale = visit.locale();
    (visit.offer_elder && visit.path() == "/").then(|| {
        let button = |mode: Mode, text: String| view! { <button type="submit" name="mode" value=mode.code()>{text}</button> };
        view! {
            <aside class="offer no-print" aria-label=t!(locale, appearance.label)>
                <form method="post" action=PATH>
                    <input type="hidden" name="to" value="/" />
                    <p>{t!(locale, appearance.offer)}</p>
                    {button(Mode::Elder, t!(locale, appearance.offer_yes))}
                    {button(Mode::Normal, t!(locale, appearance.offer_no))}
                </form>
            </aside>
        }
        .into_any()
    })
}

/// The buttons at the end of a page. With `form`, the id of the page's own form, they submit it, so that typed text is kept.
pub fn switch(visit: &Visit, form: Option<&str>) -> DisplaySwitch {
    let locale = visit.locale();
    let button = |name, value: &str, text, pressed| SwitchButton { name, value: value.to_owned(), text, pressed };
    let elder = visit.appearance.mode == Mode::Elder;
    let other = if elder { (Mode::Normal, t!(locale, appearance.normal)) } else { (Mode::Elder, t!(locale, appearance.elder)) };
    let theme = |theme: Theme| {
        let text = match theme {
            Theme::Auto => t!(locale, appearance.auto),
            Theme::Light => t!(locale, appearance.light),
            Theme::Dark => t!(locale, appearance.dark),
        };
        button("theme", theme.code(), text, Some(theme == visit.appearance.theme))
    };
    DisplaySwitch {
        action: PATH,
        to: visit.uri.clone(),
        form: form.map(str::to_owned),
        label: t!(locale, appearance.label),
        mode: button("mode", other.0.code(), other.1, None),
        theme_label: t!(locale, appearance.theme),
        themes: Theme::ALL.map(theme).into(),
    }
}
