//! `/me`: what the bank holds about the caller (masked), what they agreed to, their language, their sessions
//! (docs/domain.md §12). The facts a recommendation may name as a reason can all be opened here.
//! Reading order: `pages.rs` (the page) → `sections.rs` (its parts) → `forms.rs`.

mod forms;
mod pages;
mod sections;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/me", Callers::Customers, get(pages::me)), Route::take("/me", Callers::Customers, post(forms::me))]
}
