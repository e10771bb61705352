//! Turns bare error responses of the layers (panic, body too large or too slow, cross-site post, time-out) into pages with a way on. The
//! layer sits just inside the visit layer, so that the page is in the visitor's language.

use std::any::Any;

use app::page::PageError;
use app::visit::Visit;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bank::kernel::failure::Failure;
use http::StatusCode;
use tower_http::csrf::ProtectionError;

use crate::security::OtherOrigin;

/// Marks the response of a handler that panicked.
#[derive(Clone)]
struct Panicked(String);

/// The response to a panic before it becomes a page.
pub fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.extensions_mut().insert(Panicked(text));
    response
}

/// The status of a request that exceeded the time limit.
pub const TIMED_OUT: StatusCode = StatusCode::GATEWAY_TIMEOUT;

pub async fn refusals_layer(request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>().cloned();
    let response = next.run(request).await;
    let Some(visit) = visit else { return response };
    if let Some(Panicked(text)) = response.extensions().get::<Panicked>() {
        return PageError::Unexpected(Failure::Host(format!("panic: {text}"))).answer(&visit);
    }
    let extensions = response.extensions();
    if extensions.get::<ProtectionError>().is_some() || extensions.get::<OtherOrigin>().is_some() {
        return PageError::OtherSite.answer(&visit);
    }
    match response.status() {
        TIMED_OUT => PageError::Unexpected(Failure::TooSlow).answer(&visit),
        StatusCode::REQUEST_TIMEOUT => PageError::TooSlow.answer(&visit),
        StatusCode::PAYLOAD_TOO_LARGE if !is_html(&response) => PageError::TooLarge.answer(&visit),
        _ => response,
    }
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
