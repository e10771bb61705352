//! The parameters: the list, and the change of one for the whole bank or a branch.

use axum::extract::State;
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::branches::{ParameterChange, ParameterSubject, reference};
use bank::kernel::forms::Field;
use bank::kernel::parameters::{Bounds, Demand, Unit};
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::home::parameters::{Wanted, parameter_words, tables, value_words};
use crate::page::{Page, PageError};
use crate::t;
use crate::visit::{App, LenientQuery, Visit};

/// The list.
pub const LIST: &str = "/admin/parameters";

/// The change of a parameter.
pub struct ParameterUi;

/// The path of the form for a parameter of the whole bank or of a branch.
pub fn path(name: &str, branch_id: Option<&str>) -> String {
    format!("{LIST}/{}", ParameterSubject::text(name, branch_id))
}

/// GET /admin/parameters
pub async fn list(visit: Visit, State(app): State<App>, LenientQuery(wanted): LenientQuery<Wanted>) -> Response {
    let page = async {
        let reference = reference(&app.bank).await?;
        let locale = visit.locale();
        let title = t!(locale, admin.area.parameters);
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(|| {
            view! {
                <p>
                    <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
                </p>
                <h1>{title}</h1>
                <p>{t!(locale, admin.parameters_text)}</p>
                {tables(&visit, &reference, Some(path), &wanted)}
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

fn subject<'c>(context: &'c ChangeContext<'_>) -> Option<ParameterSubject<'c>> {
    ParameterSubject::parse(context.subject, context.reference)
}

/// The branch of a subject, or the whole bank, in words.
fn where_words(context: &ChangeContext<'_>, branch_id: &str) -> String {
    match context.reference.branch(branch_id) {
        Some(branch) => branch.name(context.language).to_owned(),
        None => t!(context.locale(), parameters.whole_bank),
    }
}

impl ChangeUi for ParameterUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &ParameterChange
    }

    fn path(&self) -> &'static str {
        "/admin/parameters/{subject}"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let l = context.locale();
        let Some(ParameterSubject { declared, branch_id }) = subject(&context) else { return context.subject.to_owned() };
        let name = parameter_words(l, declared.name).unwrap_or_default();
        t!(l, admin.parameter_of, name = name, branch = where_words(&context, branch_id))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        (field == "value").then(|| t!(context.locale(), admin.new_value))
    }

    fn ask(&self, context: ChangeContext<'_>, _field: &Field, _value: &str) -> Option<Ask> {
        let ask = Ask::new().hint(self.rule(context, "value"));
        Some(match subject(&context).map(|of| of.declared.unit) {
            Some(Unit::Demand) => {
                let option = |demand: Demand| {
                    let code = demand.code();
                    (code.to_owned(), value_words(context.language, Unit::Demand, code))
                };
                ask.options(Demand::ALL.map(option).into(), t!(context.locale(), admin.rule.choose))
            }
            _ => ask,
        })
    }

    fn value(&self, context: ChangeContext<'_>, _field: &str, stored: &str) -> String {
        subject(&context).map_or_else(|| stored.to_owned(), |of| value_words(context.language, of.declared.unit, stored))
    }

    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        let l = context.locale();
        let Some(of) = subject(&context).filter(|_| field == "value") else { return t!(l, admin.from_hint) };
        let how = match of.declared.unit {
            Unit::Yuan => t!(l, admin.rule.yuan),
            Unit::Clock => t!(l, admin.rule.clock),
            Unit::Demand => t!(l, admin.rule.demand),
            _ => t!(l, admin.rule.number),
        };
        let bounds = of.declared.bounds.map(|Bounds { lowest, highest }| {
            let [lowest, highest] = [lowest, highest].map(|bound| self.value(context, field, &bound.to_string()));
            t!(l, admin.rule.bounds, lowest = lowest, highest = highest)
        });
        format!("{how}{}", bounds.unwrap_or_default())
    }

    /// Links to the same parameter for the whole bank and for each branch.
    fn beside(&self, context: ChangeContext<'_>) -> Option<AnyView> {
        let of = subject(&context)?;
        let l = context.locale();
        let everywhere = std::iter::once("").chain(context.reference.branches.iter().map(|branch| branch.id.as_str()));
        let links = everywhere.filter(|id| *id != of.branch_id).map(|id| {
            let href = path(of.declared.name, Some(id).filter(|id| !id.is_empty()));
            view! {
                <li>
                    <a href=href>{where_words(&context, id)}</a>
                </li>
            }
        });
        let links = links.collect_view();
        Some(
            view! {
                <section class="block">
                    <h2>{t!(l, admin.elsewhere)}</h2>
                    <ul class="change-links">{links}</ul>
                </section>
            }
            .into_any(),
        )
    }
}
