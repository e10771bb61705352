//! Logs: one line per request, every line with the request's reference. Query strings, form values and names are never
//! logged, because a log must not hold personal data.

use std::io::IsTerminal as _;
use std::time::Instant;

use app::founding::NotFounded;
use app::visit::{App, RequestReference};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use tracing::Instrument as _;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Returns the reference to the client.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The log filter without `RUST_LOG`.
const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// Starts logging, once per process, to standard error: standard output is for the results of commands.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let started = match format {
        LogFormat::Plain => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Tests call this several times in one process; the first call wins.
    drop(started);
}

/// Gives the request a reference and logs its outcome.
pub async fn request_layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let reference = reference(&app);
    request.extensions_mut().insert(RequestReference(reference.clone()));
    let method = request.method().clone();
    // Logs the route, not the path, because a path may hold a case number.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let begun = Instant::now();
    let span = tracing::info_span!("request", %reference, %method, route);
    async move {
        let mut response = next.run(request).await;
        let status = response.status();
        let ms = begun.elapsed().as_millis();
        if is_fault(&response) {
            tracing::error!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::info!(status = status.as_u16(), ms, "answered");
        }
        if let Ok(value) = HeaderValue::from_str(&reference) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Whether the server could not do what was asked. A portal that waits for its bank is none: the log says it once.
fn is_fault(response: &Response) -> bool {
    response.status().is_server_error() && response.extensions().get::<NotFounded>().is_none()
}

/// Eight letters and digits that can be read out over the phone. A client's own header is ignored.
fn reference(app: &App) -> String {
    app.bank.new_id().map_or_else(|_| "unknown0".to_owned(), |id| id.chars().take(8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::StatusCode;

    #[test]
    fn a_portal_without_a_bank_is_not_at_fault() {
        let mut response = Response::new(Body::empty());
        assert!(!is_fault(&response));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        assert!(is_fault(&response));
        response.extensions_mut().insert(NotFounded);
        assert!(!is_fault(&response));
    }
}
