//! The sections of the home page.

use bank::branches::Reference;
use bank::cases::CaseLine;
use bank::kernel::language::{day_from_now, day_short, moment, month_short, time_span, weekday};
use bank::kernel::time::hhmm;
use bank::messages::Message;
use bank::surveys::Published;
use leptos::prelude::*;

use super::countdown::countdown;
use super::data::{Free, HomeData, NextVisit, UnfinishedForm, UnfinishedKind};
use crate::appointments;
use crate::branches::{day_said, phone_link};
use crate::cases::{short_words, state_told, title_words};
use crate::form::{discard, discard_fields};
use crate::kinds::{self, Ui};
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::icon::{Icon, Picture};
use crate::ui::state_tag::StateTag;
use crate::ui::task_tile::TaskTile;
use crate::visit::Visit;
use crate::{counted, t};

/// Maximum number of answers shown at once; the others unfold.
const ANSWERS: usize = 3;

/// Maximum number of branches on the board; the page of the branches has all.
const BOARD: usize = 6;

/// Maximum number of appointments after the next one; the list has all.
const LATER: usize = 3;

/// The next appointment: when it is, where, what it is about, and what can be done about it.
pub fn next(visit: &Visit, next: &NextVisit, reference: &Reference) -> AnyView {
    let (language, l) = (visit.language, visit.locale());
    let NextVisit { case, cancel_until, in_closure, held } = next;
    let (state, tone) = state_told(l, case.kind, &case.state);
    let branch = case.branch_id.as_deref().and_then(|id| reference.branch(id));
    let ui = kinds::of(case.kind);
    let note = ui.and_then(|ui| ui.note(l, case));
    let picture = ui.map_or(Picture::Calendar, |ui| ui.form().picture);
    let to = kinds::path(&case.number);
    let band = case.time.map(|(start, end)| {
        let day = start.day();
        view! {
            <div class="visit-band">
                // The same day stands in words beside it.
                <p class="leaf" aria-hidden="true">
                    <span>{month_short(language, day)}</span>
                    <b>{day.day()}</b>
                    <span>{weekday(language, day.weekday())}</span>
                </p>
                <div>
                    <p class="visit-hint">{countdown(language, start, visit.now)}</p>
                    <p class="visit-time">{time_span(start.time(), end.time())}</p>
                    <p>{branch.map(|branch| branch.name(language).to_owned())}</p>
                </div>
            </div>
        }
    });
    let place = branch.map(|branch| {
        let spans =
            case.time.map(|(start, _)| branch.hours.opening(&reference.calendar, start.day()).to_vec()).unwrap_or_default();
        let hours = spans.iter().map(|span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ");
        let hours = (!hours.is_empty()).then(|| t!(l, appointments.open_then, hours = hours.clone()));
        view! {
            <li>
                <Icon picture=Picture::Bank />
                <div>
                    <p class="ticket-text">{branch.address(language).to_owned()}</p>
                    {hours.map(|words| view! { <p class="hint">{words}</p> })}
                </div>
                <a href=appointments::map(branch) rel="noreferrer">
                    {t!(l, appointments.map)}
                </a>
            </li>
        }
    });
    let show = match (in_closure, case.waiting || *held) {
        (true, _) => t!(l, home.what_now),
        (false, true) => t!(l, home.see_visit),
        (false, false) => t!(l, home.show_ticket),
    };
    let phone = branch.map_or_else(|| visit.bank_details.hotline.clone(), |branch| branch.phone.clone());
    let (change, deadline) = match cancel_until {
        // Who only reads the company's bookings changes none.
        _ if !visit.acts() => (None, t!(l, home.change_operator)),
        Some(until) => {
            let until = moment(language, *until, visit.now);
            (Some((format!("{to}#cancel"), t!(l, home.cancel))), t!(l, home.cancel_until, until = until))
        }
        None => (Some((phone_link(&phone), t!(l, home.call))), t!(l, home.cancel_over, phone = phone)),
    };
    let change = change.map(|(href, text)| view! { <LinkButton href=href text=text kind=ButtonKind::Secondary /> });
    view! {
        <section class="visit">
            <h2 class="unseen">{t!(l, home.next)}</h2>
            {band}
            {in_closure.then(|| view! { <p class="visit-closed">{t!(l, home.closed_then)}</p> })}
            <ul class="ticket-rows">
                <li>
                    <Icon picture=picture />
                    <div>
                        <p class="ticket-text">{title_words(language, case)}</p>
                        {note.map(|note| view! { <p class="hint">{note}</p> })}
                    </div>
                    <StateTag text=state tone=tone />
                </li>
                {place}
            </ul>
            <div class="visit-do">
                <div class="actions">
                    <LinkButton href=to text=show />
                    {change}
                </div>
                <p class="hint">{deadline}</p>
            </div>
        </section>
    }
    .into_any()
}

/// The appointments after the next one, a line each; `None` without any.
pub fn later(visit: &Visit, cases: &[CaseLine], reference: &Reference) -> Option<AnyView> {
    let (language, l) = (visit.language, visit.locale());
    let row = |case: &CaseLine| {
        let (state, tone) = state_told(l, case.kind, &case.state);
        let when = case.time.map(|(start, end)| {
            let day = day_from_now(language, start.day(), visit.now);
            format!("{day} {}", time_span(start.time(), end.time()))
        });
        let branch = case.branch_id.as_deref().and_then(|id| reference.branch(id));
        let place = branch.map(|branch| branch.name(language).to_owned());
        let about = [Some(short_words(language, case)), place].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! {
            <li>
                <div>
                    <h3>
                        <a href=kinds::path(&case.number)>{when}</a>
                    </h3>
                    <p class="hint">{about}</p>
                </div>
                <StateTag text=state tone=tone />
            </li>
        }
    };
    let more = (cases.len() > LATER).then(|| {
        let count = cases.len() - LATER;
        view! {
            <p>
                <a href="/appointments">{t!(l, home.later_more, count = count)}</a>
            </p>
        }
    });
    (!cases.is_empty()).then(|| {
        view! {
            <section class="block later">
                <h2>{t!(l, home.later)}</h2>
                <ul class="rows">{cases.iter().take(LATER).map(row).collect_view()}</ul>
                {more}
            </section>
        }
        .into_any()
    })
}

/// Unfinished forms; `None` without any.
pub fn unfinished(visit: &Visit, home: &HomeData, reference: &Reference) -> Option<AnyView> {
    let drafts = home.unfinished.iter().map(|unfinished| draft(visit, unfinished, reference)).collect_view();
    (!home.unfinished.is_empty()).then(|| {
        view! {
            <section class="block">
                <h2>{t!(visit.locale(), home.unfinished)}</h2>
                <div class="stack">{drafts}</div>
            </section>
        }
        .into_any()
    })
}

fn draft(visit: &Visit, unfinished: &UnfinishedForm, reference: &Reference) -> AnyView {
    let (language, l) = (visit.language, visit.locale());
    let (title, about) = match unfinished.kind {
        UnfinishedKind::Case(kind) => kinds::of(kind)
            .map(|ui| (ui.draft(l, &unfinished.values), ui.draft_about(visit, reference, &unfinished.values).join(" · ")))
            .unwrap_or_default(),
        UnfinishedKind::Survey(0) => (t!(l, home.draft_survey_check), String::new()),
        UnfinishedKind::Survey(left) => {
            (counted!(l, left, [home.draft_survey_one], [home.draft_survey], left = left), String::new())
        }
    };
    let saved = moment(language, unfinished.saved_at, visit.now);
    let saved = match unfinished.kept_until {
        Some(until) => t!(l, home.draft_kept, time = saved, day = day_short(language, until.day())),
        None => t!(l, home.draft_saved, time = saved),
    };
    let href = format!("{}?key={}", unfinished.path, unfinished.key);
    let discard = discard(l, &unfinished.path, discard_fields(visit, &unfinished.key));
    view! {
        <section class="card card-row">
            <div class="card-head">
                <h3>{title}</h3>
                {(!about.is_empty()).then(|| view! { <p>{about}</p> })}
                <p class="hint">{saved}</p>
            </div>
            <LinkButton href=href text=t!(l, home.resume) />
            {discard}
        </section>
    }
    .into_any()
}

/// Unread answers under their number; `None` without any.
pub fn answers(visit: &Visit, home: &HomeData) -> Option<AnyView> {
    let l = visit.locale();
    let count = home.answers.len();
    let rows = |from: usize, to: usize| home.answers[from..to].iter().map(|message| answer(visit, message)).collect_view();
    let first = count.min(ANSWERS);
    (count > 0).then(|| {
        let more = (count > first).then(|| {
            view! {
                <details>
                    <summary>{t!(l, home.unread_more, count = count - first)}</summary>
                    <ul class="rows news">{rows(first, count)}</ul>
                </details>
            }
        });
        let title = if count == 1 { t!(l, home.unread_one) } else { t!(l, home.unread, count = count) };
        view! {
            <section class="block">
                <h2>{title}</h2>
                <ul class="rows news">{rows(0, first)}</ul>
                {more}
            </section>
        }
        .into_any()
    })
}

fn answer(visit: &Visit, message: &Message) -> Option<AnyView> {
    let (language, l) = (visit.language, visit.locale());
    let number = message.case_number.clone()?;
    let text = crate::messages::text(language, &message.kind, &message.details);
    let when = moment(language, message.created_at, visit.now);
    let href = kinds::path(&number);
    Some(
        view! {
            <li>
                <div>
                    <h3>
                        <a href=href>{text.title}</a>
                    </h3>
                    {(!text.body.is_empty()).then(|| view! { <p class="hint">{text.body}</p> })}
                    <p class="hint">{when}</p>
                </div>
                {visit
                    .acts()
                    .then(|| {
                        view! {
                            <PostButton
                                action="/"
                                text=t!(l, home.dismiss)
                                kind=ButtonKind::Secondary
                                fields=vec![("number".to_owned(), number)]
                                name="do"
                                value="noted"
                            />
                        }
                    })}
            </li>
        }
        .into_any(),
    )
}

/// What is open of the survey.
#[derive(Clone, Copy)]
pub struct SurveyTask<'s> {
    pub published: &'s Published,
    /// The number of questions left in a draft.
    pub left: Option<usize>,
}

