//! Sign-in, sign-out and the language switch. Before sign-in there is no owner for a form row, so a refusal is passed in the
//! query (`?refused=`) and the typed name in a five-minute cookie. A password is never stored.

pub mod cookie;
mod forms;
mod pages;
pub mod parameters;
pub mod session;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

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

/// Keeps the name typed at a refused sign-in.
const NAME_COOKIE: &str = "sign_in_name";
