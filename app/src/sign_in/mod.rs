//! Sign-in, sign-out and the language switch. Before sign-in there is no owner for a form row, so a refusal is passed in the
//! query (`?refused=`) and the typed name in a five-minute cookie. A password is never stored.

pub mod cookie;
mod forms;
mod pages;
pub mod parameters;
pub mod session;
pub mod source;

use axum::routing::{get, post};
use axum_extra::extract::cookie::Cookie;
use bank::sessions::Caller;

pub(crate) use forms::{enter, hold};
pub(crate) use pages::password_field;
pub(crate) use source::CameFrom;

use crate::local_path::LocalPath;
use crate::routes::{Callers, Route};
use crate::visit::{App, start};

pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/login", Callers::Anyone, get(pages::sign_in)),
        Route::post("/login", Callers::Anyone, post(forms::sign_in)),
        Route::page(session::REMAINING, Callers::Anyone, get(session::remaining_time)),
        Route::post(session::STAY, Callers::Anyone, post(session::remaining_time)),
        Route::post("/logout", Callers::Anyone, post(forms::sign_out)),
        Route::post("/language", Callers::Anyone, post(forms::language)),
    ]
}

/// The page after sign-in: the one that was wanted, for staff of the desk if it is there.
pub fn landing(caller: &Caller, next: Option<LocalPath>) -> LocalPath {
    let start = start(caller);
    next.filter(|next| start != "/desk" || next.as_str().starts_with("/desk")).unwrap_or_else(|| start.into())
}

/// Keeps the name typed at a refused sign-in, or the name of the user who has just set a password.
const NAME_COOKIE: &str = "sign_in_name";

/// How long that name is kept, seconds.
const NAME_SECONDS: i64 = 300;

/// The longest name that is kept, bytes. No sign-in name is longer, and a browser would send the cookie with every request.
const NAME_MAX: usize = 256;

/// The cookie that puts a name into the field of the sign-in page.
pub fn name_cookie(app: &App, name: &str) -> Cookie<'static> {
    let kept = if name.len() <= NAME_MAX { name } else { "" };
    app.cookie.cookie(NAME_COOKIE, form_urlencoded::byte_serialize(kept.as_bytes()).collect(), NAME_SECONDS)
}
