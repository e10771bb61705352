//! The page for a customer without a second factor whom a code reaches: it sends one to the phone that the bank knows, and asks
//! for it, before an act that waits and, at a bank that requires a second proof, after the password at sign-in. The password
//! alone is not accepted; it stands beside the first code to a number.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Refusal as _, fresh_key, made_for};
use bank::kernel::ids::Key;
use bank::kernel::language::moment;
use bank::sessions::{Caller, OpenCode, SentCodeRefusal, SentCodes, find_sent_codes, give_sent_code, send_code};
use leptos::prelude::*;

use super::PATH;
use super::pages::Waiting;
use crate::factors::{CODE, code_page};
use crate::local_path::LocalPath;
use crate::page::{Page, PageError, see_other};
use crate::sign_in::{hold, password_field};
use crate::submission::Submission;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, PostButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::{Fields, Tone};
use crate::ui::text_field::TextField;
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The idempotency key of the button that sends; `key` is the waiting form's.
const SEND_KEY: &str = "send_key";

/// A hidden field of the form that gives a code.
const SENT: &str = "sent";

/// Whether a form was posted by this page.
pub fn is_of_sent_page(form: &Submission) -> bool {
    form.pressed() == "send" || form.0.filled(SENT).is_some()
}

/// Whether the code is asked for after the password; otherwise an act waits for it.
fn signs_in(visit: &Visit) -> bool {
    matches!(visit.caller, Caller::Awaiting(_))
}

/// The page that asks, and the one to go on to.
fn ways(visit: &Visit, waiting: &Waiting) -> (LocalPath, LocalPath) {
    if signs_in(visit) {
        let page = LocalPath::from(&code_page(waiting.next()));
        return (page.clone(), page);
    }
    (LocalPath::from(&waiting.step_up()), waiting.page())
}

/// POST: sends a code, or takes the one that was typed.
pub async fn give(visit: &Visit, app: &App, jar: CookieJar, waiting: &Waiting, form: &Submission) -> Response {
    let (page, on) = ways(visit, waiting);
    let done = if form.pressed() == "send" {
        let Ok(key) = Key::parse(form.0.typed(SEND_KEY)) else { return PageError::BadForm.answer(visit) };
        send_code(&app.bank, &visit.caller, &key).await.map(|()| {
            if let Some(courier) = &app.courier {
                courier.notify_one();
            }
            Ok(see_other(page))
        })
    } else {
        let given = give_sent_code(&app.bank, &visit.caller, form.0.typed("code"), form.0.typed("password").to_owned()).await;
        given.map(|token| hold(app, jar, &token).map(|jar| (jar, see_other(on.clone())).into_response()))
    };
    match done {
        Ok(answer) => visit.answer(answer),
        // A factor was set up meanwhile in another session, or this one was ended: the page leads on.
        Err(Rejected::Refused(SentCodeRefusal::NotMeant)) => see_other(on),
        Err(Rejected::Refused(refusal)) => visit.answer(show(visit, app, waiting, Some(refusal)).await),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(visit),
    }
}

/// The page, with the refusal of a post.
pub async fn show(visit: &Visit, app: &App, waiting: &Waiting, refusal: Option<SentCodeRefusal>) -> Result<Response, PageError> {
    let l = visit.locale();
    let Some(SentCodes { phone, validated, open, pause_minutes }) = find_sent_codes(&app.bank, &visit.caller).await? else {
        return Err(PageError::NotFound);
    };
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let has_code = open.is_some();
    let told = open.filter(|_| refusal.is_none()).map(|OpenCode { until, .. }| {
        let text = t!(l, step_up.sent.told_text, time = moment(visit.language, until, visit.now));
        view! { <Banner tone=Tone::Ok title=t!(l, step_up.sent.told, phone = phone.clone()) text=text focused=true /> }
    });
    let refused = refusal.map(|refusal| refused(visit, refusal, has_code));
    let mark = if let Caller::Awaiting(awaiting) = &visit.caller { made_for(awaiting.user_id()) } else { visit.made_for() };
    let mut fields = waiting.fields();
    fields.push(("made_for".to_owned(), mark));
    let mut sending = fields.clone();
    sending.push((SEND_KEY.to_owned(), fresh_key(&app.bank)?.to_string()));
    fields.push((SENT.to_owned(), "1".to_owned()));
    let Words { path, title, lead, follows, submit, risk, moved } = Words::of(visit, waiting);
    let cancel = (!signs_in(visit)).then(|| LocalPath::from(waiting.next()));
    Ok(Page::new(visit, title.clone()).status(status).show(move || {
        view! {
            <div class="sign-in">
                <h1>{title}</h1>
                {refused.map(|refused| view! { <ErrorSummary refused=vec![refused] /> })}
                {told}
                <p>{lead}</p>
                {follows.map(|follows| view! { <p>{follows}</p> })}
                {has_code
                    .then(|| {
                        view! {
                            <form method="post" action=path class="form">
                                {hidden(fields)}
                                <TextField
                                    name="code"
                                    label=t!(l, step_up.sent.code)
                                    inputmode="numeric"
                                    autocomplete="one-time-code"
                                    literal=true
                                />
                                {(!validated)
                                    .then(|| {
                                        view! {
                                            <p>{t!(l, step_up.sent.first)}</p>
                                            {password_field(l, "password", t!(l, sign_in.password), None)}
                                        }
                                    })}
                                <Button text=submit />
                            </form>
                            <p>{t!(l, step_up.sent.again_text, pause = pause_minutes)}</p>
                        }
                    })}
                {send_button(l, path, has_code, phone, sending)}
                <p>{risk}</p>
                <section>
                    <h2>{t!(l, step_up.sent.moved)}</h2>
                    <p>{moved}</p>
                </section>
                {way_out(l, cancel)}
            </div>
        }
        .into_any()
    }))
}

