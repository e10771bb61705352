//! The index: what waits for a second administrator, the areas, and what was decided last.

use axum::extract::State;
use axum::response::Response;
use bank::administration::{ChangeRequest, list_decided, list_waiting};
use bank::branches::{Reference, reference};
use bank::kernel::language::{day_with_year, moment};
use bank::kernel::time::Day;
use bank::sessions::{Gap, Permission, Planned, Staff, Stuck, find_gaps, list_stuck, slowed_networks};
use leptos::prelude::*;

use super::request_path;
use super::staff::member_path;
use super::ui::{ChangeContext, ChangeUi};
use super::words::{all_blocked_words, all_handling_words, request_state};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::icon::Picture;
use crate::ui::state_tag::StateTag;
use crate::ui::table::{Column, Table, TableRow};
use crate::ui::task_tile::TaskTile;
use crate::visit::{App, Visit};
use crate::words::Locale;

/// GET /admin
pub async fn index(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    let page = async {
        let waiting = list_waiting(&app.bank, &staff).await?;
        let decided = list_decided(&app.bank, &staff).await?;
        let reference = reference(&app.bank).await?;
        let (own, others): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|request| request.proposed_by.user_id == staff.user_id());
        let gaps = find_gaps(&app.bank, &staff).await?;
        let gaps = gap_lines(&visit, &reference, &gaps);
        let slowed = slowed_networks(&app.bank, &staff).await?;
        let stuck = list_stuck(&app.bank, &staff).await?;
        let warnings =
            (not_carried_out(&visit, &stuck), nobody_there(&staff, visit.locale(), gaps), somebody_guesses(&visit, &slowed));
        Ok::<_, PageError>(show(&visit, &staff, &reference, warnings, &others, &own, &decided))
    };
    visit.answer(page.await)
}

fn show(
    visit: &Visit,
    staff: &Staff,
    reference: &Reference,
    warnings: (Option<AnyView>, Option<AnyView>, Option<AnyView>),
    others: &[ChangeRequest],
    own: &[ChangeRequest],
    decided: &[ChangeRequest],
) -> Response {
    let locale = visit.locale();
    Page::new(visit, t!(locale, admin.title)).layout("page page-wide").show(move || {
        let nothing = others.is_empty().then(|| view! { <p>{t!(locale, admin.nothing_waits)}</p> });
        view! {
            <h1>{t!(locale, admin.title)}</h1>
            {warnings}
            <section class="block">
                <h2>{t!(locale, admin.waits_for_you)}</h2>
                {nothing}
                {table(visit, reference, t!(locale, admin.waits_for_you), others)}
            </section>
            {(!own.is_empty())
                .then(|| {
                    view! {
                        <section class="block">
                            <h2>{t!(locale, admin.your_own)}</h2>
                            <p class="hint">{t!(locale, admin.your_own_text)}</p>
                            {table(visit, reference, t!(locale, admin.your_own), own)}
                        </section>
                    }
                })}
            <section class="block">
                <h2>{t!(locale, admin.areas)}</h2>
                <div class="tiles">{areas(staff, locale)}</div>
            </section>
            {(!decided.is_empty())
                .then(|| {
                    view! {
                        <section class="block">
                            <h2>{t!(locale, admin.decided_last)}</h2>
                            {table(visit, reference, t!(locale, admin.decided_last), decided)}
                        </section>
                    }
                })}
        }
        .into_any()
    })
}

/// One sentence for each branch at which nobody may do something.
fn gap_lines(visit: &Visit, reference: &Reference, gaps: &[Gap]) -> Vec<String> {
    let l = visit.locale();
    let branches = gaps.chunk_by(|one, next| one.branch_id == next.branch_id);
    let line = |gaps: &[Gap]| {
        let branch = gaps.first().and_then(|gap| reference.branch(&gap.branch_id))?;
        let what = all_handling_words(l, &gaps.iter().map(|gap| gap.permission).collect::<Vec<_>>());
        let mut line = t!(l, staff.nobody_there, branch = branch.name(visit.language).to_owned(), what = what);
        let waiting = gaps.iter().map(|gap| gap.waiting).max().unwrap_or_default();
        let invited = gaps.iter().map(|gap| gap.invited).max().unwrap_or_default();
        if waiting > 0 {
            line += &t!(l, staff.nobody_there_waiting, n = waiting);
        }
        if invited > 0 {
            line += &t!(l, staff.nobody_there_invited, n = invited);
        }
        Some(line)
    };
    branches.filter_map(line).collect()
}

/// The branches at which nobody may do something, and the way to change it for those who may.
fn nobody_there(staff: &Staff, l: Locale, lines: Vec<String>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let lines = lines.into_iter().map(|line| view! { <li class="change-warning">{line}</li> }).collect_view();
    let way = staff.may(Permission::ManageStaff).then(|| {
        view! {
            <p>
                <a href=super::staff::LIST>{t!(l, staff.nobody_there_way)}</a>
            </p>
        }
    });
    let section = view! {
        <section class="block">
            <h2>{t!(l, staff.nobody_there_title)}</h2>
            <p>{t!(l, staff.nobody_there_text)}</p>
            <ul class="change-touches">{lines}</ul>
            {way}
        </section>
    };
    Some(section.into_any())
}

