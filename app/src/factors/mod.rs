//! The second factor (docs/domain.md §12): `/me/factor`, where a user, customer or staff, sets it up, and `/login/code`, which
//! asks for it, or for a code to the phone, after the password. A code is never stored, so a refused form is answered with
//! the page itself (422). Recovery codes are shown once, by the response that makes them.
//!
//! Reading order: `pages.rs` (the page in its three states), `codes.rs` (the recovery codes), `words.rs` (refusals),
//! `forms.rs` (POST), `sign_in.rs` (after the password).

mod codes;
mod forms;
mod pages;
mod sign_in;
pub mod words;

use axum::routing::{get, post};
use bank::sessions::{Awaiting, Needed};

pub use codes::show as show_codes;
pub use pages::section;

use crate::routes::{Asking, Callers, Route};
use crate::step_up::BACK;
use crate::ui::parts::Fields;

/// Path of the page and of its forms.
pub const PATH: &str = "/me/factor";

/// Where a code is asked for after the password: of the second factor, or one that is sent to the phone.
pub const CODE: &str = "/login/code";

/// The page that a session comes to before anything else, with the page that is wanted.
pub fn first(awaiting: &Awaiting, next: &str) -> String {
    let path = match awaiting.needs() {
        Needed::Code | Needed::SentCode => CODE,
        Needed::Enrolment => PATH,
    };
    with_next(path, next)
}

/// The page that asks for a code after the password, and leads on whoever is past it.
pub fn code_page(next: &str) -> String {
    with_next(CODE, next)
}

/// A path with the page that is wanted after it.
pub fn with_next(path: &str, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

/// Hidden fields of a form of such a page: the page that is wanted, and the page itself, to come back to after a step-up.
pub fn next_fields(path: &str, next: &str) -> Fields {
    let back = if next.is_empty() { path.to_owned() } else { with_next(path, next) };
    vec![("next".to_owned(), next.to_owned()), (BACK.to_owned(), back)]
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::page(CODE, Callers::Anyone, get(sign_in::page)),
        Route::post(CODE, Callers::Anyone, post(sign_in::give)),
        Route::page(PATH, Callers::Enrolling, get(pages::factor)),
        Route::post(PATH, Callers::Enrolling, post(forms::factor)).asking(Asking::By(&["begin", "confirm"])),
    ]
}
