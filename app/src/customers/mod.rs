//! Customers as branch staff enter and look them up (docs/domain.md §12): `/desk/customers`. No address holds a number of a
//! customer: a look-up is a stored form, whose page runs it. An activation code is shown once, by the response that makes it.
//!
//! Reading order: `lookup.rs`, `entry.rs` (the form of a new customer), `fields.rs` (its texts), `code.rs` (codes and resets).

mod code;
mod entry;
mod fields;
mod lookup;

use axum::routing::{get, post};
use bank::customers::{ENTER_FORM, LOOKUP_FORM};
use bank::sessions::Permission;

use crate::routes::{Callers, FormOf, Route};

/// The look-up.
pub const PATH: &str = "/desk/customers";

/// The form of a new customer.
const NEW: &str = "/desk/customers/new";

/// The page of a customer who was just entered.
const ENTERED: &str = "/desk/customers/entered";

/// Issues an activation code.
const CODE: &str = "/desk/customers/code";

/// Resets a sign-in.
const RESET: &str = "/desk/customers/reset";

pub fn routes() -> Vec<Route> {
    let enter = Callers::Staff(Permission::EnterCustomers);
    vec![
        Route::page(PATH, enter, get(lookup::page)),
        Route::post(PATH, enter, post(lookup::send)).of(FormOf::One(&LOOKUP_FORM)),
        Route::page(NEW, enter, get(entry::page)),
        Route::post(NEW, enter, post(entry::send)).of(FormOf::One(&ENTER_FORM)),
        Route::page(ENTERED, enter, get(entry::entered)),
        Route::post(CODE, enter, post(code::issue)),
        Route::post(RESET, Callers::Staff(Permission::ResetSignIn), post(code::reset)),
    ]
}
