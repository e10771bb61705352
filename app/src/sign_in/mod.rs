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
        Route::page("/login", Callers::Anyone, get(pages::sign_in)),
        Route::post("/login", Callers::Anyone, post(forms::sign_in)),
        Route::page(session::REMAINING, Callers::Anyone, get(session::remaining_time)),
        Route::post(session::STAY, Callers::Anyone, post(session::remaining_time)),
        Route::post("/logout", Callers::Anyone, post(forms::sign_out)),
        Route::post("/language", Callers::Anyone, post(forms::language)),
    ]
}

/// Keeps the name typed at a refused sign-in.
const NAME_COOKIE: &str = "sign_in_name";
