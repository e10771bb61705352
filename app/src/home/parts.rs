//! The sections of the home page.

use bank::branches::{Branch, Reference};
use bank::cases::CaseLine;
use bank::kernel::hours::Span;
use bank::kernel::language::{day_short, moment, time_span};
use bank::messages::Message;
use bank::recommendations::Advice;
use bank::surveys::Published;
use leptos::prelude::*;

use super::data::{HomeData, UnfinishedForm, UnfinishedKind};
use crate::appointments;
use crate::cases::{state_told, title_words};
use crate::form::{discard, discard_fields};
use crate::kinds::{self, Ui};
use crate::recommendations::cards::{CardPlace, card};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::card::Card;
use crate::ui::icon::Picture;
use crate::ui::state_tag::StateTag;
use crate::ui::task_tile::TaskTile;
use crate::visit::Visit;

/// Maximum number of recommendations on the home page.
const GLANCE: usize = 3;

/// The next appointment, unfinished forms and unread answers; `None` without any.
pub fn waiting(visit: &Visit, home: &HomeData, reference: &Reference) -> Option<AnyView> {
    let next = home.next.as_ref().map(|case| next(visit, case, reference));
    let unfinished = home.unfinished.iter().map(|unfinished| draft(visit, unfinished)).collect_view();
    let answers = home.answers.iter().filter_map(|message| answer(visit, message)).collect_view();
    let any = home.next.is_some() || !home.unfinished.is_empty() || !home.answers.is_empty();
    any.then(|| view! { <div class="stack">{next}{answers}{unfinished}</div> }.into_any())
}

fn next(visit: &Visit, case: &CaseLine, reference: &Reference) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let (state, tone) = state_told(locale, case.kind, &case.state);
    let time = case.time.map(|(start, _)| moment(language, start, visit.now)).unwrap_or_default();
    let branch = case.branch_id.as_deref().and_then(|id| reference.branch(id));
    let mut about = vec![title_words(language, case)];
    about.extend(branch.map(|branch| branch.name(language).to_owned()));
    let note = kinds::of(case.kind).and_then(|ui| ui.note(locale, case));
    view! {
        <section class="card card-accent">
            <h2 class="unseen">{t!(locale, home.next)}</h2>
            <StateTag text=state tone=tone />
            <h3 class="big">
                <a href=kinds::path(&case.number)>{time}</a>
            </h3>
            <p>{about.join(" · ")}</p>
            {note.map(|note| view! { <p class="hint">{note}</p> })}
        </section>
    }
    .into_any()
}

fn draft(visit: &Visit, unfinished: &UnfinishedForm) -> AnyView {
    let locale = visit.locale();
    let title = match unfinished.kind {
        UnfinishedKind::Case(kind) => kinds::of(kind).map(|ui| ui.draft(locale)).unwrap_or_default(),
        UnfinishedKind::Survey(0) => t!(locale, home.draft_survey_check),
        UnfinishedKind::Survey(left) => t!(locale, home.draft_survey, left = left),
    };
    let saved = t!(locale, home.draft_saved, time = moment(visit.language, unfinished.saved_at, visit.now));
    let href = format!("{}?key={}", unfinished.path, unfinished.key);
    let discard = discard(locale, &unfinished.path, discard_fields(visit, &unfinished.key));
    view! {
        <Card title=title hint=saved row=true>
            <LinkButton href=href text=t!(locale, home.resume) />
            {discard}
        </Card>
    }
    .into_any()
}

fn answer(visit: &Visit, message: &Message) -> Option<AnyView> {
    let (language, locale) = (visit.language, visit.locale());
    let number = message.case_number.clone()?;
    let text = crate::messages::text(language, &message.kind, &message.details);
    let when = moment(language, message.created_at, visit.now);
    let href = kinds::path(&number);
    Some(
        view! {
            <section class="card card-row">
                <div class="card-head">
                    <p class="hint">{format!("{} · {when}", t!(locale, home.unread))}</p>
                    <h2>
                        <a href=href>{text.title}</a>
                    </h2>
                    {(!text.body.is_empty()).then(|| view! { <p class="hint">{text.body}</p> })}
                </div>
                {visit
                    .acts()
                    .then(|| {
                        view! {
                            <PostButton
                                action="/"
                                text=t!(locale, home.dismiss)
                                kind=ButtonKind::Secondary
                                fields=vec![("number".to_owned(), number)]
                                name="do"
                                value="noted"
                            />
                        }
                    })}
            </section>
        }
        .into_any(),
    )
}

