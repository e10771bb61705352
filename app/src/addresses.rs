//! Unusual URLs: superfluous slashes redirect to the intended page, undecodable paths are "not found", and an unsupported
//! method gets 405. Every response is a page of the portal.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use percent_encoding::percent_decode_str;

use crate::page::{PageError, moved};
use crate::routes::table;
use crate::visit::{App, Visit};

/// Maximum length of a URL with its query, bytes; all URLs of the portal are shorter.
const LONGEST: usize = 8 * 1024;

/// The answer to an undecodable path or a too long URL, for which no handler runs.
pub fn refused(visit: &Visit, uri: &Uri) -> Option<Response> {
    if visit.uri.len() > LONGEST {
        return Some(PageError::AddressTooLong.answer(visit));
    }
    let readable = percent_decode_str(uri.path()).decode_utf8();
    let readable = readable.is_ok_and(|path| !path.contains(char::is_control));
    (!readable).then(|| PageError::NotFound.answer(visit))
}

/// The response for an unknown path: a redirect if only slashes are superfluous, otherwise "not found".
pub async fn unknown(visit: Visit, State(_app): State<App>) -> Response {
    let (path, query) = visit.uri.split_once('?').map_or((visit.uri.as_str(), None), |(path, query)| (path, Some(query)));
    let meant = format!("/{}", path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    if meant == path || !table().iter().any(|route| fits(route.path, &meant)) {
        return PageError::NotFound.answer(&visit);
    }
    moved(&query.map_or_else(|| meant.clone(), |query| format!("{meant}?{query}")))
}

/// Whether a path matches the pattern of a route.
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

/// The response for an unsupported method; the router adds the `Allow` header.
pub async fn method_not_allowed(visit: Visit, State(_app): State<App>) -> Response {
    PageError::MethodNotAllowed.answer(&visit)
}
