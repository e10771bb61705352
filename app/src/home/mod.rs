//! The home page. Before sign-in: tasks, each branch's earliest free day, what the bank promises. For customers: the next
//! appointment, unfinished forms, unread answers, tasks. Staff are redirected to the desk or to the parameters (`/settings`); a role with neither gets
//! a notice. Reading order: `pages.rs` (selects the page) → `data.rs` (a customer's data) → `parts.rs` (views).

mod approver;
mod countdown;
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
