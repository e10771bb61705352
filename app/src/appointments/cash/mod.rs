//! The large cash withdrawal (大额取款预约, docs/domain.md §3) as customers see it: the form in four steps, its
//! islands, and the page of a booking. Rules, offers and the transaction are `bank::appointments::cash`.
//!
//! Reading order: `pages.rs` (GET), `sheet.rs` (what a page is made from), `steps/` (the four steps), `forms.rs` (POST),
//! `words/` (refusals and offers in words), `case.rs` (a booking's page), `islands/` and `api.rs` (the browser's part).

pub mod api;
#[cfg(feature = "ssr")]
pub(super) mod case;
#[cfg(feature = "ssr")]
pub(super) mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
pub(super) mod pages;
#[cfg(feature = "ssr")]
mod sheet;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
pub(crate) mod words;

/// The form's address: it is shown there and posts there.
pub const PATH: &str = "/appointments/new/cash";