/// The tasks, each with a live fact, including the open survey. Visitors are asked to sign in first, and are told the rule too.
pub fn tasks(visit: &Visit, survey: Option<SurveyTask<'_>>, reference: &Reference, free: &Free) -> AnyView {
    let l = visit.locale();
    let signed_in = visit.caller.session_id().is_some();
    let tile = |ui: &'static dyn Ui| {
        let form = ui.form();
        let fact = free.iter().find(|(kind, _)| *kind == ui.kind()).map(|(_, free)| free.fact.clone());
        let rule = (!signed_in || fact.is_none()).then(|| ui.task_detail(visit, reference));
        view! { <TaskTile href=form.path picture=form.picture title=ui.task(l) fact=fact detail=rule /> }
    };
    // Appointments first, then the survey, then the kinds without appointments.
    let (visits, written): (Vec<_>, Vec<_>) = kinds::all().partition(|ui| ui.address() == appointments::ADDRESS);
    let survey = survey.map(|SurveyTask { published, left }| {
        let (code, minutes) = (&published.survey.code, published.survey.minutes);
        let detail = match left {
            Some(0) => t!(l, home.task_survey_check),
            Some(left) => counted!(l, left, [home.task_survey_left_one], [home.task_survey_left], left = left),
            None => t!(l, home.task_survey_detail, minutes = minutes),
        };
        let title = t!(l, home.task_survey);
        view! { <TaskTile href=format!("/surveys/{code}") picture=Picture::Survey title=title detail=detail /> }
    });
    view! {
        <section class="block">
            <h2>{t!(l, home.tasks)}</h2>
            <div class="tiles">
                {visits.into_iter().map(tile).collect_view()}
                {survey}
                {written.into_iter().map(tile).collect_view()}
            </div>
        </section>
    }
    .into_any()
}

