//! POST `/me/passkeys`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Refusal as _;
use bank::sessions::{add_passkey, begin_passkey, remove_passkey, renew_codes_by_passkey};

use super::pages::{self, Shown};
use super::{PATH, party};
use crate::factors::{show_codes, with_next};
use crate::page::{PageError, see_other};
use crate::sign_in::hold;
use crate::submission::Submission;
use crate::visit::{App, Visit};

/// POST /me/passkeys
pub async fn passkeys(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let (bank, caller, next) = (&app.bank, &visit.caller, form.0.typed("next"));
    let (name, answer) = (form.0.typed("name"), form.0.typed("answer"));
    let adding = form.pressed() == "add";
    let done = match (form.pressed(), party(&app)) {
        ("begin", Some(party)) => {
            let begun = begin_passkey(bank, caller, &party).await;
            begun.map(|()| see_other(&format!("{}&adding=1", with_next(PATH, next))))
        }
        ("add", Some(party)) => add_passkey(bank, caller, &party, name, answer).await.map(|(codes, token)| {
            let answer = match codes {
                Some(codes) => show_codes(&visit, &codes, next),
                None => see_other(&format!("{}&done=added", with_next(PATH, next))),
            };
            visit.answer(hold(&app, jar, &token).map(|jar| (jar, answer).into_response()))
        }),
        ("remove", _) => {
            let removed = remove_passkey(bank, caller, form.0.typed("passkey")).await;
            removed.map(|()| see_other(&format!("{PATH}?done=removed")))
        }
        ("renew", _) => renew_codes_by_passkey(bank, caller).await.map(|codes| show_codes(&visit, &codes, PATH)),
        _ => return PageError::NotFound.answer(&visit),
    };
    match done {
        Ok(answer) => answer,
        Err(Rejected::Refused(refusal)) => {
            // An answer to a challenge that is used serves no second time; a name alone can be mended.
            let mendable = refusal.field() == "name";
            let answer = if mendable { answer.to_owned() } else { String::new() };
            let shown = Shown {
                refusal: Some(refusal),
                adding,
                name: name.to_owned(),
                answer,
                next: next.to_owned(),
                ..Shown::default()
            };
            visit.answer(pages::show(&visit, &app, shown).await)
        }
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}
