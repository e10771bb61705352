//! The customer reception day (客户接待日, docs/domain.md §4) as customers see it: the form in three steps and the page of
//! an application. Rules, offers and the transaction are `bank::appointments::reception`.
//!
//! Reading order: `pages.rs` (GET), `sheet.rs` (what a page is made from), `steps/` (the three steps), `forms.rs` (POST),
//! `words.rs` (refusals and offers in words), `case.rs` (an application's page), `desk.rs` (an application on the desk),
//! `kind_words.rs` and `ui.rs` (all of it as one kind), `api.rs` (the browser's part).

pub mod api;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod kind_words;
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
pub use ui::ReceptionUi;

/// The form's address: it is shown there and posts there.
pub const PATH: &str = "/appointments/new/reception";

/// The form and its addresses.
#[cfg(feature = "ssr")]
pub(super) fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt {
        form: &bank::appointments::reception::FORM,
        path: PATH,
        list: "/appointments",
        case: |number| format!("/appointments/{number}"),
    }
}
