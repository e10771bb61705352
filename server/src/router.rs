//! The router and the layers of every request, outermost first: request reference and log · headers · last-resort panic
//! handler · compression · assets · visit (reference data read once, caller, language, page policy, readable paths) · error
//! pages · same-site check · time-out · panic handler · body · routes. Access rules of the routes are in `app::routes`.
//!
//! Layers that stand together are given to the router as one (a tuple, the first is the outermost): with each layer given by
//! itself axum copies all layers below it, so that thirteen of them would be copied ninety times for a request.

use std::error::Error;

use app::routes::server_functions;
use app::visit::{App, Visit, visit_layer};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use bank::sessions::Caller;
use http::{StatusCode, header};
use http_body_util::LengthLimitError;
use leptos::prelude::provide_context;
use tokio::time::timeout;
use tower::util::MapResponseLayer;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::assets::assets_layer;
use crate::config::PublicOrigin;
use crate::limits::Limits;
use crate::pages::{TIMED_OUT, panicked, refusals_layer};
use crate::security::{one_host_only, own_origin_only, same_site_only, with_headers};
use crate::telemetry::request_layer;

/// How hard pages are compressed, by brotli or gzip. Measured by `server/benches/pages` on thirteen pages of 14.4 kB on average:
/// brotli 1 gives 4.3 kB in 0.04 ms, brotli 4 3.8 kB in 0.12 ms, brotli 6 3.4 kB in 0.18 ms, gzip 1 4.4 kB in 0.03 ms. The half
/// kilobyte of the higher levels seldom saves a packet, and a page is compressed for every reader, because it has a nonce.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(1);

/// Limit for reading the body of a server function's error, bytes.
const MOST_SAID: usize = 64 * 1024;

/// The complete router of the portal.
pub fn router(app: App, origin: &PublicOrigin, limits: Limits) -> anyhow::Result<Router> {
    let pages = app::routes::router(&app).route("/api/{*fn_name}", any(server_function)).layer((
        from_fn_with_state(app.clone(), visit_layer),
        from_fn(refusals_layer),
        from_fn_with_state(origin.clone(), own_origin_only),
        same_site_only(origin)?,
        TimeoutLayer::with_status_code(TIMED_OUT, limits.answer_time),
        CatchPanicLayer::custom(panicked),
        from_fn_with_state(limits, whole_body),
    ));
    let probes = Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz));
    Ok(outer_layers(probes.merge(app::installable::router()).merge(pages), &app, origin).with_state(app))
}

/// The layers of every response, whatever answers: log, headers, last-resort panic handler, compression, assets.
pub fn outer_layers(routes: Router<App>, app: &App, origin: &PublicOrigin) -> Router<App> {
    let secure = origin.is_secure();
    routes.layer((
        from_fn_with_state(app.clone(), request_layer),
        MapResponseLayer::new(move |response| with_headers(secure, response)),
        CatchPanicLayer::new(),
        from_fn(one_host_only),
        CompressionLayer::new().quality(COMPRESSION),
        from_fn(assets_layer),
    ))
}

/// Middleware: reads the body, so that nothing behind it waits for a client. A body that comes too slowly is answered 408, one
/// that is too large 413, one that is broken 400.
async fn whole_body(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let refused = match timeout(limits.body_time, to_bytes(body, limits.body_bytes)).await {
        Ok(Ok(body)) => return next.run(Request::from_parts(parts, body.into())).await,
        Ok(Err(error)) if error.source().is_some_and(<dyn Error>::is::<LengthLimitError>) => StatusCode::PAYLOAD_TOO_LARGE,
        Ok(Err(_)) => StatusCode::BAD_REQUEST,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    // As the rest of the body is not read, the connection is closed.
    refused.into_response()
}

/// Liveness: the process runs.
async fn healthz() -> &'static str {
    "ok"
}

/// Readiness: the database can be read and written.
async fn readyz(State(app): State<App>) -> Response {
    match app.bank.db().ready().await {
        Ok(()) => "ready".into_response(),
        Err(failure) => {
            tracing::error!(error = %failure, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
        }
    }
}

/// Server functions, called by islands. Access is denied by default: a function without an access rule does not exist.
async fn server_function(State(app): State<App>, visit: Visit, request: Request) -> Response {
    let path = request.uri().path();
    let Some(function) = server_functions().into_iter().find(|function| function.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let unsent = function.keeps_unsent && visit.ended.is_some();
    if !unsent && !function.callers.admit(&visit.caller) {
        return denied(&visit.caller).into_response();
    }
    if request.headers().get(header::ACCEPT).is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/html")) {
        // A form posted here without its island would be answered with a redirect to the Referer.
        return StatusCode::NOT_ACCEPTABLE.into_response();
    }
    let provide = move || {
        provide_context(app.clone());
        provide_context(visit.clone());
    };
    let answer = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
    unreadable_is_theirs(answer).await
}

/// Turns a 500 for arguments that cannot be parsed into 400: leptos reports the caller's mistake as a server error.
async fn unreadable_is_theirs(answer: Response) -> Response {
    if answer.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    let said = to_bytes(body, MOST_SAID).await.unwrap_or_default();
    let unreadable = [&b"Deserialization|"[..], b"Args|", b"MissingArg|"].iter().any(|kind| said.starts_with(kind));
    let mut answer = Response::from_parts(parts, Body::from(said));
    if unreadable {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    answer
}

/// An island gets a status code, because it has no page to redirect.
fn denied(caller: &Caller) -> StatusCode {
    match caller {
        Caller::Nobody | Caller::Ended(_) | Caller::Awaiting(_) => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    }
}
