//! The page that asks for a code, or for the password of a customer without a second factor whom no code reaches.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Refusal;
use bank::sessions::{
    self, FactorRefusal, SignInRefusal, StepUp, Ways, find_own_name, find_ways, give_factor, keep_begun_factor,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, sent};
use crate::factors::words as factor_words;
use crate::local_path::LocalPath;
use crate::page::{Page, PageError, see_other};
use crate::passkeys;
use crate::sign_in::{CameFrom, enter, hold, password_field};
use crate::submission::Submission;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::{Fields, Tone};
use crate::ui::text_field::TextField;
use crate::visit::{App, LenientQuery, Visit};
use crate::words::Locale;

/// What the address says after a fresh proof.
const PROVEN: &str = "proven";

/// Query: the waiting form and its page.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Waiting {
    #[serde(default)]
    key: String,
    #[serde(default)]
    next: String,
}

impl Waiting {
    /// From the hidden fields of the page that asks.
    pub fn of(form: &Submission) -> Self {
        Self { key: form.key().to_owned(), next: form.0.typed("next").to_owned() }
    }

    /// What waits after a sign-in: the page that is wanted.
    pub fn after_sign_in(next: &str) -> Self {
        Self { key: String::new(), next: next.to_owned() }
    }

    /// What follows: the form that waits with everything typed, or the page from which one came, whose button is pressed again.
    pub fn follows(&self, l: Locale) -> String {
        if self.key.is_empty() { t!(l, step_up.follows) } else { t!(l, step_up.kept) }
    }

    /// The page to go on to; empty if none is wanted.
    pub fn next(&self) -> &str {
        &self.next
    }

    /// Hidden fields that keep it.
    pub fn fields(&self) -> Fields {
        vec![("key".to_owned(), self.key.clone()), ("next".to_owned(), self.next.clone())]
    }

    /// The address of a page that keeps it.
    pub fn address(&self, path: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields()).finish();
        format!("{path}?{query}")
    }

    /// The page that asks.
    pub fn step_up(&self) -> String {
        self.address(PATH)
    }

    /// The page of the waiting form, which says that it waits.
    pub fn page(&self) -> LocalPath {
        let next = LocalPath::from(&self.next);
        let next = next.as_str();
        let mut page = format!("{next}{}{PROVEN}=1", if next.contains('?') { '&' } else { '?' });
        if !self.key.is_empty() && !next.contains("key=") {
            page = format!("{page}&key={}", form_urlencoded::byte_serialize(self.key.as_bytes()).collect::<String>());
        }
        LocalPath::from(&page)
    }
}

/// Why the proof was refused.
enum Wrong {
    Code(FactorRefusal),
    Password(SignInRefusal),
}

/// GET /step-up
pub async fn page(visit: Visit, State(app): State<App>, LenientQuery(waiting): LenientQuery<Waiting>) -> Response {
    match visit.step_up {
        Some(StepUp::SentCode) => visit.answer(sent::show(&visit, &app, &waiting, None).await),
        Some(wanted) => visit.answer(show(&visit, &app, wanted == StepUp::Code, &waiting, None).await),
        None => see_other(waiting.page()),
    }
}

