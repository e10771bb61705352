//! Single days on which one branch does not open: the list on the page of the branch, and the change of a day.

use bank::administration::ChangeKind;
use bank::branches::{Branch, ClosureChange};
use bank::kernel::forms::Field;
use bank::kernel::language::day_full;
use bank::kernel::time::parse_day;
use leptos::prelude::*;

use super::branches;
use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::t;
use crate::ui::choice_group::Choice;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::Visit;
use crate::words::Locale;

/// The change of a day of a branch.
pub struct ClosureUi;

fn kind_words(l: Locale, kind: &str) -> String {
    if kind == "closed" { t!(l, admin.closure.closed) } else { t!(l, admin.closure.usual) }
}

/// The days to come on which a branch is closed.
pub fn list(visit: &Visit, branch: &Branch) -> AnyView {
    let today = visit.now.day();
    let days = branch.hours.closed.iter().filter(|(day, _)| *day >= today);
    let rows: Vec<SummaryRow> = days.map(|(day, why)| SummaryRow::new(day_full(visit.language, *day), why.clone())).collect();
    if rows.is_empty() {
        return view! { <p>{t!(visit.locale(), admin.closure.nothing)}</p> }.into_any();
    }
    view! { <SummaryList rows=rows /> }.into_any()
}

impl ChangeUi for ClosureUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &ClosureChange
    }

    fn path(&self) -> &'static str {
        "/admin/branches/{subject}/closure"
    }

    fn list(&self) -> &'static str {
        branches::LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let (l, name) = (context.locale(), branches::name(&context));
        match context.values.filled("date").and_then(parse_day) {
            Some(day) => t!(l, admin.closure.of_day, name = name, day = day_full(context.language, day)),
            None => t!(l, admin.closure.of, name = name),
        }
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        let l = context.locale();
        Some(match field {
            "date" => t!(l, admin.day.date),
            "kind" => t!(l, admin.closure.kind),
            "why" => t!(l, admin.closure.why),
            _ => return None,
        })
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, value: &str) -> Option<Ask> {
        let l = context.locale();
        Some(match &*field.name {
            "kind" => {
                let choice = |kind: &str| Choice::new(kind, kind_words(l, kind)).chosen(value == kind);
                Ask::new().choices(["closed", "usual"].map(choice).into())
            }
            "why" => Ask::new().hint(t!(l, admin.closure.why_hint)),
            _ => Ask::new().hint(t!(l, admin.from_hint)),
        })
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        match field {
            "kind" => kind_words(context.locale(), stored),
            "date" => parse_day(stored).map_or_else(|| stored.to_owned(), |day| day_full(context.language, day)),
            _ => stored.to_owned(),
        }
    }

    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        if field == "date" { t!(context.locale(), admin.from_hint) } else { String::new() }
    }
}
