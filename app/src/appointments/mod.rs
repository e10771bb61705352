//! Pages of appointments: the customer's list, the page of each, and the booking forms, one folder per kind. The rules are in
//! `bank::appointments`.
//!
//! Reading order: `list.rs` (the list), `case_page.rs` and `step_page.rs` (shared by the kinds), `proposal.rs` (another place
//! that the branch proposes), `message.rs` (subject of a message), `keep.rs` (print and calendar), then [`cash`],
//! [`reception`].

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
#[cfg(feature = "ssr")]
pub mod proposal;
pub mod reception;
#[cfg(feature = "ssr")]
mod step_page;

pub use print::PrintButton;

/// Path of one of the caller's appointments, of any kind.
pub const ADDRESS: &str = "/appointments/{number}";

#[cfg(feature = "ssr")]
pub use routes::{map, routes};

#[cfg(feature = "ssr")]
mod routes {
    use axum::routing::get;

    use bank::branches::Branch;

    use super::{keep, list};
    use crate::routes::{Callers, Route};

    /// The map that finds an address; it gets the branch's public address and nothing else.
    const MAP: &str = "https://uri.amap.com/search?keyword=";

    /// Address of a map that shows a branch.
    pub fn map(branch: &Branch) -> String {
        let searched: String = form_urlencoded::byte_serialize(branch.address_zh.as_bytes()).collect();
        format!("{MAP}{searched}")
    }

    /// Routes of this folder; the forms are routes of the kinds.
    pub fn routes() -> Vec<Route> {
        vec![
            Route::page("/appointments", Callers::Customers, get(list::mine)),
            Route::page("/appointments/{number}/calendar", Callers::Customers, get(keep::calendar)),
        ]
    }
}
