//! Shared by the server functions: the request they answer, and their errors. The status is the whole error: each caller in the
//! browser has its own texts.

use axum::http::{StatusCode, header};
use bank::kernel::failure::Failure;
use leptos::prelude::*;

use crate::page::{RETRY_AFTER, failure_status};
use crate::visit::{App, Visit};

/// The server and the request of the running server function.
pub fn request() -> Result<(App, Visit), ServerFnError> {
    use_context::<App>().zip(use_context::<Visit>()).ok_or_else(|| refused(StatusCode::INTERNAL_SERVER_ERROR))
}

/// An error with this status; with 503 it says when to try again.
pub fn refused(status: StatusCode) -> ServerFnError {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header(header::RETRY_AFTER, RETRY_AFTER);
        }
    }
    ServerFnError::new(status.as_str())
}

/// The error of a technical failure, which is logged with the request's reference.
pub fn failed(visit: &Visit, failure: &Failure, what: &str) -> ServerFnError {
    tracing::error!(reference = %visit.reference, error = %failure, "{what}");
    refused(failure_status(failure))
}
