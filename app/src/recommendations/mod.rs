//! Pages of recommendations: `/recommendations` (personalised, or the list without personalisation) and `/products/{code}`
//! (all about one product, and why it is or is not recommended). The decisions are made in `bank::recommendations`; pages
//! neither add reasons nor leave drawbacks out.
//! Reading order: `words.rs` (facts and rules as text) → `cards.rs` → `pages.rs`, `product.rs` → `forms.rs`.

pub mod cards;
mod forms;
mod pages;
pub mod parameters;
mod product;
pub mod words;

use axum::routing::{get, post};

pub use pages::notice_changed;

use crate::routes::{Callers, Route};

/// The text of the notice under which the consent is given.
pub const NOTICE: &str = "/recommendations/notice";

pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/recommendations", Callers::Persons, get(pages::recommendations)),
        Route::post("/recommendations", Callers::Persons, post(forms::recommendations)),
        Route::page(NOTICE, Callers::Persons, get(pages::notice)),
        Route::page("/products/{code}", Callers::Persons, get(product::product)),
    ]
}
