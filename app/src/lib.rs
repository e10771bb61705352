//! Pages, forms, islands and server functions, one folder per capability with the same name as in `bank`. Pages and forms
//! exist on the server only (feature `ssr`); the browser compiles islands, server function stubs and `bank`'s rules. Start
//! at `routes.rs`; the frame of a page is `page.rs`.

// The type of a page is deeply nested, although components return `AnyView`.
#![recursion_limit = "256"]

pub mod appointments;
pub mod form_api;
pub mod islands;
pub mod surveys;
pub mod ui;
pub mod words;

#[expect(unused_qualifications, clippy::pedantic, clippy::allow_attributes, reason = "generated from locales/ by build.rs")]
mod catalogue {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use catalogue::i18n;

#[cfg(feature = "ssr")]
pub mod activation;
#[cfg(feature = "ssr")]
pub mod addresses;
#[cfg(feature = "ssr")]
pub mod admin;
#[cfg(feature = "ssr")]
mod again;
#[cfg(feature = "ssr")]
mod api;
#[cfg(feature = "ssr")]
pub mod appearance;
#[cfg(feature = "ssr")]
pub mod branches;
#[cfg(feature = "ssr")]
pub mod cases;
#[cfg(feature = "ssr")]
pub mod complaints;
#[cfg(feature = "ssr")]
pub mod customers;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entries;
#[cfg(feature = "ssr")]
pub mod factors;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod founding;
#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod home;
#[cfg(feature = "ssr")]
pub mod installable;
#[cfg(feature = "ssr")]
pub mod kinds;
#[cfg(feature = "ssr")]
pub mod local_path;
#[cfg(feature = "ssr")]
pub mod me;
#[cfg(feature = "ssr")]
pub mod messages;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod paging;
#[cfg(feature = "ssr")]
pub mod passkeys;
#[cfg(feature = "ssr")]
pub mod recommendations;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod security_txt;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(feature = "ssr")]
pub mod step_up;
#[cfg(feature = "ssr")]
pub mod submission;
#[cfg(feature = "ssr")]
pub mod suggestions;
#[cfg(feature = "ssr")]
mod typed;
#[cfg(feature = "ssr")]
mod unreadable;
#[cfg(feature = "ssr")]
pub mod visit;

/// The pages of every kind of case, in the order of the home page and the desk.
#[cfg(feature = "ssr")]
pub static KINDS: &[&dyn kinds::Ui] =
    &[&appointments::cash::CashUi, &appointments::reception::ReceptionUi, &suggestions::SuggestionUi];

/// The pages of every kind of change that administrators propose.
#[cfg(feature = "ssr")]
pub static CHANGES: &[&dyn admin::ChangeUi] = &[
    &admin::ParameterUi,
    &admin::CalendarUi,
    &admin::BranchUi,
    &admin::HoursUi,
    &admin::ClosureUi,
    &admin::ClosingUi,
    &admin::ProductUi,
    &admin::ReceptionUi,
    &admin::JoinerUi,
    &admin::MoverUi,
    &admin::LeaverUi,
    &admin::RESET_UI,
    &admin::UNLOCK_UI,
    &admin::RenameUi,
    &admin::RoleUi,
];
