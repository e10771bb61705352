//! Surveys as people meet them: the list, a group of questions a page, the check page, and the page after submitting.
//! Every question says why it is asked; none is required. What shows and what is kept is decided by `bank::surveys`.
//!
//! Reading order: `pages.rs` (which page), `group.rs` and `check.rs` (the two kinds of page), `list.rs`,
//! `submitted.rs`, `forms.rs` (what a POST does), `islands.rs` (branching at once).

mod islands;

#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod group;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod submitted;

pub use islands::SurveyBranching;

#[cfg(feature = "ssr")]
pub use addresses::*;

#[cfg(feature = "ssr")]
mod addresses {
    use axum::routing::{get, post};

    use super::{forms, list, pages, submitted};
    use crate::routes::{Callers, Route};

    /// The addresses of this folder.
    pub fn routes() -> Vec<Route> {
        vec![
            Route::show("/surveys", Callers::Persons, get(list::list)),
            Route::show("/surveys/{code}", Callers::Persons, get(pages::page)),
            Route::take("/surveys/{code}", Callers::Persons, post(forms::take)),
            Route::show("/surveys/{code}/submitted", Callers::Persons, get(submitted::submitted)),
        ]
    }

    /// Where a survey's form is and posts to.
    pub fn address(code: &str) -> String {
        format!("/surveys/{code}")
    }

    /// The page after submitting.
    pub fn submitted_address(code: &str, already: bool) -> String {
        let notice = if already { "?notice=already" } else { "" };
        format!("/surveys/{code}/submitted{notice}")
    }
}
