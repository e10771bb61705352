//! `/me/password`: a user changes the own password, with the current one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bank::kernel::failure::Rejected;
use bank::sessions::{ActivationRefusal, ChangePasswordRefusal, PasswordFault, change_password};
use leptos::prelude::*;

use crate::activation::password::{fields, label, typed, words};
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::button::{Button, LinkButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::password_field::PasswordField;
use crate::visit::{App, Visit};

pub const PATH: &str = "/me/password";

/// The section of `/me` that leads here.
pub fn section(visit: &Visit) -> AnyView {
    let locale = visit.locale();
    view! {
        <section class="block" id="password">
            <h2>{t!(locale, me.password)}</h2>
            <p class="hint">{t!(locale, me.password_hint)}</p>
            <LinkButton href=PATH.to_owned() text=t!(locale, me.password_change) />
        </section>
    }
    .into_any()
}

/// GET /me/password
pub async fn page(visit: Visit) -> Response {
    show(&visit, None)
}

/// POST /me/password
pub async fn change(visit: Visit, State(app): State<App>, form: Submission) -> Response {
    let current = form.0.typed("password_now").to_owned();
    match change_password(&app.bank, &visit.caller, current, typed(&form)).await {
        Ok(()) => see_other("/me?done=password"),
        Err(Rejected::Refused(refusal)) => show(&visit, Some(refusal)),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

/// The form, always empty, with the refusal of a post.
fn show(visit: &Visit, refusal: Option<ChangePasswordRefusal>) -> Response {
    let locale = visit.locale();
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
        ChangePasswordRefusal::Password(fault) => {
            let field = if fault == PasswordFault::Differs { "password_again" } else { "password" };
            Refused::of(&ActivationRefusal::Password(fault), words(locale, fault)).field(field, label(locale, fault))
        }
    });
    Page::new(visit, t!(locale, me.password_change)).status(status).show(move || {
        view! {
            <div class="sign-in">
                <p>
                    <a href="/me">{t!(locale, me.password_back)}</a>
                </p>
                <h1>{t!(locale, me.password_change)}</h1>
                {refused.map(|refused| view! { <ErrorSummary refused=vec![refused] /> })}
                <form method="post" action=PATH class="form">
                    {hidden(visit.bound(Vec::new()))}
                    <PasswordField
                        name="password_now"
                        label=t!(locale, me.password_now)
                        autocomplete="current-password"
                        show=t!(locale, sign_in.show_password)
                        hide=t!(locale, sign_in.hide_password)
                        error=wrong
                    />
                    {fields(locale, fault)}
                    <Button text=t!(locale, me.password_change) />
                </form>
            </div>
        }
        .into_any()
    })
}