/// The earliest free day of each branch, for visitors.
pub fn board(visit: &Visit, reference: &Reference, free: &Free) -> Option<AnyView> {
    let (language, l) = (visit.language, visit.locale());
    let (_, board) = free.iter().find_map(|(kind, free)| Some((kind, free.board.as_ref()?)))?;
    let row = |branch: &bank::branches::Branch| {
        let found = board.rows.iter().find(|row| row.branch == branch.id);
        let (day, places) = match found {
            Some(row) => (
                day_said(language, row.day, visit.now),
                counted!(l, row.places, [branches.places_one], [branches.places], places = row.places),
            ),
            None => (t!(l, branches.none_free), String::new()),
        };
        view! {
            <li>
                <b>{branch.name(language).to_owned()}</b>
                <span>{day}</span>
                <span class="hint">{places}</span>
            </li>
        }
    };
    let count = reference.branches.len();
    let all = if count > BOARD { t!(l, home.all_branches, count = count) } else { t!(l, home.branches) };
    Some(
        view! {
            <section class="board" id="board">
                <div class="board-head">
                    <h2>{board.title.clone()}</h2>
                    <p class="hint">{t!(l, home.board_at, time = hhmm(visit.now.time()))}</p>
                </div>
                <ul>{reference.branches.iter().take(BOARD).map(row).collect_view()}</ul>
                <p>
                    <a href=crate::branches::PATH>{all}</a>
                </p>
            </section>
        }
        .into_any(),
    )
}

/// What the bank does for those who book, in a few promises with their times.
pub fn promises(visit: &Visit, reference: &Reference) -> AnyView {
    let promised = kinds::all().filter_map(|ui| ui.promises(visit, reference)).map(|promised| {
        let promises = promised.promises.into_iter().map(|(title, text)| {
            view! {
                <li>
                    <h3>{title}</h3>
                    <p class="hint">{text}</p>
                </li>
            }
        });
        view! {
            <section class="block">
                <h2>{promised.title}</h2>
                <ol class="promises">{promises.collect_view()}</ol>
            </section>
        }
    });
    promised.collect_view().into_any()
}
