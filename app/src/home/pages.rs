//! Who sees what at `/`.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{self, Reference};
use bank::messages::mark_read;
use bank::sessions::{Caller, Customer};
use leptos::prelude::*;

use super::greeting::greeting;
use super::mine::{self, Mine};
use super::parts;
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::button::LinkButton;
use crate::visit::{App, Visit};

/// GET /
pub async fn home(visit: Visit, State(app): State<App>) -> Response {
    let page = async {
        let reference = match &visit.caller {
            Caller::Staff(_) => return Ok::<_, PageError>(see_other("/desk")),
            _ => branches::reference(&app.bank).await?,
        };
        Ok(match &visit.caller {
            Caller::Customer(customer) => {
                let mine = mine::read(&app.bank, customer).await?;
                customers(&visit, customer, &mine, &reference)
            }
            Caller::Administrator(_) => administrators(&visit, &reference),
            _ => visitors(&visit, &reference),
        })
    };
    visit.answer(page.await)
}

/// POST /: the customer has noted an answer.
pub async fn noted(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let done = async {
        let number = form.0.filled("number").filter(|_| form.pressed() == "noted").ok_or(PageError::NotFound)?;
        mark_read(&app.bank, &customer, number).await?;
        Ok(see_other("/"))
    };
    visit.answer(done.await)
}

fn customers(visit: &Visit, customer: &Customer, mine: &Mine, reference: &Reference) -> Response {
    let locale = visit.locale();
    let layout = if mine.advice.is_some() { "home" } else { "home home-short" };
    Page::new(visit, t!(locale, home.title)).layout("page page-wide").show(|| {
        view! {
            <h1>{greeting(visit.language, customer, visit.now)}</h1>
            <div class=layout>
                <div class="home-main">
                    {parts::waiting(visit, mine, reference)}
                    {parts::tasks(visit, Some(customer.kind()), reference)}
                </div>
                {mine.advice.as_ref().map(|advice| view! { <div class="home-advice">{parts::advice(visit, advice)}</div> })}
                <div class="home-branches">{parts::branches(visit, reference)}</div>
            </div>
        }
        .into_any()
    })
}

fn visitors(visit: &Visit, reference: &Reference) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, home.title)).layout("page page-wide").show(|| {
        view! {
            <div class="welcome">
                <h1>{t!(locale, home.welcome)}</h1>
                <p class="lead">{t!(locale, home.welcome_text)}</p>
                <LinkButton href="/login" text=t!(locale, home.sign_in) />
            </div>
            <div class="home home-short">
                <div class="home-main">{parts::tasks(visit, None, reference)}</div>
                <div class="home-branches">{parts::branches(visit, reference)}</div>
            </div>
        }
        .into_any()
    })
}

/// What an administrator has: the parameters, and nothing of any customer (docs/domain.md §12).
fn administrators(visit: &Visit, reference: &Reference) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, home.parameters)).show(|| {
        view! {
            <h1>{t!(locale, home.parameters)}</h1>
            <p>{t!(locale, home.parameters_text)}</p>
            {super::parameters::table(visit, reference)}
        }
        .into_any()
    })
}
