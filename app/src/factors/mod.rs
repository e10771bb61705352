//! `/me/factor`: the second factor of the signed-in user, customer or staff (docs/domain.md §12). A code is never stored, so a refused
//! form is answered with the page itself (422). Recovery codes are shown once, by the response that makes them.
//!
//! Reading order: `pages.rs` (the page in its three states), `codes.rs` (the recovery codes), `words.rs` (refusals), `forms.rs` (POST).

mod codes;
mod forms;
mod pages;
mod words;

use axum::routing::{get, post};

pub use pages::section;

use crate::routes::{Callers, Route};

/// Path of the page and of its forms.
pub const PATH: &str = "/me/factor";

pub fn routes() -> Vec<Route> {
    vec![Route::page(PATH, Callers::SignedIn, get(pages::factor)), Route::post(PATH, Callers::SignedIn, post(forms::factor))]
}
