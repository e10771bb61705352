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
    /// The number of the booking that is being moved; empty: a new one.
    #[server(default)]
    moving: String,
) -> Result<BrowserContext, ServerFnError> {
    host::browser_context(&branch, amount, &moving).await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::appointments::cash::{BrowserContext, CashContext, KIND, OwnBooking, cash_context, moving};
    use bank::cases::find_mine;
    use bank::kernel::failure::Failure;
    use bank::kernel::money::Fen;
    use bank::sessions::{Caller, Customer};
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::api::{failed, refused, request};
    use crate::visit::App;

    pub(super) async fn browser_context(
        branch: &str,
        amount: Option<Fen>,
        moving: &str,
    ) -> Result<BrowserContext, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        match free(&app, customer, branch, moving).await {
            Ok(context) => Ok(context.for_browser(amount)),
            Err(failure) => Err(failed(&visit, &failure, "free slots could not be read")),
        }
    }

    async fn free(app: &App, customer: &Customer, branch: &str, number: &str) -> Result<CashContext, Failure> {
        let own = match number {
            "" => None,
            number => own(app, customer, number).await?,
        };
        Ok(cash_context(&app.bank, customer, Some(branch), own).await?.0)
    }

    /// What the booking holds that this customer may move.
    async fn own(app: &App, customer: &Customer, number: &str) -> Result<Option<OwnBooking>, Failure> {
        let case = find_mine(&app.bank, customer, number).await?.filter(|case| case.kind == KIND);
        let Some(case) = case else { return Ok(None) };
        Ok(moving(&app.bank, customer, &case).await?.ok().map(|moving| moving.own))
    }
}
