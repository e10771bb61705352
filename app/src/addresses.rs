//! Addresses as people and programs write them: a slash too many leads to the page it means, what cannot be read is an
//! address nobody has, and a method a page does not take is told as such. Each answer is a page of the portal.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use percent_encoding::percent_decode_str;

use crate::page::{PageError, moved};
use crate::routes::table;
use crate::visit::{App, Visit};

/// Longer addresses than any of ours, bytes with the query.
const LONGEST: usize = 8 * 1024;

/// Stops what no handler should see: paths that are no text, and addresses without end.
pub async fn layer(visit: Visit, request: Request, next: Next) -> Response {
    if visit.uri.len() > LONGEST {
        return PageError::AddressTooLong.answer(&visit);
    }
    let readable = percent_decode_str(request.uri().path()).decode_utf8();
    if readable.is_ok_and(|path| !path.contains(char::is_control)) {
        next.run(request).await
    } else {
        PageError::NotFound.answer(&visit)
    }
}

/// An address nobody has: where slashes are all that is wrong, the way to the one that is meant.
pub async fn unknown(visit: Visit, State(_app): State<App>) -> Response {
    let (path, query) = visit.uri.split_once('?').map_or((visit.uri.as_str(), None), |(path, query)| (path, Some(query)));
    let meant = format!("/{}", path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    if meant == path || !table().iter().any(|route| fits(route.path, &meant)) {
        return PageError::NotFound.answer(&visit);
    }
    moved(&query.map_or_else(|| meant.clone(), |query| format!("{meant}?{query}")))
}

/// Whether an address is one of this route's.
fn fits(route: &str, path: &str) -> bool {
    let (mut route, mut path) = (route.split('/'), path.split('/'));
    loop {
        match (route.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(part)) if wanted == part || wanted.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// A method the address does not take; the router adds which ones it does.
pub async fn method_not_allowed(visit: Visit, State(_app): State<App>) -> Response {
    PageError::MethodNotAllowed.answer(&visit)
}
