//! Reception days: the plan of the days to come, and the change of one.

use axum::extract::State;
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::appointments::reception::{Audience, ReceptionChange, list_planned};
use bank::branches::reference;
use bank::kernel::forms::Field;
use bank::kernel::language::{day_full, day_with_year};
use bank::kernel::time::parse_day;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::LinkButton;
use crate::ui::choice_group::Choice;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The list.
pub const LIST: &str = "/admin/receptions";

fn audience_words(l: Locale, code: &str) -> String {
    match Audience::parse(code) {
        Some(Audience::Vip) => t!(l, admin.reception.vip),
        Some(Audience::Company) => t!(l, admin.reception.company),
        _ => t!(l, admin.reception.all),
    }
}

/// GET /admin/receptions
pub async fn list(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    let page = async {
        let planned = list_planned(&app.bank, &staff).await?;
        let reference = reference(&app.bank).await?;
        let (locale, language) = (visit.locale(), visit.language);
        let title = t!(locale, admin.area.receptions);
        let rows: Vec<TableRow> = planned
            .iter()
            .map(|plan| {
                let reception = &plan.reception;
                let branch = reference.branch(&reception.branch_id).map(|branch| branch.name(language).to_owned());
                let places: i64 = plan.slots.iter().map(|(_, places)| places).sum();
                let cells = [
                    day_full(language, reception.day),
                    branch.unwrap_or_default(),
                    reception.host(language),
                    reception.topic(language).to_owned(),
                    t!(locale, admin.reception.taken, booked = plan.booked, places = places),
                ];
                TableRow::new(cells.into_iter().map(IntoAny::into_any).collect()).href(format!("{LIST}/{}", reception.id))
            })
            .collect();
        let columns = [
            t!(locale, admin.reception.day),
            t!(locale, admin.reception.branch),
            t!(locale, admin.reception.host),
            t!(locale, admin.reception.topic),
            t!(locale, admin.reception.booked),
        ];
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(move || {
            let empty = rows.is_empty().then(|| view! { <p>{t!(locale, admin.reception.empty)}</p> });
            view! {
                <p>
                    <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
                </p>
                <h1>{title.clone()}</h1>
                <p>{t!(locale, admin.receptions_text)}</p>
                <div class="actions">
                    <LinkButton href=format!("{LIST}/new") text=t!(locale, admin.reception.add) />
                </div>
                {empty}
                <Table caption=title columns=columns.map(Column::new).into() rows=rows />
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

/// The plan of a reception day.
pub struct ReceptionUi;

impl ChangeUi for ReceptionUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &ReceptionChange
    }

    fn path(&self) -> &'static str {
        "/admin/receptions/{subject}"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let l = context.locale();
        let branch = context.values.filled("branch").and_then(|id| context.reference.branch(id));
        match (branch, context.values.filled("day").and_then(parse_day)) {
            (Some(branch), Some(day)) => {
                let (day, branch) = (day_full(context.language, day), branch.name(context.language).to_owned());
                t!(l, admin.reception.of, day = day, branch = branch)
            }
            _ if context.subject.is_empty() => t!(l, admin.reception.add),
            _ => t!(l, admin.reception.change),
        }
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        let l = context.locale();
        Some(match field {
            "branch" => t!(l, admin.reception.branch),
            "day" => t!(l, admin.reception.day),
            "slots" => t!(l, admin.reception.slots),
            "places" => t!(l, admin.reception.places),
            "host_name" => t!(l, admin.reception.host),
            "host_title_zh" => t!(l, admin.reception.title_zh),
            "host_title_en" => t!(l, admin.reception.title_en),
            "topic_zh" => t!(l, admin.reception.topic_zh),
            "topic_en" => t!(l, admin.reception.topic_en),
            "place_zh" => t!(l, admin.reception.place_zh),
            "place_en" => t!(l, admin.reception.place_en),
            "audience" => t!(l, admin.reception.audience),
            "registration_from" => t!(l, admin.reception.from),
            "registration_until" => t!(l, admin.reception.until),
            "called_off" => t!(l, admin.reception.call_off),
            _ => return None,
        })
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, value: &str) -> Option<Ask> {
        let l = context.locale();
        Some(match &*field.name {
            "branch" => {
                let branches = context.reference.branches.iter();
                let options = branches.map(|branch| (branch.id.clone(), branch.name(context.language).to_owned()));
                Ask::new().options(options.collect(), t!(l, admin.reception.choose))
            }
            "audience" => {
                let choice = |audience: Audience| {
                    Choice::new(audience.code(), audience_words(l, audience.code())).chosen(value == audience.code())
                };
                Ask::new().choices(Audience::ALL.map(choice).into())
            }
            "slots" => Ask::new().hint(t!(l, admin.reception.slots_hint)),
            "places" => Ask::new().hint(t!(l, admin.reception.places_hint)),
            "called_off" if context.subject.is_empty() => return None,
            "called_off" => Ask::new().detail(t!(l, admin.reception.call_off_text)),
            _ => Ask::new(),
        })
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        let day = || parse_day(stored).map(|day| day_with_year(context.language, day));
        match field {
            "branch" => {
                let branch = context.reference.branch(stored);
                branch.map_or_else(|| stored.to_owned(), |branch| branch.name(context.language).to_owned())
            }
            "audience" => audience_words(context.locale(), stored),
            "day" | "registration_from" | "registration_until" => day().unwrap_or_else(|| stored.to_owned()),
            "slots" => stored.replace(',', "  "),
            "called_off" => t!(context.locale(), admin.reception.called_off),
            _ => stored.to_owned(),
        }
    }

    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        match field {
            "slots" => t!(context.locale(), admin.reception.slots_rule),
            _ => t!(context.locale(), admin.from_hint),
        }
    }
}