/// What the page says at sign-in, and before an act that waits.
struct Words {
    path: &'static str,
    title: String,
    lead: String,
    follows: Option<String>,
    submit: String,
    risk: String,
    moved: String,
}

impl Words {
    fn of(visit: &Visit, waiting: &Waiting) -> Self {
        let (l, hotline) = (visit.locale(), visit.bank_details.hotline.clone());
        if signs_in(visit) {
            return Self {
                path: CODE,
                title: t!(l, factors.sign_in.title),
                lead: t!(l, step_up.sent.sign_in_lead),
                follows: None,
                submit: t!(l, factors.sign_in.submit),
                risk: t!(l, step_up.sent.sign_in_risk),
                moved: t!(l, step_up.sent.sign_in_moved_text, phone = hotline),
            };
        }
        Self {
            path: PATH,
            title: t!(l, step_up.title),
            lead: t!(l, step_up.sent.lead),
            follows: Some(waiting.follows(l)),
            submit: t!(l, step_up.submit),
            risk: t!(l, step_up.sent.risk),
            moved: t!(l, step_up.sent.moved_text, phone = hotline),
        }
    }
}

/// Back to the page from which one came; without one, out of the session that has only begun.
fn way_out(l: Locale, cancel: Option<LocalPath>) -> AnyView {
    let Some(cancel) = cancel else {
        return view! { <PostButton action="/logout" text=t!(l, factors.sign_in.leave) kind=ButtonKind::Quiet /> }.into_any();
    };
    view! {
        <p>
            <a href=cancel.as_str().to_owned()>{t!(l, step_up.cancel)}</a>
        </p>
    }
    .into_any()
}

/// The button that sends the first code, or another one.
fn send_button(l: Locale, path: &'static str, has_code: bool, phone: String, fields: Fields) -> AnyView {
    let (text, kind) = if has_code {
        (t!(l, step_up.sent.again, phone = phone), ButtonKind::Secondary)
    } else {
        (t!(l, step_up.sent.send, phone = phone), ButtonKind::Primary)
    };
    view! { <PostButton action=path text=text kind=kind fields=fields name="do" value="send" /> }.into_any()
}

/// A refusal in words; the page has a field only for a code that can be given.
fn refused(visit: &Visit, refusal: SentCodeRefusal, has_code: bool) -> Refused {
    let l = visit.locale();
    let hotline = visit.bank_details.hotline.clone();
    let words = match refusal {
        SentCodeRefusal::Missing => (t!(l, step_up.sent.missing), String::new()),
        SentCodeRefusal::PasswordMissing => (t!(l, sign_in.password_missing), String::new()),
        SentCodeRefusal::PasswordWrong => (t!(l, step_up.password_wrong), t!(l, step_up.password_wrong_text, phone = hotline)),
        SentCodeRefusal::Wrong { left } => (t!(l, step_up.sent.wrong), t!(l, step_up.sent.wrong_text, left = left)),
        SentCodeRefusal::Exhausted => (t!(l, step_up.sent.exhausted), t!(l, step_up.sent.exhausted_text)),
        SentCodeRefusal::Void | SentCodeRefusal::NotMeant => (t!(l, step_up.sent.void), t!(l, step_up.sent.void_text)),
        SentCodeRefusal::TooSoon { seconds } => {
            let text = if has_code {
                t!(l, step_up.sent.too_soon_text, seconds = seconds)
            } else {
                t!(l, step_up.sent.too_soon_wait, seconds = seconds)
            };
            (t!(l, step_up.sent.too_soon), text)
        }
        SentCodeRefusal::DayFull { most } => {
            let text = if signs_in(visit) {
                t!(l, step_up.sent.sign_in_day_full_text, phone = hotline)
            } else {
                t!(l, step_up.sent.day_full_text, phone = hotline)
            };
            (t!(l, step_up.sent.day_full, most = most), text)
        }
    };
    let refused = Refused::of(&refusal, words);
    match refusal.field() {
        "" => refused,
        "password" => refused.field("password", t!(l, sign_in.password)),
        field => refused.field(field, t!(l, step_up.sent.code)),
    }
}
