//! Administration (`/admin`): what waits for a second administrator, and the areas that administrators change. The mechanism
//! and its rules are in `bank::administration`; pages show no row of a customer.
//!
//! Every kind of change implements [`ChangeUi`] and is listed once in [`CHANGES`](crate::CHANGES) in `lib.rs`; its form, its
//! preview and the page of its requests are shared.
//!
//! Reading order: `ui.rs` (the interface of a kind), `change.rs` and `check.rs` (form and preview), `request.rs` (the page of a
//! request), `index.rs`, `words.rs`, then one file per area.

mod branches;
mod calendar;
mod change;
mod check;
mod closures;
mod deliveries;
mod index;
mod member;
mod parameters;
mod products;
mod receptions;
mod request;
mod roles;
mod staff;
mod staff_changes;
mod staff_words;
mod ui;
mod words;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use bank::administration::DECISION;
use bank::sessions::{LIST_FORM, Permission, Staff};

pub use branches::{BranchUi, ClosingUi, HoursUi};
pub use calendar::CalendarUi;
pub use closures::ClosureUi;
pub use parameters::ParameterUi;
pub use products::ProductUi;
pub use receptions::ReceptionUi;
pub use roles::RoleUi;
pub use staff_changes::{JoinerUi, LeaverUi, MoverUi, RESET_UI, RenameUi, UNLOCK_UI};
pub use ui::{ChangeContext, ChangeUi};
pub use words::handling_words;

use crate::form::{FormQuery, Posted};
use crate::routes::{Asking, Callers, FormOf, Route};
use crate::visit::{App, LenientQuery, Visit};

/// The index.
const PATH: &str = "/admin";

/// Whoever changes settings.
const CALLERS: Callers = Callers::Staff(Permission::ChangeSettings);

/// Whoever manages staff.
const STAFF: Callers = Callers::Staff(Permission::ManageStaff);

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::page(PATH, Callers::Administrators, get(index::index)),
        Route::page("/admin/changes/{id}", Callers::Administrators, get(request::page)),
        Route::post("/admin/changes/{id}", Callers::Administrators, post(request::decide))
            .of(FormOf::One(&DECISION))
            .asking(Asking::By(&["approve"])),
        Route::page("/admin/changes/{id}/member", STAFF, get(member::joined)),
        Route::page(staff::LIST, STAFF, get(staff::list)),
        Route::post(staff::LIST, STAFF, post(staff::find)).of(FormOf::One(&LIST_FORM)),
        Route::page("/admin/staff/{subject}", STAFF, get(member::page)),
        Route::post("/admin/staff/{subject}/link", STAFF, post(member::link)),
        Route::page(roles::LIST, STAFF, get(roles::list)),
        Route::page(parameters::LIST, CALLERS, get(parameters::list)),
        Route::page(calendar::LIST, CALLERS, get(calendar::list)),
        Route::page(branches::LIST, CALLERS, get(branches::list)),
        Route::page("/admin/branches/{subject}", CALLERS, get(branches::page)),
        Route::page(products::LIST, CALLERS, get(products::list)),
        Route::page(receptions::LIST, CALLERS, get(receptions::list)),
        Route::page(deliveries::PATH, CALLERS, get(deliveries::page)),
        Route::post(deliveries::PATH, CALLERS, post(deliveries::retry)),
    ];
    routes.extend(crate::CHANGES.iter().copied().flat_map(forms));
    routes
}

/// The page and the post of a kind's form.
fn forms(ui: &'static dyn ChangeUi) -> [Route; 2] {
    let callers = Callers::Staff(ui.kind().permission());
    let page = move |visit: Visit,
                     staff: Staff,
                     State(app): State<App>,
                     Path(subject): Path<String>,
                     query: LenientQuery<FormQuery>| async move {
        let shown = change::page(ui, &visit, &staff, &app, &subject, &query.0).await;
        visit.answer(shown)
    };
    let send = move |visit: Visit, staff: Staff, State(app): State<App>, Path(subject): Path<String>, posted: Posted| async move {
        let sent = change::send(ui, &visit, &staff, &app, &subject, &posted).await;
        visit.answer(sent)
    };
    // Who works here, in which role, and what a role may do.
    let asking = if callers == STAFF { Asking::By(&["submit"]) } else { Asking::Never };
    let send = Route::post(ui.path(), callers, post(send)).of(FormOf::One(ui.kind().form())).asking(asking);
    [Route::page(ui.path(), callers, get(page)), send]
}

/// URL of a request.
fn request_path(id: &str) -> String {
    format!("/admin/changes/{id}")
}
