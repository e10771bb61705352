//! Suggestions: theirs as customers meet them, a new one, the life of one until it is answered, and one on the desk. What
//! may be said is decided by `bank::suggestions`.
//!
//! Reading order: `pages.rs` (mine, new), `case.rs` (one), `forms.rs` (what a POST does), `desk.rs`, `words.rs` and
//! `kind_words.rs`, `ui.rs` (all of it as one kind).

mod case;
mod desk;
mod forms;
mod kind_words;
mod pages;
mod ui;
mod words;

pub use ui::SuggestionUi;

/// The list of mine.
const PATH: &str = "/suggestions";

/// Where a new suggestion is written and posted to.
const NEW: &str = "/suggestions/new";

/// The form and its addresses.
fn at() -> crate::form::FormAt<'static> {
    crate::form::FormAt { form: &bank::suggestions::FORM, path: NEW, list: PATH, case: |number| format!("/suggestions/{number}") }
}
