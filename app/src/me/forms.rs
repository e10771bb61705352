//! POST handlers of `/me`: give or withdraw a consent, end a session. All are idempotent, so they need no key.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ConsentPurpose, give_consent, withdraw_consent};
use bank::sessions::{Customer, end_session};

use crate::page::{PageError, see_other};
use crate::routes::Callers;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /me
pub async fn me(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let purpose = form.0.filled("purpose").and_then(ConsentPurpose::parse);
    let done = async {
        let done = match (form.pressed(), purpose, form.0.filled("session")) {
            // The route also admits users of companies, who may end their own sessions.
            ("give" | "withdraw", ..) if !Callers::Persons.admit(&visit.caller) => return Err(PageError::Forbidden),
            ("give", Some(purpose), _) => give_consent(&app.bank, &customer, purpose).await.map(|()| "given")?,
            ("withdraw", Some(purpose), _) => withdraw_consent(&app.bank, &customer, purpose).await.map(|()| "withdrawn")?,
            // A session that has ended, or belongs to somebody else, gets the same answer.
            ("end", _, Some(session)) => end_session(&app.bank, &visit.caller, session).await.map(|_| "ended")?,
            _ => return Err(PageError::NotFound),
        };
        Ok(see_other(&format!("/me?done={done}")))
    };
    visit.answer(done.await)
}
