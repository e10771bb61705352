//! POST `/me/factor`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::sessions::{
    FactorRefusal, NewToken, Secret, begin_factor, cancel_factor, confirm_factor, remove_factor, renew_recovery_codes,
};

use super::pages::{self, Shown};
use super::{PATH, codes, with_next};
use crate::page::{PageError, see_other};
use crate::sign_in::hold;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// What a pressed button has done.
enum Done {
    /// Back to the page.
    Changed,
    Removed,
    /// New recovery codes, to be shown now.
    Codes(Vec<Secret>),
    /// It is on: the recovery codes, and the token of the session that goes on.
    Confirmed(Vec<Secret>, NewToken),
}

/// POST /me/factor
pub async fn factor(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let (bank, caller, code) = (&app.bank, &visit.caller, form.0.typed("code"));
    let next = form.0.typed("next");
    let shown = |refusal| Shown { refusal: Some(refusal), already: false, removed: false, next: next.to_owned() };
    let done = match form.pressed() {
        "begin" => begin_factor(bank, caller).await.map(|()| Done::Changed),
        "cancel" => cancel_factor(bank, caller).await.map(|()| Done::Changed),
        "confirm" => confirm_factor(bank, caller, code).await.map(|(codes, token)| Done::Confirmed(codes, token)),
        "renew" => renew_recovery_codes(bank, caller, code).await.map(Done::Codes),
        "remove" => remove_factor(bank, caller, code).await.map(|()| Done::Removed),
        _ => return PageError::NotFound.answer(&visit),
    };
    match done {
        Ok(Done::Changed) => see_other(&with_next(PATH, next)),
        Ok(Done::Removed) => see_other(&format!("{PATH}?removed=1")),
        Ok(Done::Codes(codes)) => codes::show(&visit, &codes, next),
        Ok(Done::Confirmed(codes, token)) => {
            visit.answer(hold(&app, jar, &token).map(|jar| (jar, codes::show(&visit, &codes, next)).into_response()))
        }
        // The codes were shown by the answer to an earlier post of the same form.
        Err(Rejected::Refused(FactorRefusal::AlreadyOn)) => see_other(&format!("{PATH}?already=1")),
        Err(Rejected::Refused(refusal)) => visit.answer(pages::show(&visit, &app, shown(refusal)).await),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}
