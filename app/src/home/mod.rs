//! The first page. Before sign-in: what one can do here, branches, hours. For a customer: the next appointment, what is
//! half done, answers, tasks, three recommendations. For the administrator: the parameters in force. Staff go on to
//! the desk. Reading order: `pages.rs` (who sees what) → `mine.rs` (a customer's facts) → `parts.rs` (views).

mod greeting;
mod mine;
mod pages;
mod parameters;
mod parts;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![Route::show("/", Callers::Anyone, get(pages::home)), Route::take("/", Callers::Customers, post(pages::noted))]
}
