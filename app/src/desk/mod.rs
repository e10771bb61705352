//! The desk (工作台): one queue of cases waiting for an answer, and everything about a case with the buttons its state
//! allows. Staff of a branch see its cases, head office all of them. What a button does is the capability's own
//! (`bank`), the life of a case in words is `cases`. What differs by kind is the kind's own (`kinds::Desk`): this folder
//! names no kind.
//!
//! Reading order: `query.rs` (filters), `queue.rs` and `due.rs` (the list), `case.rs` and `messages.rs` (a case), `form.rs`,
//! `fields.rs` and `refused.rs` (its forms), `pages.rs` (GET), `acts.rs` (POST), `live.rs`, `live.js` and `api.rs` (what an open
//! page hears).

mod acts;
mod api;
mod case;
mod due;
mod fields;
mod form;
mod live;
mod messages;
mod pages;
mod query;
mod queue;
mod refused;

use axum::routing::{get, post};
use bank::sessions::Permission;

pub use api::queue_changes;
pub use form::{CaseForm, FORM};
#[cfg(test)]
pub use refused::refusal_words;

use crate::routes::{Callers, FormOf, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/desk", Callers::Staff(Permission::SeeCases), get(pages::desk)),
        Route::listen(EVENTS, Callers::Staff(Permission::SeeCases), get(live::events)),
        Route::show("/desk/cases/{number}", Callers::Staff(Permission::SeeCases), get(pages::case)),
        // Which of the actions on the page the role allows, the operation decides.
        Route::take("/desk/cases/{number}", Callers::Staff(Permission::AnswerCases), post(acts::act)).of(FormOf::One(&FORM)),
    ]
}

/// The stream of what changes.
pub const EVENTS: &str = "/desk/events";

/// The address of a case on the desk, without filters.
fn case_path(number: &str) -> String {
    format!("/desk/cases/{number}")
}
