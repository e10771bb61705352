//! The calendar: published holidays and make-up days, and the change of a day.

use axum::extract::State;
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::branches::{CalendarChange, reference};
use bank::kernel::calendar::DayKind;
use bank::kernel::forms::Field;
use bank::kernel::language::day_full;
use bank::kernel::time::{day_text, parse_day};
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::LinkButton;
use crate::ui::choice_group::Choice;
use crate::ui::parts::Tone;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The list.
pub const LIST: &str = "/admin/calendar";

/// How far ahead a year without published holidays is pointed out, days.
const YEAR_AHEAD: i64 = 366;

/// The change of a day.
pub struct CalendarUi;

/// The kinds of days in the order of the form.
const KINDS: [&str; 3] = ["closed", "open", "ordinary"];

fn kind_words(l: Locale, kind: &str) -> String {
    match DayKind::parse(kind) {
        Some(DayKind::Closed) => t!(l, admin.day.closed),
        Some(DayKind::Open) => t!(l, admin.day.open),
        None => t!(l, admin.day.ordinary),
    }
}

/// GET /admin/calendar
pub async fn list(visit: Visit, State(app): State<App>) -> Response {
    let page = async {
        let reference = reference(&app.bank).await?;
        let (locale, language, today) = (visit.locale(), visit.language, visit.now.day());
        let title = t!(locale, admin.area.calendar);
        let unknown = reference.calendar.unknown_year(today, YEAR_AHEAD);
        let rows: Vec<TableRow> = reference
            .calendar
            .rows()
            .into_iter()
            .filter(|row| row.day >= today)
            .map(|row| {
                let cells = vec![
                    day_full(language, row.day).into_any(),
                    kind_words(locale, row.kind.code()).into_any(),
                    row.name.into_any(),
                ];
                TableRow::new(cells).href(format!("{LIST}/{}", day_text(row.day)))
            })
            .collect();
        let columns = [t!(locale, admin.day.date), t!(locale, admin.day.kind), t!(locale, admin.day.name)].map(Column::new);
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(move || {
            let unknown = unknown.map(|year| {
                let text = t!(locale, admin.day.unknown_text, year = year);
                view! { <Banner tone=Tone::Wait title=t!(locale, admin.day.unknown, year = year) text=text /> }
            });
            view! {
                <p>
                    <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
                </p>
                <h1>{title.clone()}</h1>
                <p>{t!(locale, admin.calendar_text)}</p>
                {unknown}
                <div class="actions">
                    <LinkButton href=format!("{LIST}/new") text=t!(locale, admin.day.add) />
                </div>
                <Table caption=title columns=columns.into() rows=rows />
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

impl ChangeUi for CalendarUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &CalendarChange
    }

    fn path(&self) -> &'static str {
        "/admin/calendar/{subject}"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let l = context.locale();
        let day = parse_day(context.subject).or_else(|| context.values.filled("date").and_then(parse_day));
        match day {
            Some(day) => t!(l, admin.day.of, day = day_full(context.language, day)),
            None => t!(l, admin.day.add),
        }
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        let l = context.locale();
        Some(match field {
            "date" => t!(l, admin.day.date),
            "kind" => t!(l, admin.day.kind),
            "name" => t!(l, admin.day.name),
            _ => return None,
        })
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, value: &str) -> Option<Ask> {
        let l = context.locale();
        match &*field.name {
            "kind" => {
                let choice = |kind: &str| Choice::new(kind, kind_words(l, kind)).chosen(value == kind);
                Some(Ask::new().choices(KINDS.map(choice).into()))
            }
            "name" => Some(Ask::new().hint(t!(l, admin.day.name_hint))),
            // The day of a row is not moved; another day is another row.
            "date" if !context.subject.is_empty() => None,
            _ => Some(Ask::new().hint(t!(l, admin.from_hint))),
        }
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        match field {
            "kind" => kind_words(context.locale(), stored),
            "date" => parse_day(stored).map_or_else(|| stored.to_owned(), |day| day_full(context.language, day)),
            _ => stored.to_owned(),
        }
    }

    fn rule(&self, context: ChangeContext<'_>, _field: &str) -> String {
        t!(context.locale(), admin.from_hint)
    }
}
