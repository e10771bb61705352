//! The server function of an open desk page. Its access rule is in `routes.rs`.

use bank::cases::QueueCounts;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// The current counts of the list.
#[server(endpoint = "queue_changes", input = Json)]
pub async fn queue_changes() -> Result<QueueCounts, ServerFnError> {
    host::changes().await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::cases::QueueCounts;
    use bank::sessions::{Caller, Permission};
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::page::failure_status;
    use crate::visit::{App, Visit};

    pub(super) async fn changes() -> Result<QueueCounts, ServerFnError> {
        let (Some(app), Some(visit)) = (use_context::<App>(), use_context::<Visit>()) else {
            return Err(refused(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let Caller::Staff(staff) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        bank::cases::queue_changes(&app.bank, &staff.scope(Permission::SeeCases)).await.map_err(|failure| {
            tracing::error!(reference = %visit.reference, error = %failure, "the queue could not be counted");
            refused(failure_status(&failure))
        })
    }

    /// Sets the status, which is the whole answer: the script then shows nothing.
    fn refused(status: StatusCode) -> ServerFnError {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        ServerFnError::new(status.as_str())
    }
}
