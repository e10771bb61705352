//! Server functions of the cash form's islands. They take and return types of `bank`; access rules are in `ui.rs`. If a call
//! fails, the form works without the island.

use bank::appointments::cash::BrowserContext;
use bank::kernel::money::Fen;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Free capacity of a branch for the caller, as far as needed for the amount.
#[server(endpoint = "free_slots", input = Json)]
pub async fn free_slots(
    /// Id of the branch.
    branch: String,
    /// The amount, if known.
    amount: Option<Fen>,
) -> Result<BrowserContext, ServerFnError> {
    host::browser_context(&branch, amount).await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::appointments::cash::{BrowserContext, cash_context};
    use bank::kernel::money::Fen;
    use bank::sessions::Caller;
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::api::{failed, refused, request};

    pub(super) async fn browser_context(branch: &str, amount: Option<Fen>) -> Result<BrowserContext, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        match cash_context(&app.bank, customer, Some(branch)).await {
            Ok((context, _)) => Ok(context.for_browser(amount)),
            Err(failure) => Err(failed(&visit, &failure, "free slots could not be read")),
        }
    }
}
