//! The first page. Before sign-in: what one can do here, branches, hours. For a customer: the next appointment, what is
//! half done, answers, tasks, three recommendations. Staff go on to the desk, or to the parameters in force (`/settings`);
//! a role that has neither is told so. Reading order: `pages.rs` (who sees what) → `mine.rs` (a customer's facts) → `parts.rs` (views).

mod greeting;
mod mine;
mod pages;
mod parameters;
mod parts;

use axum::routing::{get, post};
use bank::sessions::Permission;

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/", Callers::Anyone, get(pages::home)),
        Route::take("/", Callers::Customers, post(pages::noted)),
        Route::show("/settings", Callers::Staff(Permission::SeeSettings), get(pages::settings)),
    ]
}
