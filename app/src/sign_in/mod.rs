//! Sign-in, sign-out and the language switch. Before sign-in there is no owner a form state could have, so a refusal
//! comes back as a known `?refused=` code and a five-minute cookie with the name; a password is stored nowhere.

pub mod cookie;
mod forms;
mod pages;
pub mod session;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/login", Callers::Anyone, get(pages::sign_in)),
        Route::take("/login", Callers::Anyone, post(forms::sign_in)),
        Route::show(session::LEFT, Callers::Anyone, get(session::left)),
        Route::take(session::STAY, Callers::Anyone, post(session::left)),
        Route::take("/logout", Callers::Anyone, post(forms::sign_out)),
        Route::take("/language", Callers::Anyone, post(forms::language)),
    ]
}

/// Remembers the name that was typed when a sign-in is refused.
const NAME_COOKIE: &str = "sign_in_name";
