//! Suggestions as customers meet them: theirs, a new one, and the life of one until it is answered. What may be said is
//! decided by `bank::suggestions`; the desk answers in `desk`.
//!
//! Reading order: `pages.rs` (mine, new), `case.rs` (one), `forms.rs` (what a POST does), `words.rs`.

mod case;
mod forms;
mod pages;
mod words;

use axum::routing::{get, post};

pub use words::{category_words, refusal_words};

use crate::routes::{Callers, Route};

/// Where a new suggestion is written and posted to.
const NEW: &str = "/suggestions/new";

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/suggestions", Callers::Customers, get(pages::mine)),
        Route::show(NEW, Callers::Customers, get(pages::new)),
        Route::take(NEW, Callers::Customers, post(forms::new)),
        Route::show("/suggestions/{number}", Callers::Customers, get(case::case)),
        Route::take("/suggestions/{number}", Callers::Customers, post(forms::read)),
    ]
}
