//! The large cash withdrawal (大额取款预约, docs/domain.md §3) as customers see it: the form in four steps, its
//! islands, and the page of a booking. Rules, offers and the transaction are `bank::appointments::cash`.
//!
//! Reading order: `pages.rs` (GET), `sheet.rs` (what a page is made from), `steps/` (the four steps), `forms.rs` (POST),
//! `words/` (the kind, its refusals and offers in words), `case.rs` (a booking's page), `desk.rs` and `desk_forms.rs` (a
//! booking on the desk), `ui.rs` (all of it as one kind), `islands/` and `api.rs` (the browser's part).

pub mod api;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod desk_forms;
#[cfg(feature = "ssr")]
mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod sheet;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use ui::CashUi;

/// The form's address: it is shown there and posts there.
pub const PATH: &str = "/appointments/new/cash";

/// The form and its addresses.
#[cfg(feature = "ssr")]
pub(super) fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt {
        form: &bank::appointments::cash::FORM,
        path: PATH,
        list: "/appointments",
        case: |number| format!("/appointments/{number}"),
    }
}
