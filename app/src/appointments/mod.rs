//! Pages of appointments: the customer's list, the page of each, and the booking forms, one folder per kind. The rules are in
//! `bank::appointments`.
//!
//! Reading order: `list.rs` (the list), `case_page.rs` and `step_page.rs` (shared by the kinds), `message.rs` (subject of a
//! message), `keep.rs` (print and calendar), then [`cash`], [`reception`].

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

/// Path of one of the caller's appointments, of any kind.
pub const ADDRESS: &str = "/appointments/{number}";

#[cfg(feature = "ssr")]
pub use routes::routes;

#[cfg(feature = "ssr")]
mod routes {
    use axum::routing::get;

    use super::{keep, list};
    use crate::routes::{Callers, Route};

    /// Routes of this folder; the forms are routes of the kinds.
    pub fn routes() -> Vec<Route> {
        vec![
            Route::page("/appointments", Callers::Customers, get(list::mine)),
            Route::page("/appointments/{number}/calendar", Callers::Customers, get(keep::calendar)),
        ]
    }
}
