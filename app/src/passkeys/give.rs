//! `/passkey`: one is given, after the password or for a step-up.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::made_for;
use bank::sessions::{Caller, Ceremony, Needed, PasskeyRefusal, StepUp, ask_for_passkey, find_options, give_passkey};
use leptos::prelude::*;

use super::{GIVE, SCRIPT, obstacles, party, words};
use crate::factors::code_page;
use crate::page::{Page, PageError, see_other};
use crate::sign_in::hold;
use crate::step_up::Waiting;
use crate::submission::Submission;
use crate::t;
use crate::ui::button::{Button, ButtonKind, PostButton, hidden};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::parts::Fields;
use crate::visit::{App, LenientQuery, Visit};

/// Who gives it: the user, and where to go otherwise.
struct Giver {
    user_id: String,
    /// Where a code does the same, and where to go on from.
    other: String,
}

/// The user whose passkey is asked for now; otherwise where to go on.
fn giver(visit: &Visit, waiting: &Waiting) -> Result<Giver, Response> {
    match &visit.caller {
        Caller::Awaiting(awaiting) if awaiting.needs() == Needed::Code => {
            Ok(Giver { user_id: awaiting.user_id().to_owned(), other: code_page(waiting.next()) })
        }
        Caller::Customer(_) | Caller::Staff(_) if visit.step_up == Some(StepUp::Code) => {
            let user_id = visit.caller.user_id().unwrap_or_default().to_owned();
            Ok(Giver { user_id, other: waiting.step_up() })
        }
        Caller::Customer(_) | Caller::Staff(_) if !waiting.next().is_empty() => Err(see_other(waiting.page())),
        _ => Err(see_other(&code_page(waiting.next()))),
    }
}

/// Hidden fields of the page's forms.
fn fields(user_id: &str, waiting: &Waiting) -> Fields {
    let mut fields = waiting.fields();
    fields.push(("made_for".to_owned(), made_for(user_id)));
    fields
}

/// The button beside the field of a code, for a user who has passkeys.
pub fn entrance(visit: &Visit, app: &App, user_id: &str, waiting: &Waiting, kind: ButtonKind) -> Option<AnyView> {
    let l = visit.locale();
    party(app)?;
    Some(
        view! {
            <noscript>
                <p>{t!(l, passkeys.scripts)}</p>
            </noscript>
            <PostButton action=GIVE text=t!(l, passkeys.give.begin) kind=kind fields=fields(user_id, waiting) name="do" value="begin" />
        }
        .into_any(),
    )
}

/// GET /passkey
pub async fn page(visit: Visit, State(app): State<App>, LenientQuery(waiting): LenientQuery<Waiting>) -> Response {
    match giver(&visit, &waiting) {
        Ok(giver) => visit.answer(show(&visit, &app, &giver, &waiting, None).await),
        Err(elsewhere) => elsewhere,
    }
}

/// POST /passkey
pub async fn give(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let waiting = Waiting::of(&form);
    let giver = match giver(&visit, &waiting) {
        Ok(giver) => giver,
        Err(elsewhere) => return elsewhere,
    };
    if !form.is_made_for(&giver.user_id) {
        return PageError::OtherPerson.answer(&visit);
    }
    let Some(party) = party(&app) else { return see_other(&giver.other) };
    let done = match form.pressed() {
        "begin" => ask_for_passkey(&app.bank, &visit.caller, &party).await.map(|()| see_other(&waiting.address(GIVE))),
        // The page with the field of a code leads on whoever is past it.
        "give" => give_passkey(&app.bank, &visit.caller, &party, form.0.typed("answer"))
            .await
            .map(|token| visit.answer(hold(&app, jar, &token).map(|jar| (jar, see_other(&giver.other)).into_response()))),
        _ => return see_other(&giver.other),
    };
    match done {
        Ok(answer) => answer,
        Err(Rejected::Refused(refusal)) => visit.answer(show(&visit, &app, &giver, &waiting, Some(refusal)).await),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

async fn show(
    visit: &Visit,
    app: &App,
    giver: &Giver,
    waiting: &Waiting,
    refusal: Option<PasskeyRefusal>,
) -> Result<Response, PageError> {
    let options = find_options(&app.bank, &visit.caller, Ceremony::Give).await?;
    if options.is_none() && refusal.is_none() {
        return Ok(see_other(&giver.other));
    }
    let l = visit.locale();
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // After a refusal the device is asked again only by a press.
    let options = options.filter(|_| refusal.is_none());
    Ok(Page::new(visit, t!(l, passkeys.give.title)).status(status).script(SCRIPT).show(move || {
        let summary = refusal.map(|refusal| view! { <ErrorSummary refused=vec![words::refused(visit, refusal)] /> });
        let ceremony = match options {
            Some(options) => view! {
                {obstacles(visit)}
                <p>{t!(l, passkeys.give.lead)}</p>
                <form method="post" action=GIVE class="form" data-passkey="give" data-options=options>
                    {hidden(fields(&giver.user_id, waiting))}
                    <input type="hidden" name="answer" value="" autocomplete="off" />
                    <Button text=t!(l, passkeys.give.submit) name="do" value="give" />
                </form>
            }
            .into_any(),
            None => view! {
                <PostButton
                    action=GIVE
                    text=t!(l, passkeys.give.again)
                    fields=fields(&giver.user_id, waiting)
                    name="do"
                    value="begin"
                />
            }
            .into_any(),
        };
        view! {
            <div class="sign-in">
                <h1>{t!(l, passkeys.give.title)}</h1>
                {summary}
                {ceremony}
                <p>
                    <a href=giver.other.clone()>{t!(l, passkeys.give.other)}</a>
                </p>
            </div>
        }
        .into_any()
    }))
}
