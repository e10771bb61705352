//! The server function of receptions: what a browser cannot know by itself. Who may call it stands in `ui.rs`.

use bank::appointments::reception::Upcoming;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// The receptions the caller may apply for now, with the places left.
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

    /// The status is the answer: who asked has words of its own.
    fn refused(status: StatusCode) -> ServerFnError {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        ServerFnError::new(status.as_str())
    }
}