/// The tasks, including the open survey. Visitors are asked to sign in first.
pub fn tasks(visit: &Visit, survey: Option<&Published>, reference: &Reference) -> AnyView {
    let locale = visit.locale();
    let tile = |ui: &'static dyn Ui| {
        let (form, title, detail) = (ui.form(), ui.task(locale), ui.task_detail(visit, reference));
        view! { <TaskTile href=form.path picture=form.picture title=title detail=detail /> }
    };
    // Appointments first, then the survey, then the kinds without appointments.
    let (visits, written): (Vec<_>, Vec<_>) = kinds::all().partition(|ui| ui.address() == appointments::ADDRESS);
    let survey = survey.map(|published| {
        let (code, minutes) = (&published.survey.code, published.survey.minutes);
        let (title, detail) = (t!(locale, home.task_survey), t!(locale, home.task_survey_detail, minutes = minutes));
        view! { <TaskTile href=format!("/surveys/{code}") picture=Picture::Survey title=title detail=detail /> }
    });
    view! {
        <section class="block">
            <h2>{t!(locale, home.tasks)}</h2>
            <div class="tiles">
                {visits.into_iter().map(tile).collect_view()}
                {survey}
                {written.into_iter().map(tile).collect_view()}
            </div>
        </section>
    }
    .into_any()
}

/// Three cards with consent; without it only the link to the list without personalisation.
pub fn advice(visit: &Visit, advice: &Advice) -> AnyView {
    let locale = visit.locale();
    let cards = advice.cards();
    let (text, link) = match (advice.is_consented(), cards.is_empty()) {
        (true, false) => (None, t!(locale, home.advice_all)),
        (true, true) => (Some(t!(locale, home.advice_none)), t!(locale, home.advice_all)),
        (false, _) => (Some(t!(locale, home.advice_off)), t!(locale, home.advice_list)),
    };
    view! {
        <section class="block">
            <h2>{t!(locale, home.advice)}</h2>
            {text.map(|words| view! { <p>{words}</p> })}
            <div class="products">
                {cards.iter().take(GLANCE).map(|shown| card(visit, advice, shown, CardPlace::Glance)).collect_view()}
            </div>
            <LinkButton href="/recommendations" text=link kind=ButtonKind::Quiet />
        </section>
    }
    .into_any()
}

/// "Closed today" with the next opening time of the branch.
fn next_open(visit: &Visit, reference: &Reference, branch: &Branch) -> String {
    let locale = visit.locale();
    let Some((day, spans)) = branch.hours.next_opening(&reference.calendar, visit.now) else {
        return t!(locale, home.closed_today);
    };
    let hours = spans.iter().map(|span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ");
    t!(locale, home.closed_until, day = day_short(visit.language, day), hours = hours)
}

/// Branches with today's hours and the address.
pub fn branches(visit: &Visit, reference: &Reference) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let today = visit.now.day();
    let row = |branch: &Branch| {
        let spans = branch.hours.opening(&reference.calendar, today);
        let hours = spans.iter().map(|span: &Span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ");
        let hours =
            if hours.is_empty() { next_open(visit, reference, branch) } else { t!(locale, home.open_today, hours = hours) };
        view! {
            <li>
                <p class="branch-line">
                    <b>{branch.name(language).to_owned()}</b>
                    <span class="hint">{hours}</span>
                </p>
                <p class="branch-line">
                    <span class="hint">{branch.address(language).to_owned()}</span>
                    <a class="hint" href=format!("tel:{}", branch.phone.replace([' ', '-'], ""))>{branch.phone.clone()}</a>
                </p>
            </li>
        }
    };
    view! {
        <section class="block" id="branches">
            <h2>{t!(locale, home.branches)}</h2>
            <ul class="branches">{reference.branches.iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
