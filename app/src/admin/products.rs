//! Products: the list, and the change of one.

use axum::extract::State;
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::kernel::forms::Field;
use bank::kernel::language::{Language, day_with_year};
use bank::kernel::time::parse_day;
use bank::recommendations::{ProductChange, RiskLevel, list_product_entries};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::choice_group::Choice;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The list.
pub const LIST: &str = "/admin/products";

/// The states of sale in the order of the form.
const STATES: [&str; 3] = ["open", "suspended", "withdrawn"];

fn state_words(l: Locale, state: &str) -> String {
    match state {
        "open" => t!(l, admin.product.open),
        "suspended" => t!(l, admin.product.suspended),
        _ => t!(l, admin.product.withdrawn),
    }
}

fn level_words(l: Locale, level: &str) -> String {
    if level.is_empty() { t!(l, admin.product.unrated) } else { level.to_owned() }
}

/// GET /admin/products
pub async fn list(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    let page = async {
        let products = list_product_entries(&app.bank, &staff).await?;
        let locale = visit.locale();
        let title = t!(locale, admin.area.products);
        let rows: Vec<TableRow> = products
            .iter()
            .map(|entry| {
                let product = &entry.product;
                let state = serde_json::to_value(product.state).ok();
                let state = state.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
                let name = if visit.language == Language::En { &product.name.en } else { &product.name.zh };
                let cells = [
                    name.clone(),
                    level_words(locale, product.level().map(RiskLevel::code).unwrap_or_default()),
                    state_words(locale, state),
                ];
                TableRow::new(cells.into_iter().map(IntoAny::into_any).collect())
                    .href(format!("{LIST}/{}", product.code.as_str()))
            })
            .collect();
        let columns = [t!(locale, admin.product.name), t!(locale, admin.product.level), t!(locale, admin.product.state)];
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(move || {
            let empty = rows.is_empty().then(|| view! { <p>{t!(locale, admin.product.empty)}</p> });
            view! {
                <p>
                    <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
                </p>
                <h1>{title.clone()}</h1>
                <p>{t!(locale, admin.products_text)}</p>
                {empty}
                <Table caption=title columns=columns.map(Column::new).into() rows=rows />
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

/// The change of a product.
pub struct ProductUi;

impl ChangeUi for ProductUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &ProductChange
    }

    fn path(&self) -> &'static str {
        "/admin/products/{subject}"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let name = if context.language == Language::En { "name_en" } else { "name_zh" };
        let name = context.values.filled(name).unwrap_or(context.subject);
        t!(context.locale(), admin.product.of, name = name.to_owned())
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        let l = context.locale();
        Some(match field {
            "name_zh" => t!(l, admin.product.name_zh),
            "name_en" => t!(l, admin.product.name_en),
            "summary_zh" => t!(l, admin.product.summary_zh),
            "summary_en" => t!(l, admin.product.summary_en),
            "state" => t!(l, admin.product.state),
            "on_sale_from" => t!(l, admin.product.on_sale_from),
            "on_sale_until" => t!(l, admin.product.on_sale_until),
            "minimum" => t!(l, admin.product.minimum),
            "issuer_level" => t!(l, admin.product.issuer_level),
            "seller_level" => t!(l, admin.product.seller_level),
            _ => return None,
        })
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, value: &str) -> Option<Ask> {
        let l = context.locale();
        Some(match &*field.name {
            "state" => {
                let choice = |state: &str| Choice::new(state, state_words(l, state)).chosen(value == state);
                Ask::new().choices(STATES.map(choice).into())
            }
            "issuer_level" | "seller_level" => {
                let levels = RiskLevel::ALL.map(|level| (level.code().to_owned(), level.code().to_owned()));
                Ask::new().options(levels.into(), level_words(l, ""))
            }
            "minimum" => Ask::new().unit(t!(l, admin.product.yuan)),
            "on_sale_until" => Ask::new().hint(t!(l, admin.product.until_hint)),
            _ => Ask::new(),
        })
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        match field {
            "state" => state_words(context.locale(), stored),
            "on_sale_from" | "on_sale_until" => {
                parse_day(stored).map_or_else(|| stored.to_owned(), |day| day_with_year(context.language, day))
            }
            _ => stored.to_owned(),
        }
    }
}
