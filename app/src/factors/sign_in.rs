//! `/login/code`: the second step of a sign-in. Until it is done the session is let in nowhere else.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::made_for;
use bank::sessions::{Awaiting, Caller, FactorRefusal, Needed, find_ways, give_factor};
use leptos::prelude::*;
use serde::Deserialize;

use super::{CODE, first, with_next, words};
use crate::local_path::LocalPath;
use crate::page::{Page, PageError, see_other};
use crate::passkeys;
use crate::sign_in::{hold, landing};
use crate::step_up::{self, Waiting};
use crate::submission::Submission;
use crate::t;
use crate::ui::button::{Button, ButtonKind, PostButton, hidden};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::text_field::TextField;
use crate::visit::{App, LenientQuery, Visit};

/// Query: the page that is wanted, and whether to ask for a recovery code.
#[derive(Debug, Default, Deserialize)]
pub struct CodeQuery {
    next: Option<String>,
    recovery: Option<String>,
}

/// GET /login/code
pub async fn page(visit: Visit, State(app): State<App>, LenientQuery(query): LenientQuery<CodeQuery>) -> Response {
    let next = query.next.filter(|next| !next.is_empty()).map(|next| LocalPath::from(&next));
    let wanted = next.as_ref().map_or("", LocalPath::as_str);
    match &visit.caller {
        Caller::Awaiting(awaiting) if awaiting.needs() == Needed::Code => {
            visit.answer(show(&visit, &app, awaiting, wanted, query.recovery.is_some(), None).await)
        }
        Caller::Awaiting(awaiting) if awaiting.needs() == Needed::SentCode => {
            visit.answer(step_up::show_sent(&visit, &app, &Waiting::after_sign_in(wanted), None).await)
        }
        Caller::Awaiting(awaiting) => see_other(&first(awaiting, wanted)),
        Caller::Nobody | Caller::Ended(_) if wanted.is_empty() => see_other("/login"),
        Caller::Nobody | Caller::Ended(_) => see_other(&with_next("/login", wanted)),
        Caller::Customer(_) | Caller::Staff(_) => see_other(landing(&visit.caller, next)),
    }
}

/// POST /login/code
pub async fn give(visit: Visit, State(app): State<App>, jar: CookieJar, form: Submission) -> Response {
    let next = form.0.typed("next");
    // Who is past this, or was never here, is led on by the page.
    let on = see_other(&with_next(CODE, next));
    let Caller::Awaiting(awaiting) = &visit.caller else { return on };
    if !form.is_made_for(awaiting.user_id()) {
        return PageError::OtherPerson.answer(&visit);
    }
    match awaiting.needs() {
        Needed::SentCode => return step_up::give_sent(&visit, &app, jar, &Waiting::of(&form), &form).await,
        Needed::Enrolment => return on,
        // A factor was set up since that page was shown: a code to the phone is no wrong code of the factor.
        Needed::Code if step_up::is_of_sent_page(&form) => return on,
        Needed::Code => {}
    }
    match give_factor(&app.bank, &visit.caller, form.0.typed("code")).await {
        Ok(token) => visit.answer(hold(&app, jar, &token).map(|jar| (jar, on).into_response())),
        // The factor was removed meanwhile, from another session, or this one was ended.
        Err(Rejected::Refused(FactorRefusal::Off)) => on,
        Err(Rejected::Refused(refusal)) => {
            let recovery = form.0.filled("recovery").is_some();
            visit.answer(show(&visit, &app, awaiting, next, recovery, Some(refusal)).await)
        }
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

async fn show(
    visit: &Visit,
    app: &App,
    awaiting: &Awaiting,
    next: &str,
    recovery: bool,
    refusal: Option<FactorRefusal>,
) -> Result<Response, PageError> {
    let l = visit.locale();
    let ways = find_ways(&app.bank, &visit.caller).await?;
    // Without an app a recovery code is the only one.
    let recovery = recovery || !ways.app;
    let entrance_kind = if ways.app { ButtonKind::Secondary } else { ButtonKind::Primary };
    let waiting = Waiting::after_sign_in(next);
    let passkey = if ways.passkey { passkeys::entrance(visit, app, awaiting.user_id(), &waiting, entrance_kind) } else { None };
    // The way that is wanted stands first, and it alone has the strong button.
    let (above, below) = if ways.app { (None, passkey) } else { (passkey, None) };
    let submit_kind = if above.is_some() { ButtonKind::Secondary } else { ButtonKind::Primary };
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (lead, label, hint) = if !ways.app {
        (t!(l, passkeys.give.or_recovery), t!(l, factors.sign_in.recovery), t!(l, factors.sign_in.recovery_hint))
    } else if recovery {
        (t!(l, factors.sign_in.recovery_lead), t!(l, factors.sign_in.recovery), t!(l, factors.sign_in.recovery_hint))
    } else {
        (t!(l, factors.sign_in.lead), t!(l, factors.code), t!(l, factors.code_hint))
    };
    let mut fields = vec![("next".to_owned(), next.to_owned()), ("made_for".to_owned(), made_for(awaiting.user_id()))];
    let other = if recovery {
        (with_next(CODE, next), t!(l, factors.sign_in.with_app))
    } else {
        (format!("{}&recovery=1", with_next(CODE, next)), t!(l, factors.sign_in.no_phone))
    };
    if recovery {
        fields.push(("recovery".to_owned(), "1".to_owned()));
    }
    let title = if ways.app { t!(l, factors.sign_in.title) } else { t!(l, passkeys.give.title) };
    let other = ways.app.then_some(other);
    Ok(Page::new(visit, title.clone()).status(status).show(move || {
        let summary = refusal.map(|refusal| view! { <ErrorSummary refused=vec![words::refused(visit, refusal)] /> });
        let error = refusal.map(|refusal| words::words(visit, refusal).0);
        let inputmode = (!recovery).then_some("numeric");
        view! {
            <div class="sign-in">
                <h1>{title}</h1>
                {summary}
                <p>{lead}</p>
                {above}
                <form method="post" action=CODE class="form">
                    {hidden(fields)}
                    <TextField name="code" label=label hint=hint error=error inputmode=inputmode autocomplete="one-time-code" literal=true />
                    <Button text=t!(l, factors.sign_in.submit) kind=submit_kind />
                </form>
                {below}
                {other
                    .map(|(href, words)| {
                        view! {
                            <p>
                                <a href=href>{words}</a>
                            </p>
                        }
                    })}
                <details class="forgotten">
                    <summary>{t!(l, factors.sign_in.lost)}</summary>
                    <ul class="stack">
                        <li>{t!(l, factors.sign_in.lost_customers)}</li>
                        <li>{t!(l, factors.sign_in.lost_staff)}</li>
                    </ul>
                </details>
                <PostButton action="/logout" text=t!(l, factors.sign_in.leave) kind=ButtonKind::Quiet />
            </div>
        }
        .into_any()
    }))
}
