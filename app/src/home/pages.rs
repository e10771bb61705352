//! The page at `/` for each kind of caller, and the parameters at `/settings`.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{self, Reference};
use bank::messages::mark_read;
use bank::sessions::{Caller, Customer, Permission};
use bank::surveys::Published;
use leptos::prelude::*;

use super::approver;
use super::data::{self, Free, HomeData, UnfinishedKind};
use super::greeting::greeting;
use super::parameters::{Wanted, tables};
use super::parts::{self, SurveyTask};
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::ui::button::LinkButton;
use crate::visit::{App, LenientQuery, Visit, refuse};

/// What waits for the customer on the home page.
const WAITING: &str = "waiting";

/// GET /
pub async fn home(visit: Visit, State(app): State<App>) -> Response {
    let page = async {
        if let Caller::Staff(staff) = &visit.caller {
            let pages = [
                (staff.may(Permission::SeeCases), "/desk"),
                (staff.administers(), "/admin"),
                (staff.may(Permission::SeeSettings), "/settings"),
            ];
            let first = pages.into_iter().find(|(admitted, _)| *admitted);
            return Ok::<_, PageError>(first.map_or_else(|| no_work(&visit), |(_, path)| see_other(path)));
        }
        if let Caller::Awaiting(_) = &visit.caller {
            return Ok(refuse(&visit));
        }
        let reference = branches::reference(&app.bank).await?;
        Ok(match &visit.caller {
            Caller::Customer(customer) => {
                let home = data::read(&visit, &app, customer, &reference).await?;
                customers(&visit, customer, &home, &reference)
            }
            _ => {
                let survey = data::open_survey(&app.bank).await?;
                let free = data::free(&visit, &app, &reference).await?;
                visitors(&visit, survey.as_ref(), &reference, &free)
            }
        })
    };
    visit.answer(page.await)
}

/// GET /settings
pub async fn settings(visit: Visit, State(app): State<App>, LenientQuery(wanted): LenientQuery<Wanted>) -> Response {
    let page = async { Ok::<_, PageError>(parameters(&visit, &branches::reference(&app.bank).await?, &wanted)) };
    visit.answer(page.await)
}

/// POST /: marks an answer as read.
pub async fn noted(visit: Visit, State(app): State<App>, customer: Customer, form: Submission) -> Response {
    let done = async {
        let number = form.0.filled("number").filter(|_| form.pressed() == "noted").ok_or(PageError::NotFound)?;
        mark_read(&app.bank, &customer, number).await?;
        // The focus goes on to what else waits.
        Ok(see_other(&format!("/#{WAITING}")))
    };
    visit.answer(done.await)
}

fn customers(visit: &Visit, customer: &Customer, home: &HomeData, reference: &Reference) -> Response {
    let locale = visit.locale();
    let left = home.unfinished.iter().find_map(|unfinished| match unfinished.kind {
        UnfinishedKind::Survey(left) => Some(left),
        UnfinishedKind::Case(_) => None,
    });
    let survey = home.survey.as_ref().map(|published| SurveyTask { published, left });
    let tasks = customer.may(Permission::ActForHolder).then(|| parts::tasks(visit, survey, reference, &home.free));
    let to_approve = approver::to_approve(visit, &home.to_approve);
    let (next, later, unfinished, answers) = (
        home.next.as_ref().map(|next| parts::next(visit, next, reference)),
        parts::later(visit, &home.later, reference),
        parts::unfinished(visit, home, reference),
        parts::answers(visit, home),
    );
    // On a wide screen what waits stands beside the next visit.
    let layout = if next.is_some() && (to_approve.is_some() || unfinished.is_some() || answers.is_some()) {
        "home home-two"
    } else {
        "home"
    };
    // What waits for the approver comes before the next visit of the company.
    let leads = to_approve.is_some();
    let waiting = view! { <div class="home-waiting" id=WAITING tabindex="-1">{to_approve} {unfinished} {answers}</div> };
    let (first, last) = if leads { (Some(waiting), None) } else { (None, Some(waiting)) };
    Page::new(visit, t!(locale, home.title)).layout("page page-wide").show(|| {
        view! {
            <h1>{greeting(visit.language, customer, visit.now)}</h1>
            <div class=layout>
                {first}
                {next.map(|next| view! { <div class="home-visits">{next} {later}</div> })}
                {last}
                {tasks}
                <p>
                    <a href=crate::branches::PATH>{t!(locale, home.branches)}</a>
                </p>
            </div>
        }
        .into_any()
    })
}

fn visitors(visit: &Visit, survey: Option<&Published>, reference: &Reference, free: &Free) -> Response {
    let locale = visit.locale();
    let survey = survey.map(|published| SurveyTask { published, left: None });
    Page::new(visit, t!(locale, home.title)).layout("page page-wide").show(|| {
        view! {
            <div class="welcome">
                <div class="welcome-text">
                    <h1>{t!(locale, home.welcome)}</h1>
                    <p class="lead">{t!(locale, home.welcome_text)}</p>
                    <LinkButton href="/login" text=t!(locale, home.sign_in) />
                </div>
                {parts::board(visit, reference, free)}
            </div>
            {parts::tasks(visit, survey, reference, free)}
            {parts::promises(visit, reference)}
        }
        .into_any()
    })
}

/// The notice for roles without pages.
fn no_work(visit: &Visit) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, home.title)).show(|| {
        view! {
            <h1>{t!(locale, home.no_work)}</h1>
            <p>{t!(locale, home.no_work_text)}</p>
        }
        .into_any()
    })
}

/// The parameters in force, without customer data.
fn parameters(visit: &Visit, reference: &Reference, wanted: &Wanted) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, home.parameters)).layout("page page-wide").show(|| {
        view! {
            <h1>{t!(locale, home.parameters)}</h1>
            <p>{t!(locale, home.parameters_text)}</p>
            {tables(visit, reference, None, wanted)}
        }
        .into_any()
    })
}
