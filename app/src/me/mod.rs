//! `/me`: the caller's own data (masked), consents, language and sessions (docs/domain.md §12). Every fact that a
//! recommendation may name as a reason is shown here. Staff see their language, password and sessions.
//! Reading order: `pages.rs` (the page) → `sections.rs` (its parts) → `forms.rs` → `password.rs`.

mod forms;
mod pages;
mod password;
mod sections;

use axum::routing::{get, post};

pub(crate) use password::PATH as PASSWORD;
pub(crate) use sections::{id_kind, notice_words};

use crate::routes::{Asking, Callers, Route};

pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/me", Callers::SignedIn, get(pages::me)),
        Route::post("/me", Callers::SignedIn, post(forms::me)).asking(Asking::By(&["end", "end_others"])),
        Route::page(password::PATH, Callers::SignedIn, get(password::page)),
        Route::post(password::PATH, Callers::SignedIn, post(password::change)),
    ]
}
