//! `/me/password`: a user changes the own password, with the current one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bank::kernel::failure::Rejected;
use bank::sessions::{ChangePasswordRefusal, change_password, shortest_own_password};
use leptos::prelude::*;

use crate::activation::password::{self, fields, typed};
use crate::page::{Page, PageError, see_other};
use crate::sign_in::password_field;
use crate::submission::Submission;
use crate::t;
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::visit::{App, Visit};

pub const PATH: &str = "/me/password";

/// The section of `/me` that leads here.
pub fn section(visit: &Visit) -> AnyView {
    let locale = visit.locale();
    view! {
        <section class="block" id="password">
            <h2>{t!(locale, me.password)}</h2>
            <ul class="rows">
                <li>
                    <p class="hint">{t!(locale, me.password_hint)}</p>
                    <LinkButton href=PATH.to_owned() text=t!(locale, me.password_change) kind=ButtonKind::Secondary />
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// GET /me/password
pub async fn page(visit: Visit, State(app): State<App>) -> Response {
    visit.answer(show(&visit, &app, None).await)
}

/// POST /me/password
pub async fn change(visit: Visit, State(app): State<App>, form: Submission) -> Response {
    let current = form.0.typed("password_now").to_owned();
    match change_password(&app.bank, &visit.caller, current, typed(&visit, &app, &form)).await {
        Ok(()) => see_other("/me?done=password"),
        Err(Rejected::Refused(refusal)) => visit.answer(show(&visit, &app, Some(refusal)).await),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

/// The form, always empty, with the refusal of a post.
async fn show(visit: &Visit, app: &App, refusal: Option<ChangePasswordRefusal>) -> Result<Response, PageError> {
    let locale = visit.locale();
    let fewest = shortest_own_password(&app.bank, &visit.caller).await?;
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let phone = visit.bank_details.hotline.clone();
    let fault = match refusal {
        Some(ChangePasswordRefusal::Password(fault)) => Some(fault),
        _ => None,
    };
    let wrong = (refusal == Some(ChangePasswordRefusal::CurrentWrong)).then(|| t!(locale, me.password_wrong));
    let refused = refusal.map(|refusal| match refusal {
        ChangePasswordRefusal::CurrentWrong => {
            Refused::new("current_wrong", t!(locale, me.password_wrong), t!(locale, me.password_wrong_text, phone = phone))
                .field("password_now", t!(locale, me.password_now))
        }
        ChangePasswordRefusal::Password(fault) => password::refused(locale, fault),
    });
    Ok(Page::new(visit, t!(locale, me.password_change)).status(status).show(move || {
        view! {
            <div class="sign-in">
                <p>
                    <a href="/me">{t!(locale, me.password_back)}</a>
                </p>
                <h1>{t!(locale, me.password_change)}</h1>
                {refused.map(|refused| view! { <ErrorSummary refused=vec![refused] /> })}
                <form method="post" action=PATH class="form">
                    {hidden(visit.bound(Vec::new()))}
                    {password_field(locale, "password_now", t!(locale, me.password_now), wrong)}
                    {fields(locale, fewest, fault)}
                    <Button text=t!(locale, me.password_change) />
                </form>
            </div>
        }
        .into_any()
    }))
}
