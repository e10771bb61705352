//! Pages of suggestions: the customer's list, a new one, the page of one, and a suggestion on the desk. The rules are in
//! `bank::suggestions`.
//!
//! Reading order: `pages.rs` (list, new), `case.rs` (one suggestion), `forms.rs` (POST), `desk.rs`, `words.rs` and
//! `kind_words.rs`, `ui.rs` (the kind's interface).

mod case;
mod desk;
mod forms;
mod kind_words;
mod pages;
mod ui;
mod words;

pub use ui::SuggestionUi;
pub use words::category_words;

/// Path of the customer's list.
const PATH: &str = "/suggestions";

/// Path of the form.
pub const NEW: &str = "/suggestions/new";

/// The form with its URLs.
fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt { form: &bank::suggestions::FORM, path: NEW, list: PATH, case: |number| format!("/suggestions/{number}") }
}
