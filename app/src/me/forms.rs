//! What the buttons of `/me` do: give or withdraw a consent, end a session. Each is the same effect however often it
//! is pressed, so none needs a key.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{Purpose, give_consent, withdraw_consent};
use bank::sessions::{Customer, end_session};

use crate::page::{PageError, see_other};
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /me
pub async fn me(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let purpose = form.0.filled("purpose").and_then(Purpose::parse);
    let done = async {
        let done = match (form.pressed(), purpose, form.0.filled("session")) {
            ("give", Some(purpose), _) => give_consent(&app.bank, &customer, purpose).await.map(|()| "given")?,
            ("withdraw", Some(purpose), _) => withdraw_consent(&app.bank, &customer, purpose).await.map(|()| "withdrawn")?,
            // One that is over already, or somebody else's, is answered alike: it is not signed in.
            ("end", _, Some(session)) => end_session(&app.bank, &visit.caller, session).await.map(|_| "ended")?,
            _ => return Err(PageError::NotFound),
        };
        Ok(see_other(&format!("/me?done={done}")))
    };
    visit.answer(done.await)
}
