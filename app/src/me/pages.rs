//! The page `/me`.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{self, Branch};
use bank::customers::{self, Account, Consent, Profile};
use bank::recommendations::{self, Advice};
use bank::sessions::{self, Customer, CustomerKind, SessionLine};
use leptos::prelude::*;
use serde::Deserialize;

use super::sections;
use crate::page::{Page, PageError};
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
}

/// GET /me
pub async fn me(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    LenientQuery(query): LenientQuery<ProfileQuery>,
) -> Response {
    let page = async {
        let data = read(&app, customer).await?;
        Ok::<_, PageError>(show(&visit, &data, query.done.as_deref()))
    };
    visit.answer(page.await)
}

async fn read(app: &App, customer: Customer) -> Result<ProfileData, PageError> {
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
        sessions: sessions::list_sessions(bank, &customer).await?,
        customer,
        profile,
        branch,
    })
}

fn show(visit: &Visit, data: &ProfileData, done: Option<&str>) -> Response {
    let locale = visit.locale();
    let notice = match done {
        Some("given") => Some(t!(locale, me.consent_given)),
        Some("withdrawn") => Some(t!(locale, me.consent_withdrawn)),
        Some("ended") => Some(t!(locale, me.ended)),
        _ => None,
    };
    Page::new(visit, t!(locale, me.title)).layout("page page-wide").show(move || {
        view! {
            <h1>{t!(locale, me.title)}</h1>
            {notice.map(|title| view! { <Banner tone=Tone::Ok title=title /> })}
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
                    {sections::sessions(visit, data)}
                </div>
            </div>
        }
        .into_any()
    })
}
