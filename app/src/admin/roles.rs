//! Roles: what each may do, and the change of one.

use axum::extract::State;
use axum::response::Response;
use bank::administration::ChangeKind;
use bank::kernel::forms::Field;
use bank::sessions::{Permission, Reach, Role, RoleChange, Staff, list_roles};
use leptos::prelude::*;

use super::staff_words::{permission_words, reach_words, role_words};
use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::choice_group::Choice;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};
use crate::words::{Locale, leading};

/// The list.
pub const LIST: &str = "/admin/roles";

fn words(l: Locale, permissions: impl Iterator<Item = Permission>) -> String {
    leading(&permissions.map(|permission| permission_words(l, permission)).collect::<Vec<_>>().join(&t!(l, admin.and)))
}

/// GET /admin/roles
pub async fn list(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    let page = async {
        let roles = list_roles(&app.bank, &staff).await?;
        let l = visit.locale();
        let title = t!(l, admin.area.roles);
        let row = |role: &Role| {
            let cells = [role_words(l, &role.code), reach_words(l, role.reach), words(l, role.permissions.iter().copied())];
            let row = TableRow::new(cells.into_iter().map(IntoAny::into_any).collect());
            // What users of customers may do is fixed.
            if role.reach == Reach::Own { row } else { row.href(format!("{LIST}/{}", role.code)) }
        };
        let rows = roles.iter().map(row).collect();
        let columns = [t!(l, staff.role), t!(l, staff.reaches), t!(l, staff.may)];
        Ok::<_, PageError>(Page::new(&visit, title.clone()).layout("page page-wide").show(move || {
            view! {
                <p>
                    <a href=super::PATH>{t!(l, admin.back_to_index)}</a>
                </p>
                <h1>{title.clone()}</h1>
                <p>{t!(l, staff.roles_text)}</p>
                <Table caption=title columns=columns.map(Column::new).into() rows=rows />
            }
            .into_any()
        }))
    };
    visit.answer(page.await)
}

/// What a role may do.
pub struct RoleUi;

impl ChangeUi for RoleUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &RoleChange
    }

    fn path(&self) -> &'static str {
        "/admin/roles/{subject}"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        let l = context.locale();
        t!(l, staff.role_of, role = role_words(l, context.subject))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        (field == "permissions").then(|| t!(context.locale(), staff.may))
    }

    /// The permissions that suit the reach of the role.
    fn ask(&self, context: ChangeContext<'_>, _field: &Field, value: &str) -> Option<Ask> {
        let reach = Reach::parse(context.stands.typed("reach"))?;
        let choice = |permission: Permission| {
            let chosen = value.lines().any(|code| code == permission.code());
            Choice::new(permission.code(), leading(&permission_words(context.locale(), permission))).chosen(chosen)
        };
        let suits = Permission::ALL.into_iter().filter(|permission| permission.suits(reach));
        Some(Ask::new().choices(suits.map(choice).collect()))
    }

    fn value(&self, context: ChangeContext<'_>, _field: &str, stored: &str) -> String {
        words(context.locale(), stored.lines().filter_map(Permission::parse))
    }
}
