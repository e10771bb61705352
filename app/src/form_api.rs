//! The server function all forms share: saving while somebody types. It stores under the version the page was given,
//! never raises it, and is ignored when another tab was faster; a key that has become a case with another wish is
//! answered with 409. Who may call it stands in `routes.rs`.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What became of typed values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
    /// Stored, at this time of the bank's day (`HH:MM`).
    At(String),
    /// The form has gone on elsewhere; nothing was overwritten.
    Overtaken,
}

/// Saves what a form would post now.
#[server(endpoint = "save_draft", input = Json)]
pub async fn save_draft(
    /// The name its draft is stored under.
    form: String,
    /// The form's hidden field `key`.
    key: String,
    /// The form's hidden field `version`.
    version: i64,
    /// Names and values in the order of the page.
    pairs: Vec<(String, String)>,
) -> Result<Saved, ServerFnError> {
    store::save(&form, key, version, pairs).await
}

#[cfg(feature = "ssr")]
mod store {
    use bank::kernel::failure::Failure;
    use bank::kernel::forms::{self, FormRow, Taken, Values};
    use bank::kernel::time::hhmm;
    use bank::sessions::{Caller, Customer};
    use http::StatusCode;
    use leptos::prelude::*;

    use super::Saved;
    use crate::kinds;
    use crate::page::failure_status;
    use crate::routes::Callers;
    use crate::submission::Submission;
    use crate::visit::App;
    use crate::visit::Visit;

    pub(super) async fn save(
        form: &str,
        key: String,
        version: i64,
        pairs: Vec<(String, String)>,
    ) -> Result<Saved, ServerFnError> {
        let (Some(app), Some(visit)) = (use_context::<App>(), use_context::<Visit>()) else {
            return Err(refused(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let Caller::Customer(customer) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        let typed = Submission::of(pairs).0;
        let taken = match form.strip_prefix("surveys/") {
            Some(_) if !Callers::Persons.admit(&visit.caller) => return Err(refused(StatusCode::FORBIDDEN)),
            Some(survey) => survey_draft(&app, customer, survey, &key, Some(version), &typed).await,
            None => any_draft(&app, customer, form, key, Some(version), &typed).await,
        };
        match taken {
            Ok(Some(Taken::Fresh(_))) => Ok(Saved::At(hhmm(visit.now.time()))),
            Ok(Some(Taken::Stale(_) | Taken::Case { same: true, .. })) => Ok(Saved::Overtaken),
            Ok(Some(Taken::Case { same: false, .. })) => Err(refused(StatusCode::CONFLICT)),
            Ok(Some(Taken::NotYours) | None) => Err(refused(StatusCode::NOT_FOUND)),
            Err(failure) => {
                tracing::error!(reference = %visit.reference, error = %failure, form, "a draft could not be saved");
                Err(refused(failure_status(&failure)))
            }
        }
    }

    async fn survey_draft(
        app: &App,
        customer: &Customer,
        code: &str,
        key: &str,
        version: Option<i64>,
        typed: &Values,
    ) -> Result<Option<Taken>, Failure> {
        let Some(published) = bank::surveys::published(&app.bank, code).await? else { return Ok(None) };
        bank::surveys::save_draft(&app.bank, customer, &published.survey, key, version, typed).await.map(Some)
    }

    async fn any_draft(
        app: &App,
        customer: &Customer,
        form: &str,
        key: String,
        version: Option<i64>,
        typed: &Values,
    ) -> Result<Option<Taken>, Failure> {
        // The kinds' forms have no rules of their own for saving: their names and no others make a row.
        let Some(form) = kinds::all().map(|ui| ui.form().name).find(|known| *known == form) else { return Ok(None) };
        let row = FormRow { owner: customer.user_id().to_owned(), form, key };
        forms::save_draft(&app.bank, &row, version, typed).await.map(Some)
    }

    /// The status is the answer: an island has words of its own, a person never sees these.
    fn refused(status: StatusCode) -> ServerFnError {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(status);
        }
        ServerFnError::new(status.as_str())
    }
}
