//! Headers of every response, and the protection against cross-site form posts. The content security policy is set by
//! `app::visit`, which knows the nonce.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{
    HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use tower_http::csrf::{ConfigError, CsrfLayer};

use crate::config::PublicOrigin;

/// Two years, as required for browsers' preload lists.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Sets the headers that do not depend on the page; `secure` if the portal is reached by https.
pub fn with_headers<B>(secure: bool, mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    response
}

/// Marks the refusal of a post from another origin than the configured one.
#[derive(Clone, Copy, Debug)]
pub struct OtherOrigin;

/// Middleware: a post from another origin than the configured one is refused, whatever host the request names.
pub async fn own_origin_only(State(origin): State<PublicOrigin>, request: Request, next: Next) -> Response {
    let foreign = |named: &HeaderValue| named.to_str().map_or(true, |named| !origin.admits(named));
    if request.method().is_safe() || !request.headers().get_all(ORIGIN).iter().any(foreign) {
        return next.run(request).await;
    }
    let mut refused = Response::new(Body::empty());
    *refused.status_mut() = StatusCode::FORBIDDEN;
    refused.extensions_mut().insert(OtherOrigin);
    refused
}

/// Middleware: a request that names two hosts is malformed (RFC 9112 §3.2); proxies and this server could read different ones.
pub async fn one_host_only(request: Request, next: Next) -> Response {
    if request.headers().get_all(HOST).iter().count() > 1 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    next.run(request).await
}

/// Refuses cross-site posts of a browser. A client that is not a browser sends neither `Origin` nor `Sec-Fetch-Site` and
/// passes, because it holds nobody else's cookies.
pub fn same_site_only(origin: &PublicOrigin) -> Result<CsrfLayer, ConfigError> {
    CsrfLayer::new().add_trusted_origin(origin.as_str())
}
