//! `/.well-known/security.txt` (RFC 9116): where to report a weakness of the portal. The address is that of the bank for
//! complaints; the bank's clock dates it, so that it never expires while the portal runs.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bank::kernel::time::day_text;

use crate::page::PageError;
use crate::routes::{Callers, Route};
use crate::visit::{App, Visit};

const PATH: &str = "/.well-known/security.txt";

/// How long a copy of the file may be used, days. The standard recommends less than a year.
const VALID_DAYS: i64 = 30;

pub fn routes() -> Vec<Route> {
    vec![Route::page(PATH, Callers::Anyone, get(security_txt))]
}

/// GET /.well-known/security.txt
async fn security_txt(visit: Visit, State(app): State<App>) -> Response {
    let email = &visit.bank_details.complaint_email;
    if email.is_empty() {
        return PageError::NotFound.answer(&visit);
    }
    let expires = day_text(visit.now.plus_days(VALID_DAYS).day());
    let mut text = format!("Contact: mailto:{email}\nExpires: {expires}T00:00:00+08:00\nPreferred-Languages: zh, en\n");
    // The standard permits https only.
    if app.origin.starts_with("https:") {
        text = format!("{text}Canonical: {}{PATH}\n", app.origin);
    }
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