/// Moves and leaves whose day has come and that are hindered, with the way to each person.
fn not_carried_out(visit: &Visit, stuck: &[Stuck]) -> Option<AnyView> {
    if stuck.is_empty() {
        return None;
    }
    let l = visit.locale();
    let lines = stuck.iter().map(|stuck| {
        let (day, by) = (day_with_year(visit.language, stuck.from), all_blocked_words(l, &stuck.by));
        let text = match stuck.planned {
            Planned::Move => t!(l, staff.stuck_move, day = day, by = by),
            Planned::Leave => t!(l, staff.stuck_leave, day = day, by = by),
        };
        view! {
            <li class="change-warning">
                <a href=member_path(&stuck.user_id)>{stuck.name.clone()}</a>
                ": "
                {text}
            </li>
        }
    });
    let section = view! {
        <section class="block" id="stuck">
            <h2>{t!(l, staff.stuck_all_title)}</h2>
            <p>{t!(l, staff.stuck_all_text)}</p>
            <ul class="change-touches">{lines.collect_view()}</ul>
        </section>
    };
    Some(section.into_any())
}

/// Networks that had to wait because of many failed sign-ins, with their days.
fn somebody_guesses(visit: &Visit, slowed: &[(Day, i64)]) -> Option<AnyView> {
    if slowed.is_empty() {
        return None;
    }
    let l = visit.locale();
    let lines = slowed.iter().map(|(day, times)| {
        view! { <li class="change-warning">{t!(l, admin.slowed.day, day = day_with_year(visit.language, *day), n = *times)}</li> }
    });
    let section = view! {
        <section class="block" id="guesses">
            <h2>{t!(l, admin.slowed.title)}</h2>
            <p>{t!(l, admin.slowed.text)}</p>
            <ul class="change-touches">{lines.collect_view()}</ul>
        </section>
    };
    Some(section.into_any())
}

/// An area that administrators change or watch.
struct Area {
    path: &'static str,
    /// Who opens it.
    permission: Permission,
    picture: Picture,
    /// Title and text.
    words: fn(Locale) -> (String, String),
}

/// Every area, in the order of the index. A new one adds its entry here.
static AREAS: [Area; 8] = [
    Area {
        path: super::branches::LIST,
        permission: Permission::ChangeSettings,
        picture: Picture::Bank,
        words: |l| (t!(l, admin.area.branches), t!(l, admin.area.branches_text)),
    },
    Area {
        path: super::parameters::LIST,
        permission: Permission::ChangeSettings,
        picture: Picture::List,
        words: |l| (t!(l, admin.area.parameters), t!(l, admin.area.parameters_text)),
    },
    Area {
        path: super::calendar::LIST,
        permission: Permission::ChangeSettings,
        picture: Picture::Calendar,
        words: |l| (t!(l, admin.area.calendar), t!(l, admin.area.calendar_text)),
    },
    Area {
        path: super::products::LIST,
        permission: Permission::ChangeSettings,
        picture: Picture::Star,
        words: |l| (t!(l, admin.area.products), t!(l, admin.area.products_text)),
    },
    Area {
        path: super::receptions::LIST,
        permission: Permission::ChangeSettings,
        picture: Picture::People,
        words: |l| (t!(l, admin.area.receptions), t!(l, admin.area.receptions_text)),
    },
    Area {
        path: super::staff::LIST,
        permission: Permission::ManageStaff,
        picture: Picture::Person,
        words: |l| (t!(l, admin.area.staff), t!(l, admin.area.staff_text)),
    },
    Area {
        path: super::roles::LIST,
        permission: Permission::ManageStaff,
        picture: Picture::Check,
        words: |l| (t!(l, admin.area.roles), t!(l, admin.area.roles_text)),
    },
    Area {
        path: super::deliveries::PATH,
        permission: Permission::ChangeSettings,
        picture: Picture::Phone,
        words: |l| (t!(l, admin.area.messages), t!(l, admin.area.messages_text)),
    },
];

/// The areas that this staff member may open.
fn areas(staff: &Staff, l: Locale) -> AnyView {
    let allowed = AREAS.iter().filter(|area| staff.may(area.permission));
    let tiles = allowed.map(|area| {
        let (title, text) = (area.words)(l);
        view! { <TaskTile href=area.path picture=area.picture title=title detail=text /> }
    });
    tiles.collect_view().into_any()
}

/// A table of requests; each row leads to its page.
fn table(visit: &Visit, reference: &Reference, caption: String, requests: &[ChangeRequest]) -> Option<AnyView> {
    let locale = visit.locale();
    let columns = vec![
        Column::new(t!(locale, admin.what)),
        Column::new(t!(locale, admin.proposed_by)),
        Column::new(t!(locale, admin.when)),
        Column::new(t!(locale, admin.state_title)),
    ];
    let rows: Vec<TableRow> = requests
        .iter()
        .filter_map(|request| {
            let ui = <dyn ChangeUi>::of(request.kind)?;
            let context = ChangeContext {
                language: visit.language,
                reference,
                now: visit.now,
                subject: &request.subject,
                values: &request.judged,
                stands: &request.before,
            };
            let (state, tone) = request_state(visit.language, visit.now, request);
            let at = request.decided.as_ref().map_or(request.proposed_at, |(_, at)| *at);
            let cells = vec![
                ui.title(context).into_any(),
                request.proposed_by.name.clone().into_any(),
                moment(visit.language, at, visit.now).into_any(),
                view! { <StateTag text=state tone=tone /> }.into_any(),
            ];
            Some(TableRow::new(cells).href(request_path(&request.id)))
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <Table caption=caption columns=columns rows=rows /> }.into_any())
}
