//! The server functions of the cash form's islands. They take and return the types of `bank`; who may call them stands
//! in `routes.rs`. An island that gets no answer leaves the form to work without it.

use bank::appointments::cash::CashContext;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// What a branch has left for the caller, day by day.
#[server(endpoint = "free_slots", input = Json)]
pub async fn free_slots(
    /// The branch's identifier.
    branch: String,
) -> Result<CashContext, ServerFnError> {
    host::context(&branch).await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::appointments::cash::{CashContext, cash_context};
    use bank::sessions::Caller;
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::page::failure_status;
    use crate::visit::{App, Visit};

    pub(super) async fn context(branch: &str) -> Result<CashContext, ServerFnError> {
        let (Some(app), Some(visit)) = (use_context::<App>(), use_context::<Visit>()) else {
            return Err(refused(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        match cash_context(&app.bank, customer, Some(branch)).await {
            Ok((context, _)) => Ok(context),
            Err(failure) => {
                tracing::error!(reference = %visit.reference, error = %failure, "free slots could not be read");
                Err(refused(failure_status(&failure)))
            }
        }
    }

    /// The status is the answer: an island has words of its own.
    fn refused(status: StatusCode) -> ServerFnError {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        ServerFnError::new(status.as_str())
    }
}
