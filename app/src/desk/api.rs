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

    use crate::api::{failed, refused, request};

    pub(super) async fn changes() -> Result<QueueCounts, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Staff(staff) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        let counts = bank::cases::queue_changes(&app.bank, &staff.scope(Permission::SeeCases)).await;
        counts.map_err(|failure| failed(&visit, &failure, "the queue could not be counted"))
    }
}
