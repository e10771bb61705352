//! The server function of receptions. Its access rule is in `ui.rs`.

use bank::appointments::reception::Upcoming;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// The receptions the caller may apply for now, with free places.
#[server(endpoint = "free_reception_places", input = Json)]
pub async fn free_reception_places() -> Result<Vec<Upcoming>, ServerFnError> {
    host::places().await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::appointments::reception::{Upcoming, receptions};
    use bank::sessions::Caller;
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::visit::{App, Visit};

    pub(super) async fn places() -> Result<Vec<Upcoming>, ServerFnError> {
        let (Some(app), Some(visit)) = (use_context::<App>(), use_context::<Visit>()) else {
            return Err(refused(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        match receptions(&app.bank, customer).await {
            Ok(found) => Ok(found),
            Err(failure) => {
                tracing::error!(reference = %visit.reference, error = %failure, "free places could not be read");
                Err(refused(StatusCode::INTERNAL_SERVER_ERROR))
            }
        }
    }

    /// Sets the status, which is the whole answer: the caller has its own texts.
    fn refused(status: StatusCode) -> ServerFnError {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        ServerFnError::new(status.as_str())
    }
}
