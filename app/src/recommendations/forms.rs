//! POST handlers of `/recommendations`: consent, decline, take a decline back. All are idempotent, so they need no key.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ConsentPurpose, NOTICE_FIELD, give_consent};
use bank::recommendations::{decline, undecline};

use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, PersonalCustomer, Visit};

/// POST /recommendations
pub async fn recommendations(
    visit: Visit,
    State(app): State<App>,
    PersonalCustomer(customer): PersonalCustomer,
    form: Submission,
) -> Response {
    let code = form.0.filled("product").unwrap_or_default();
    let done = async {
        match form.pressed() {
            "consent" => {
                let (purpose, seen) = (ConsentPurpose::Recommendations, form.0.filled(NOTICE_FIELD));
                if !give_consent(&app.bank, &customer, purpose, seen).await? {
                    return Ok(see_other("/recommendations?notice=changed"));
                }
            }
            "undecline" => {
                undecline(&app.bank, &customer, code).await?;
            }
            "decline" if decline(&app.bank, &customer, code).await? => {
                let code = form_urlencoded::byte_serialize(code.as_bytes()).collect::<String>();
                return Ok(see_other(&format!("/recommendations?declined={code}")));
            }
            _ => return Err(PageError::NotFound),
        }
        Ok(see_other("/recommendations"))
    };
    visit.answer(done.await)
}