/// POST /step-up
pub async fn give(visit: Visit, State(app): State<App>, jar: CookieJar, source: CameFrom, form: Submission) -> Response {
    let waiting = Waiting::of(&form);
    let Some(wanted) = visit.step_up else { return see_other(waiting.page()) };
    match wanted {
        StepUp::SentCode => sent::give(&visit, &app, jar, &waiting, &form).await,
        StepUp::Code => match give_factor(&app.bank, &visit.caller, form.0.typed("code")).await {
            Ok(token) => visit.answer(hold(&app, jar, &token).map(|jar| (jar, see_other(waiting.page())).into_response())),
            // The factor was removed meanwhile, from another session, or this one was ended.
            Err(Rejected::Refused(FactorRefusal::Off)) => see_other(waiting.page()),
            Err(Rejected::Refused(refusal)) => visit.answer(show(&visit, &app, true, &waiting, Some(Wrong::Code(refusal))).await),
            Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
        },
        StepUp::Password => {
            let password = form.0.typed("password").to_owned();
            if password.is_empty() {
                let missing = Some(Wrong::Password(SignInRefusal::PasswordMissing));
                return visit.answer(show(&visit, &app, false, &waiting, missing).await);
            }
            let name = match find_own_name(&app.bank, &visit.caller).await {
                Ok(name) => name,
                Err(failure) => return PageError::from(failure).answer(&visit),
            };
            // A new session, as every time that somebody has signed in: the same limits hold against guessing.
            match sessions::sign_in(&app.bank, &name, password, &source.0).await {
                Ok(signed_in) => match keep_begun_factor(&app.bank, &visit.caller, &signed_in.session_id).await {
                    // Its guard leads on whoever may not be there yet; a factor that is required is set up there.
                    Ok(()) => {
                        let entered = enter(&visit, &app, jar, &signed_in).await;
                        visit.answer(entered.map(|jar| (jar, see_other(waiting.page())).into_response()))
                    }
                    Err(failure) => PageError::from(failure).answer(&visit),
                },
                Err(Rejected::Refused(refusal)) => {
                    visit.answer(show(&visit, &app, false, &waiting, Some(Wrong::Password(refusal))).await)
                }
                Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
            }
        }
    }
}

/// The page; it asks for a code of the second factor, or for the password.
async fn show(visit: &Visit, app: &App, asks_code: bool, waiting: &Waiting, wrong: Option<Wrong>) -> Result<Response, PageError> {
    let l = visit.locale();
    let ways = if asks_code { find_ways(&app.bank, &visit.caller).await? } else { Ways::default() };
    let user_id = visit.caller.user_id().filter(|_| ways.passkey);
    let passkey = user_id.and_then(|user_id| passkeys::entrance(visit, app, user_id, waiting, ButtonKind::Secondary));
    let lead = match asks_code {
        true if ways.app => t!(l, step_up.code_lead),
        true => t!(l, passkeys.step_up_lead),
        false => t!(l, step_up.password_lead),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let fields = visit.bound(waiting.fields());
    let phone = visit.bank_details.hotline.clone();
    let refused = wrong.map(|wrong| match wrong {
        Wrong::Code(refusal) => factor_words::refused(visit, refusal),
        Wrong::Password(refusal) => {
            let words = match refusal {
                SignInRefusal::PasswordMissing => (t!(l, sign_in.password_missing), String::new()),
                _ => (t!(l, step_up.password_wrong), t!(l, step_up.password_wrong_text, phone = phone)),
            };
            Refused::new(refusal.code(), words.0, words.1).field("password", t!(l, sign_in.password))
        }
    });
    let (cancel, follows) = (LocalPath::from(&waiting.next), waiting.follows(l));
    Ok(Page::new(visit, t!(l, step_up.title)).status(status).show(move || {
        view! {
            <div class="sign-in">
                <h1>{t!(l, step_up.title)}</h1>
                {refused.map(|refused| view! { <ErrorSummary refused=vec![refused] /> })}
                <p>{lead}</p>
                <p>{follows}</p>
                <form method="post" action=PATH class="form">
                    {hidden(fields)}
                    {if asks_code {
                        view! {
                            <TextField
                                name="code"
                                label=t!(l, factors.code)
                                hint=t!(l, factors.any_code_hint)
                                autocomplete="one-time-code"
                                literal=true
                            />
                        }
                            .into_any()
                    } else {
                        password_field(l, "password", t!(l, sign_in.password), None)
                    }}
                    <Button text=t!(l, step_up.submit) />
                </form>
                {passkey}
                <p>
                    <a href=cancel.as_str().to_owned()>{t!(l, step_up.cancel)}</a>
                </p>
            </div>
        }
        .into_any()
    }))
}

/// What the page of the waiting form says: nothing was sent yet.
pub fn notice(visit: &Visit) -> Option<AnyView> {
    let l = visit.locale();
    visit.asks(PROVEN)?;
    Some(view! { <Banner tone=Tone::Wait title=t!(l, step_up.proven) text=t!(l, step_up.proven_text) focused=true /> }.into_any())
}
