//! The desk (工作台): one queue of cases waiting for an answer, and everything about a case with the buttons its state
//! allows. Clerk and branch head see every branch for now. What a button does is the capability's own (`bank`), the
//! life of a case in words is `cases`.
//!
//! Reading order: `query.rs` (filters), `queue.rs` and `due.rs` (the list), `case.rs` (a case), `form.rs` and
//! `refused.rs` (its forms), `cash.rs`, `cash_actions.rs`, `reception.rs`, `suggestion.rs` (the kinds), `pages.rs` (GET), `acts.rs` (POST).

mod acts;
mod case;
mod cash;
mod cash_actions;
mod due;
mod form;
mod pages;
mod query;
mod queue;
mod reception;
mod refused;
mod suggestion;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/desk", Callers::Staff, get(pages::desk)),
        Route::show("/desk/cases/{number}", Callers::Staff, get(pages::case)),
        Route::take("/desk/cases/{number}", Callers::Staff, post(acts::act)),
    ]
}

/// The address of a case on the desk, without filters.
fn case_path(number: &str) -> String {
    format!("/desk/cases/{number}")
}
