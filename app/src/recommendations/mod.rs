//! Recommendations as people see them: `/recommendations` (chosen for me, or the list without personalisation) and
//! `/products/{code}` (everything about one product, and why it is or is not recommended to me). The decisions are
//! `bank::recommendations`; nothing here adds a reason or leaves out what speaks against a product.
//! Reading order: `words.rs` (facts and rules in words) → `cards.rs` → `pages.rs`, `product.rs` → `forms.rs`.

pub mod cards;
mod forms;
mod pages;
mod product;
pub mod words;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/recommendations", Callers::Persons, get(pages::recommendations)),
        Route::take("/recommendations", Callers::Persons, post(forms::recommendations)),
        Route::show("/products/{code}", Callers::Persons, get(product::product)),
    ]
}
