//! Every address of the portal in one table: method, path, who may call, handler. Deny by default: a route cannot be
//! listed without its verdict, and the guard made from the verdict stands before the handler. A test walks the table.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use bank::kernel::ids::Key;
use bank::sessions::{Caller, Customer, CustomerKind, Permission};
use http::Method;

use crate::addresses;
use crate::kinds::{self, Ui};
use crate::submission::Submission;
use crate::visit::{App, Visit, refuse};

/// Bytes of a form that are read for its key.
const FORM_BYTES: usize = 256 * 1024;

/// Who may call an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Everybody, signed in or not.
    Anyone,
    /// Every user of a customer.
    Customers,
    /// Users who may act for the customer: persons, and operators of companies.
    Acting,
    /// Those who are persons and act for themselves.
    Persons,
    /// Staff whose role allows it.
    Staff(Permission),
}

impl Callers {
    /// Whether this caller is among them.
    pub fn admit(self, caller: &Caller) -> bool {
        let acts = |customer: &Customer| customer.may(Permission::ActForHolder);
        match (self, caller) {
            (Self::Anyone, _) | (Self::Customers, Caller::Customer(_)) => true,
            (Self::Acting, Caller::Customer(customer)) => acts(customer),
            (Self::Persons, Caller::Customer(customer)) => acts(customer) && customer.kind() == CustomerKind::Personal,
            (Self::Staff(permission), Caller::Staff(staff)) => staff.may(permission),
            _ => false,
        }
    }
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A page: GET, changes nothing.
    Show,
    /// A form: POST.
    Take,
    /// A stream of events: GET, stays open, and does not count as activity.
    Listen,
}

/// One line of the table.
pub struct Route {
    /// What it is for.
    pub verb: Verb,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may.
    pub callers: Callers,
    handler: MethodRouter<App>,
}

impl Route {
    /// A page.
    pub fn show(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Show, path, callers, handler }
    }

    /// A stream of events.
    pub fn listen(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Listen, path, callers, handler }
    }

    /// A form handler.
    pub fn take(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Take, path, callers, handler }
    }
}

/// The whole table.
pub fn table() -> Vec<Route> {
    let mut table = Vec::new();
    table.extend(crate::sign_in::routes());
    table.extend(crate::gallery::routes());
    table.extend(crate::appointments::routes());
    table.extend(crate::cases::routes());
    table.extend(kinds::all().flat_map(Ui::routes));
    table.extend(crate::surveys::routes());
    table.extend(crate::home::routes());
    table.extend(crate::me::routes());
    table.extend(crate::recommendations::routes());
    table.extend(crate::complaints::routes());
    table.extend(crate::desk::routes());
    table
}

/// One server function: what the browser's islands call. Its own line says who may, as for a page.
pub struct ServerFunction {
    /// `/api/<endpoint>`.
    pub path: &'static str,
    /// Who may.
    pub callers: Callers,
}

impl ServerFunction {
    /// A server function at `/api/<endpoint>`.
    pub fn new(path: &'static str, callers: Callers) -> Self {
        Self { path, callers }
    }
}

/// Whether a page asks for this address by itself: such a request does not keep a session alive.
pub fn is_idle(path: &str) -> bool {
    [crate::desk::EVENTS, crate::sign_in::session::LEFT, "/api/queue_changes"].contains(&path)
}

/// Every server function; one that is not listed is not served.
pub fn server_functions() -> Vec<ServerFunction> {
    let mut functions = vec![
        ServerFunction::new("/api/save_draft", Callers::Acting),
        ServerFunction::new("/api/queue_changes", Callers::Staff(Permission::SeeCases)),
    ];
    functions.extend(kinds::all().flat_map(Ui::server_functions));
    functions
}

/// The table as a router; anything else is a page that says so.
pub fn router() -> Router<App> {
    table()
        .into_iter()
        .fold(Router::new(), |router, route| {
            let callers = route.callers;
            let guard = from_fn(move |request: Request, next: Next| guard(callers, request, next));
            router.route(route.path, route.handler.layer(guard))
        })
        .fallback(addresses::unknown)
        .method_not_allowed_fallback(addresses::method_not_allowed)
}

async fn guard(callers: Callers, request: Request, next: Next) -> Response {
    match request.extensions().get::<Visit>().cloned() {
        Some(visit) if callers.admit(&visit.caller) => next.run(request).await,
        Some(visit) if request.method() == Method::POST => refuse(&visit.back_to_form(request).await),
        Some(visit) => refuse(&visit),
        None => http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl Visit {
    /// The visit of a posted form as that of its page: after sign-in the person is back at the form under its key, with
    /// all that is stored of it.
    async fn back_to_form(mut self, request: Request) -> Self {
        let body = axum::body::to_bytes(request.into_body(), FORM_BYTES).await.unwrap_or_default();
        if let Ok(key) = Key::parse(Submission::parse(&body).key()) {
            self.uri = format!("{}?key={}", self.path(), key.as_str());
        }
        self
    }
}
