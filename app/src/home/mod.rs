//! The home page. Before sign-in: tasks, branches, hours. For customers: the next appointment, unfinished forms, answers,
//! tasks, three recommendations. Staff are redirected to the desk or to the parameters (`/settings`); a role with neither gets
//! a notice. Reading order: `pages.rs` (selects the page) → `data.rs` (a customer's data) → `parts.rs` (views).

mod data;
mod greeting;
mod pages;
pub(crate) mod parameters;
mod parts;

use axum::routing::{get, post};
use bank::sessions::Permission;

use crate::routes::{Callers, Route};

pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/", Callers::Anyone, get(pages::home)),
        Route::post("/", Callers::Acting, post(pages::noted)),
        Route::page("/settings", Callers::Staff(Permission::SeeSettings), get(pages::settings)),
    ]
}
