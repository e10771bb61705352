//! POST handlers of `/me`: give or withdraw a consent, end a session. All are idempotent, so they need no key.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ConsentPurpose, NOTICE_FIELD, give_consent, withdraw_consent};
use bank::sessions::{Caller, Customer, end_other_sessions, end_session};

use crate::page::{PageError, see_other};
use crate::routes::Callers;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /me
pub async fn me(visit: Visit, State(app): State<App>, form: Submission) -> Response {
    let purpose = form.0.filled("purpose").and_then(ConsentPurpose::parse);
    let done = async {
        let done = match (form.pressed(), purpose, form.0.filled("session")) {
            ("give", Some(purpose), _) => {
                let given = give_consent(&app.bank, person(&visit)?, purpose, form.0.filled(NOTICE_FIELD)).await?;
                if given { "given" } else { "notice_changed" }
            }
            ("withdraw", Some(purpose), _) => {
                withdraw_consent(&app.bank, person(&visit)?, purpose).await.map(|()| "withdrawn")?
            }
            // A session that has ended, or belongs to somebody else, gets the same answer.
            ("end", _, Some(session)) => end_session(&app.bank, &visit.caller, session).await.map(|_| "ended")?,
            ("end_others", ..) => end_other_sessions(&app.bank, &visit.caller).await.map(|_| "others_ended")?,
            _ => return Err(PageError::NotFound),
        };
        Ok(see_other(&format!("/me?done={done}")))
    };
    visit.answer(done.await)
}

/// The person who acts here. The route also admits users of companies and staff, who have sessions but give no consent.
fn person(visit: &Visit) -> Result<&Customer, PageError> {
    match &visit.caller {
        Caller::Customer(customer) if Callers::Persons.admit(&visit.caller) => Ok(customer),
        _ => Err(PageError::Forbidden),
    }
}
