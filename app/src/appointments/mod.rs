//! Appointments as people see them: the list of mine, the page of each, and the forms that make them, one folder per
//! kind. What an appointment means is in `bank::appointments`.
//!
//! Reading order: `list.rs` (mine), `case_page.rs` and `step_page.rs` (what the kinds' pages and forms share), `message.rs`
//! (what a message is about), `keep.rs` (to print, to a calendar), then [`cash`], [`reception`].

#[cfg(feature = "ssr")]
mod case_page;
pub mod cash;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod message;
mod print;
pub mod reception;
#[cfg(feature = "ssr")]
mod step_page;

pub use print::PrintButton;

/// The address of one of the caller's appointments, of any kind.
pub const ADDRESS: &str = "/appointments/{number}";

#[cfg(feature = "ssr")]
pub use routes::routes;

#[cfg(feature = "ssr")]
mod routes {
    use axum::routing::get;

    use super::{keep, list};
    use crate::routes::{Callers, Route};

    /// The addresses of this folder; a kind's form is the kind's own.
    pub fn routes() -> Vec<Route> {
        vec![
            Route::show("/appointments", Callers::Customers, get(list::mine)),
            Route::show("/appointments/{number}/calendar", Callers::Customers, get(keep::calendar)),
        ]
    }
}
