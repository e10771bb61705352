//! The desk (工作台): the queue of cases waiting for an answer, and the page of a case with the actions its state allows. Branch
//! staff see the cases of their branch, head office all. Effects of actions are in `bank`, texts of history in `cases`, parts
//! that differ by kind in `kinds::Desk`; this folder knows no kind by name.
//!
//! Reading order: `query.rs` (filters), `queue.rs` and `due.rs` (the list), `case.rs` and `messages.rs` (a case), `form.rs`,
//! `fields.rs` and `refused.rs` (its forms), `pages.rs` (GET), `acts.rs` and `phone.rs` (POST), `board.rs` (the day board), `live.rs`, `live.js` and `api.rs` (live
//! updates), `bar.rs` and `keys.js` (the head of the desk, keys).

mod acts;
mod api;
mod bar;
mod board;
mod case;
mod due;
mod fields;
mod form;
mod live;
mod messages;
mod pages;
mod phone;
mod query;
mod queue;
mod refused;

use axum::routing::{get, post};
use bank::sessions::{Permission, Staff};

pub use api::{day_board, queue_changes};
pub use form::{CaseForm, FORM};
#[cfg(test)]
pub use refused::refusal_words;

use crate::routes::{Asking, Callers, FormOf, Route};
use crate::t;
use crate::ui::parts::Link;
use crate::words::Locale;

pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/desk", Callers::Staff(Permission::SeeCases), get(pages::desk)),
        Route::page(LIST, Callers::Staff(Permission::SeeCases), get(pages::desk)),
        Route::page(BOARD, Callers::Staff(Permission::SeeCases), get(board::page)),
        Route::page(BOARD_LIST, Callers::Staff(Permission::SeeCases), get(board::page)),
        Route::post(SEARCH, Callers::Staff(Permission::SeeCases), post(pages::search)),
        Route::stream(EVENTS, Callers::Staff(Permission::SeeCases), get(live::events)),
        Route::page("/desk/cases/{number}", Callers::Staff(Permission::SeeCases), get(pages::case)),
        Route::post("/desk/cases/{number}/phone", Callers::Staff(Permission::AnswerCases), post(phone::show))
            .asking(Asking::Always),
        // The operation checks the permission of each action.
        Route::post("/desk/cases/{number}", Callers::Staff(Permission::AnswerCases), post(acts::act))
            .of(FormOf::One(&FORM))
            .asking(Asking::By(&["approve"])),
    ]
}

/// The links to the desk and to its day board, which a clerk without a branch does not have.
pub fn links(locale: Locale, staff: &Staff, here: &str, waiting: Option<u64>) -> Vec<Link> {
    let elsewhere = [BOARD, crate::customers::PATH];
    let is_here = here.starts_with("/desk") && !elsewhere.iter().any(|path| here.starts_with(path));
    let desk = Link::new("/desk", t!(locale, page.desk_waiting)).current(is_here);
    let mut links = vec![match waiting {
        Some(waiting) => desk.count(waiting),
        None => desk,
    }];
    if staff.branch_id().is_some() || staff.scope(Permission::SeeCases).is_whole_bank() {
        links.push(Link::new(BOARD, t!(locale, page.day_board)).current(here == BOARD));
    }
    links
}

/// Path of the event stream.
pub const EVENTS: &str = "/desk/events";

/// Path of the same list for the script of an open page, whose reads are not activity of the session.
pub const LIST: &str = "/desk/list";

/// Path of the day board of a branch.
pub const BOARD: &str = "/desk/day";

/// The same for the script of an open board.
pub const BOARD_LIST: &str = "/desk/day/list";

/// Where a number is looked for.
const SEARCH: &str = "/desk/search";

/// Path of a case on the desk, without filters.
fn case_path(number: &str) -> String {
    format!("/desk/cases/{number}")
}

/// Where the phone number of a case is shown.
fn phone_path(number: &str) -> String {
    format!("/desk/cases/{number}/phone")
}

#[cfg(test)]
mod tests {
    /// The small module scripts together stay below 8 kB, and that without compression.
    #[test]
    fn the_small_scripts_stay_small() {
        assert!(super::live::SCRIPT.len() + crate::sign_in::session::SCRIPT.len() <= 8 * 1024);
    }
}
