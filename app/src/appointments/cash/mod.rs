//! Pages of the large cash withdrawal (大额取款预约, docs/domain.md §3): the form in four steps, its islands, and the page of a
//! booking. Rules and transaction are in `bank::appointments::cash`.
//!
//! Reading order: `pages.rs` (GET), `form_data.rs` (data of a page), `steps/` (the four steps), `forms.rs` (POST), `moving.rs` (the same form for a booking that is moved), `words/` (texts
//! of the kind, refusals and offers), `case.rs` (page of a booking), `approver.rs` (a company's second person), `desk.rs` and `desk_forms.rs` (a booking on the desk),
//! `ui.rs` (the kind's interface), `islands/` and `api.rs` (browser side).

pub mod api;
#[cfg(feature = "ssr")]
mod approver;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod desk_forms;
#[cfg(feature = "ssr")]
pub mod form_data;
#[cfg(feature = "ssr")]
mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
mod moving;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use ui::CashUi;

/// Path of the form.
pub const PATH: &str = "/appointments/new/cash";

/// The form with its URLs.
#[cfg(feature = "ssr")]
pub(super) fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt {
        form: &bank::appointments::cash::FORM,
        path: PATH,
        list: "/appointments",
        case: |number| format!("/appointments/{number}"),
    }
}
