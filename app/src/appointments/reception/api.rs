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

    use crate::api::{failed, refused, request};

    pub(super) async fn places() -> Result<Vec<Upcoming>, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        let found = receptions(&app.bank, customer).await;
        found.map_err(|failure| failed(&visit, &failure, "free places could not be read"))
    }
}
