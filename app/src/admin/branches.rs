//! Branches: the list, the page of one with everything that can be changed there, and its changes.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::appointments::cash::CashParameters;
use bank::branches::{Branch, BranchChange, ClosingChange, HoursChange, Reference, WEEKDAYS, reference};
use bank::kernel::forms::Field;
use bank::kernel::hours::spans_text;
use bank::kernel::language::day_with_year;
use bank::kernel::parameters::Parameters as _;
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::home::parameters::{parameter_words, value_words};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::button::LinkButton;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The list.
pub const LIST: &str = "/admin/branches";

/// GET /admin/branches
pub async fn list(visit: Visit, State(app): State<App>) -> Response {
    let page = async {
        let reference = reference(&app.bank).await?;
        let (locale, language) = (visit.locale(), visit.language);
        let title = t!(locale, admin.area.branches);
        let columns = [t!(locale, admin.branch.name), t!(locale, admin.branch.address), t!(locale, admin.branch.phone)];
        let row = |branch: &Branch| {
            let cells = [branch.name(language), branch.address(language), branch.phone.as_str()];
            let cells = cells.into_iter().map(|cell| cell.to_owned().into_any()).collect();
            TableRow::new(cells).href(format!("{LIST}/{}", branch.id))
        };
        let rows = reference.branches.iter().map(row).collect();
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(move || {
            view! {
                <p>
                    <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
                </p>
                <h1>{title.clone()}</h1>
                <div class="actions">
                    <LinkButton href=format!("{LIST}/new/details") text=t!(locale, admin.branch.add) />
                </div>
                <Table caption=title columns=columns.map(Column::new).into() rows=rows />
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

/// GET /admin/branches/{subject}
pub async fn page(visit: Visit, State(app): State<App>, Path(id): Path<String>) -> Response {
    let page = async {
        let reference = reference(&app.bank).await?;
        let branch = reference.branches.iter().find(|branch| branch.id == id).ok_or(PageError::NotFound)?;
        Ok(show(&visit, &reference, branch))
    };
    visit.answer(page.await)
}

fn show(visit: &Visit, reference: &Reference, branch: &Branch) -> Response {
    let (locale, language) = (visit.locale(), visit.language);
    let title = branch.name(language).to_owned();
    Page::new(visit, title.clone()).layout("page page-wide").show(move || {
        let details = vec![
            SummaryRow::new(t!(locale, admin.branch.address), branch.address(language).to_owned()),
            SummaryRow::new(t!(locale, admin.branch.phone), branch.phone.clone()),
        ];
        let own = |path: &str| format!("{LIST}/{}/{path}", branch.id);
        view! {
            <p>
                <a href=LIST>{t!(locale, admin.branch.back)}</a>
            </p>
            <h1>{title}</h1>
            <section class="block">
                <h2>{t!(locale, admin.branch.details)}</h2>
                <SummaryList rows=details />
                <p>
                    <a href=own("details")>{t!(locale, admin.branch.change_details)}</a>
                </p>
            </section>
            <section class="block">
                <h2>{t!(locale, admin.branch.hours)}</h2>
                {hours(visit, branch)}
                <p>
                    <a href=own("hours")>{t!(locale, admin.branch.change_hours)}</a>
                </p>
            </section>
            <section class="block">
                <h2>{t!(locale, admin.closure.title)}</h2>
                {super::closures::list(visit, branch)}
                <p>
                    <a href=own("closure")>{t!(locale, admin.closure.change)}</a>
                </p>
            </section>
            <section class="block">
                <h2>{t!(locale, admin.branch.cash)}</h2>
                <p class="hint">{t!(locale, admin.parameters_text)}</p>
                {cash(visit, reference, branch)}
            </section>
            <section class="block">
                <h2>{t!(locale, admin.branch.closing)}</h2>
                <p>{t!(locale, admin.branch.closing_text)}</p>
                <p>
                    <a href=own("closing")>{t!(locale, admin.branch.close)}</a>
                </p>
            </section>
        }
        .into_any()
    })
}

fn weekday_words(l: Locale, day: &str) -> Option<String> {
    Some(match day {
        "monday" => t!(l, admin.weekday.monday),
        "tuesday" => t!(l, admin.weekday.tuesday),
        "wednesday" => t!(l, admin.weekday.wednesday),
        "thursday" => t!(l, admin.weekday.thursday),
        "friday" => t!(l, admin.weekday.friday),
        "saturday" => t!(l, admin.weekday.saturday),
        "sunday" => t!(l, admin.weekday.sunday),
        _ => return None,
    })
}

/// The week in force today, and from when a later one holds.
fn hours(visit: &Visit, branch: &Branch) -> AnyView {
    let (locale, today) = (visit.locale(), visit.now.day());
    let week = branch.hours.week(today);
    let rows = WEEKDAYS.into_iter().zip(&week.0).map(|(day, spans)| {
        let spans = if spans.is_empty() { t!(locale, admin.branch.closed) } else { spans_text(spans).replace(',', "  ") };
        SummaryRow::new(weekday_words(locale, day).unwrap_or_default(), spans)
    });
    let later = branch.hours.later.iter().map(|(from, _)| *from).filter(|from| *from > today).map(|from| {
        view! { <p>{t!(locale, admin.branch.later_hours, day = day_with_year(visit.language, from))}</p> }
    });
    view! {
        <SummaryList rows=rows.collect() />
        {later.collect_view()}
    }
    .into_any()
}

/// The parameters of cash in force today at the branch, stock by denomination included.
fn cash(visit: &Visit, reference: &Reference, branch: &Branch) -> AnyView {
    let (locale, today) = (visit.locale(), visit.now.day());
    let rows = CashParameters::DECLARED.iter().map(|declared| {
        let settings = reference.settings(declared, today);
        let begun = settings.iter().filter(|setting| setting.since.is_none_or(|since| since <= today));
        let own = begun.clone().find(|setting| setting.branch_id.as_deref() == Some(branch.id.as_str()));
        let common = begun.clone().find(|setting| setting.branch_id.is_none());
        let value = own.or(common).map_or_else(|| (declared.default)(), |setting| setting.value.clone());
        let whose = if own.is_some() { t!(locale, admin.branch.own_value) } else { t!(locale, parameters.whole_bank) };
        let cells = [
            parameter_words(locale, declared.name).unwrap_or_default(),
            value_words(visit.language, declared.unit, &value),
            whose,
        ];
        let href = super::parameters::path(declared.name, Some(&branch.id));
        TableRow::new(cells.into_iter().map(IntoAny::into_any).collect()).href(href)
    });
    let columns = vec![
        Column::new(t!(locale, parameters.what)),
        Column::figures(t!(locale, parameters.value)),
        Column::new(t!(locale, parameters.for_whom)),
    ];
    view! { <Table caption=t!(locale, admin.branch.cash) columns=columns rows=rows.collect() /> }.into_any()
}

/// The name of the branch in a context, or the name typed for a new one.
pub(super) fn name(context: &ChangeContext<'_>) -> String {
    let branch = context.reference.branch(context.subject).map(|branch| branch.name(context.language).to_owned());
    let typed = || context.values.filled("name_zh").map(str::to_owned);
    branch.or_else(typed).unwrap_or_else(|| context.subject.to_owned())
}

/// A new branch, or the details of one.
pub struct BranchUi;

impl ChangeUi for BranchUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &BranchChange
    }

    fn path(&self) -> &'static str {
        "/admin/branches/{subject}/details"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let l = context.locale();
        match (context.subject.is_empty(), context.values.filled("name_zh")) {
            (true, None) => t!(l, admin.branch.add),
            (true, Some(_)) => t!(l, admin.branch.new_of, name = name(&context)),
            (false, _) => t!(l, admin.branch.details_of, name = name(&context)),
        }
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        let l = context.locale();
        Some(match field {
            "branch" => t!(l, admin.branch.code),
            "name_zh" => t!(l, admin.branch.name_zh),
            "name_en" => t!(l, admin.branch.name_en),
            "address_zh" => t!(l, admin.branch.address_zh),
            "address_en" => t!(l, admin.branch.address_en),
            "phone" => t!(l, admin.branch.phone),
            "latitude" => t!(l, admin.branch.latitude),
            "longitude" => t!(l, admin.branch.longitude),
            "position" => t!(l, admin.branch.position),
            _ => return None,
        })
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, _value: &str) -> Option<Ask> {
        let l = context.locale();
        match &*field.name {
            "branch" if !context.subject.is_empty() => None,
            "branch" => Some(Ask::new().hint(t!(l, admin.branch.code_hint))),
            "phone" => Some(Ask::new().hint(t!(l, admin.branch.phone_hint))),
            "latitude" => Some(Ask::new().hint(t!(l, admin.branch.latitude_hint))),
            "position" => Some(Ask::new().hint(t!(l, admin.branch.position_hint))),
            _ => Some(Ask::new()),
        }
    }
}

/// The opening hours of a branch.
pub struct HoursUi;

impl ChangeUi for HoursUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &HoursChange
    }

    fn path(&self) -> &'static str {
        "/admin/branches/{subject}/hours"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        t!(context.locale(), admin.branch.hours_of, name = name(&context))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        weekday_words(context.locale(), field)
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, _value: &str) -> Option<Ask> {
        let first = field.name == WEEKDAYS[0];
        Some(if first { Ask::new().hint(t!(context.locale(), admin.branch.hours_hint)) } else { Ask::new() })
    }

    fn value(&self, _context: ChangeContext<'_>, _field: &str, stored: &str) -> String {
        stored.replace(',', "  ")
    }
}

/// Closing a branch for good.
pub struct ClosingUi;

impl ChangeUi for ClosingUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &ClosingChange
    }

    fn path(&self) -> &'static str {
        "/admin/branches/{subject}/closing"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        t!(context.locale(), admin.branch.closing_of, name = name(&context))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        (field == "closing").then(|| t!(context.locale(), admin.branch.close_tick))
    }

    fn ask(&self, context: ChangeContext<'_>, _field: &Field, _value: &str) -> Option<Ask> {
        Some(Ask::new().detail(t!(context.locale(), admin.branch.closing_text)))
    }

    fn value(&self, context: ChangeContext<'_>, _field: &str, _stored: &str) -> String {
        t!(context.locale(), admin.branch.closed_for_good)
    }

    fn rule(&self, context: ChangeContext<'_>, _field: &str) -> String {
        t!(context.locale(), admin.tick_rule)
    }
}
