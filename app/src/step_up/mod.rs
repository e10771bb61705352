//! `/step-up`: a fresh proof of who is there before acts that ask for one (docs/domain.md §12). The route table names the acts
//! ([`crate::routes::Asking`]); the guard of the route asks before the handler runs. What was typed is kept, and the person comes back to
//! the form and presses once more: the press that was asked about may be minutes old by then, and what the page shows may have changed.
//!
//! Reading order: `ask.rs` (the guard), `pages.rs` (the page and its form), `sent.rs` (with a code to the customer's phone, also after
//! the password at sign-in).

mod ask;
mod pages;
mod sent;

use axum::routing::{get, post};

pub use ask::ask;
pub use pages::{Waiting, notice};
pub use sent::{give as give_sent, is_of_sent_page, show as show_sent};

use crate::routes::{Callers, Route};

/// Path of the page and of its form.
const PATH: &str = "/step-up";

/// A hidden field of forms without a state: the page to come back to.
pub const BACK: &str = "back";

pub fn routes() -> Vec<Route> {
    vec![Route::page(PATH, Callers::Enrolling, get(pages::page)), Route::post(PATH, Callers::Enrolling, post(pages::give))]
}
