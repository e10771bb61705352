//! Appointments as people see them: the list of mine, the page of each, and the forms that make them, one folder per
//! kind. What an appointment means is in `bank::appointments`.
//!
//! Reading order: `list.rs` (mine), `case.rs` (one of them: dispatch by kind), `case_page.rs` and `step_page.rs` (what the
//! kinds' pages and forms share), `keep.rs` (to print, to a calendar), then [`cash`], [`reception`].

#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod case_page;
pub mod cash;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod list;
mod print;
pub mod reception;
#[cfg(feature = "ssr")]
mod step_page;

pub use print::PrintButton;

#[cfg(feature = "ssr")]
pub use routes::routes;

#[cfg(feature = "ssr")]
mod routes {
    use axum::routing::{get, post};

    use super::{case, cash, keep, list, reception};
    use crate::routes::{Callers, Route};

    /// The addresses of this folder.
    pub fn routes() -> Vec<Route> {
        vec![
            Route::show("/appointments", Callers::Customers, get(list::mine)),
            Route::show("/appointments/{number}", Callers::Customers, get(case::show)),
            Route::take("/appointments/{number}", Callers::Customers, post(case::take)),
            Route::show("/appointments/{number}/calendar", Callers::Customers, get(keep::calendar)),
            Route::show(cash::PATH, Callers::Customers, get(cash::pages::new)),
            Route::take(cash::PATH, Callers::Customers, post(cash::forms::take)),
            Route::show(reception::PATH, Callers::Customers, get(reception::pages::new)),
            Route::take(reception::PATH, Callers::Customers, post(reception::forms::take)),
        ]
    }
}
