//! Pages of the customer reception day (客户接待日, docs/domain.md §4): the form in three steps and the page of an application.
//! Rules and transaction are in `bank::appointments::reception`.
//!
//! Reading order: `pages.rs` (GET), `form_data.rs` (data of a page), `steps/` (the three steps), `forms.rs` (POST), `words.rs`
//! (texts of refusals and offers), `case.rs` (page of an application), `desk.rs` (an application on the desk),
//! `kind_words.rs` and `ui.rs` (the kind's interface), `api.rs` (browser side).

pub mod api;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
pub mod form_data;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod kind_words;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use ui::ReceptionUi;

/// Path of the form.
pub const PATH: &str = "/appointments/new/reception";

/// The form with its URLs.
#[cfg(feature = "ssr")]
pub(super) fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt {
        form: &bank::appointments::reception::FORM,
        path: PATH,
        list: "/appointments",
        case: |number| format!("/appointments/{number}"),
    }
}
