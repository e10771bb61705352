//! The page `/me`.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{self, Branch};
use bank::customers::{self, Account, Consent, Profile};
use bank::messages::{Message, list_notices};
use bank::recommendations::{self, Advice};
use bank::sessions::{self, Caller, Customer, CustomerKind, Factor, Passkey, SessionLine};
use leptos::prelude::*;
use serde::Deserialize;

use super::{password, sections};
use crate::factors;
use crate::page::{Page, PageError};
use crate::passkeys;
use crate::recommendations::notice_changed;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::parts::Tone;
use crate::visit::{App, LenientQuery, Visit};

/// Query: the action just done here.
#[derive(Debug, Default, Deserialize)]
pub struct ProfileQuery {
    done: Option<String>,
}

/// The data of the page.
pub(super) struct ProfileData {
    pub customer: Customer,
    pub profile: Profile,
    pub branch: Option<Branch>,
    pub accounts: Vec<Account>,
    /// Facts a recommendation may be based on; `None` for a company.
    pub advice: Option<Advice>,
    /// Purposes a person may consent to; empty for a company.
    pub consents: Vec<Consent>,
    pub sessions: Vec<SessionLine>,
    pub factor: Factor,
    pub passkeys: Vec<Passkey>,
    /// The latest messages about the sign-in.
    pub notices: Vec<Message>,
}

/// GET /me
pub async fn me(visit: Visit, State(app): State<App>, LenientQuery(query): LenientQuery<ProfileQuery>) -> Response {
    let page = async {
        let sessions = sessions::list_sessions(&app.bank, &visit.caller).await?;
        let factor = sessions::find_factor(&app.bank, &visit.caller, "").await?;
        let passkeys = sessions::list_passkeys(&app.bank, &visit.caller).await?;
        let Caller::Customer(customer) = &visit.caller else {
            return Ok::<_, PageError>(show_staff(&visit, &sessions, (&factor, &passkeys), query.done.as_deref()));
        };
        let data = read(&app, customer.clone(), sessions, (factor, passkeys)).await?;
        Ok(show(&visit, &data, query.done.as_deref()))
    };
    visit.answer(page.await)
}

async fn read(
    app: &App,
    customer: Customer,
    sessions: Vec<SessionLine>,
    (factor, passkeys): (Factor, Vec<Passkey>),
) -> Result<ProfileData, PageError> {
    let bank = &app.bank;
    let personal = customer.kind() == CustomerKind::Personal;
    let profile = customers::profile(bank, &customer).await?;
    let branch = match &profile.usual_branch_id {
        Some(id) => branches::reference(bank).await?.branch(id).cloned(),
        None => None,
    };
    Ok(ProfileData {
        accounts: customers::accounts(bank, &customer).await?,
        advice: if personal { Some(recommendations::known(bank, &customer).await?) } else { None },
        consents: if personal { customers::consents(bank, &customer).await? } else { Vec::new() },
        sessions,
        factor,
        passkeys,
        notices: list_notices(bank, &customer).await?,
        customer,
        profile,
        branch,
    })
}

/// What has just been done here.
fn notice(visit: &Visit, done: Option<&str>) -> Option<AnyView> {
    let locale = visit.locale();
    if done == Some("notice_changed") {
        return Some(notice_changed(locale));
    }
    let title = match done? {
        "given" => t!(locale, me.consent_given),
        "withdrawn" => t!(locale, me.consent_withdrawn),
        "ended" => t!(locale, me.ended),
        "password" => t!(locale, me.password_changed),
        "others_ended" => t!(locale, me.others_ended),
        _ => return None,
    };
    Some(view! { <Banner tone=Tone::Ok title=title /> }.into_any())
}

/// The page of staff: their language and sessions.
fn show_staff(
    visit: &Visit,
    sessions: &[SessionLine],
    (factor, passkeys): (&Factor, &[Passkey]),
    done: Option<&str>,
) -> Response {
    let title = t!(visit.locale(), me.title_staff);
    Page::new(visit, title.clone()).show(move || {
        view! {
            <h1>{title}</h1>
            {notice(visit, done)}
            {factors::section(visit, factor)}
            {passkeys::section(visit, passkeys)}
            {sections::sessions(visit, sessions)}
            {password::section(visit)}
            {sections::language(visit)}
        }
        .into_any()
    })
}

fn show(visit: &Visit, data: &ProfileData, done: Option<&str>) -> Response {
    let locale = visit.locale();
    let notice = notice(visit, done);
    Page::new(visit, t!(locale, me.title)).layout("page page-wide").show(move || {
        view! {
            <h1>{t!(locale, me.title)}</h1>
            {notice}
            <div class="pair">
                <div class="parts">
                    {sections::about(visit, data)}
                    {sections::accounts(visit, data)}
                    {data.advice.as_ref().and_then(|advice| sections::holdings(visit, advice))}
                    {data.advice.as_ref().map(|advice| sections::assessment(visit, advice))}
                </div>
                <div class="parts">
                    {sections::consents(visit, data)}
                    {sections::language(visit)}
                    {factors::section(visit, &data.factor)}
                    {passkeys::section(visit, &data.passkeys)}
                    {sections::sessions(visit, &data.sessions)}
                    {password::section(visit)}
                    {sections::notices(visit, &data.notices)}
                </div>
            </div>
        }
        .into_any()
    })
}
