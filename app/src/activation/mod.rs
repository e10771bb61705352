//! Activation: a user sets a password with a one-time secret (docs/domain.md §12). A staff member follows a link, whose secret
//! moves at once from the address into a short-lived cookie, so that no referrer, history or log holds it. A customer types a code
//! together with the customer number and the end of the ID number.
//!
//! Nobody is signed in yet, so there is no owner for a form row: a refused form is answered with the page itself (422), which
//! shows the typed values again, passwords excepted.

mod forms;
mod pages;
pub(crate) mod password;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The path of an activation link without its secret.
pub const LINK: &str = "/activate/";

/// The page for customers.
pub const BY_CODE: &str = "/activate";

/// The page that the link leads to.
const BY_LINK: &str = "/activate/link";

/// Holds the secret of a link that was followed.
const SECRET_COOKIE: &str = "activation";

/// How long it is held, seconds.
const SECRET_SECONDS: i64 = 900;

pub fn routes() -> Vec<Route> {
    vec![
        Route::page(BY_CODE, Callers::Anyone, get(pages::by_code)),
        Route::post(BY_CODE, Callers::Anyone, post(forms::by_code)),
        Route::page("/activate/{code}", Callers::Anyone, get(pages::follow_link)),
        Route::page(BY_LINK, Callers::Anyone, get(pages::by_link)),
        Route::post(BY_LINK, Callers::Anyone, post(forms::by_link)),
    ]
}
