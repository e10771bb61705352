//! Every route of the portal in one table: method, path, access rule, handler. Access is denied by default: a route cannot be
//! listed without an access rule, and a guard built from the rule runs before the handler. A test walks the table.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Form, PostOutcome, keep_unsent};
use bank::sessions::{Caller, Customer, CustomerKind, Needed, Permission};
use http::Method;

use crate::addresses;
use crate::form::{FormAt, Posted, back_to};
use crate::kinds::{self, BoxFuture, Ui};
use crate::page::PageError;
use crate::step_up;
use crate::submission::{LARGEST_BODY, Submission};
use crate::unreadable;
use crate::visit::{App, Context, Visit, refuse};

/// An access rule: who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    Anyone,
    /// Everybody who is signed in.
    SignedIn,
    /// The same, and whoever has to set up a second factor first.
    Enrolling,
    /// Every user of a customer.
    Customers,
    /// Users who may act for the customer: persons, and operators of companies.
    Acting,
    /// Approvers of companies.
    Approvers,
    /// Persons who act for themselves.
    Persons,
    /// Staff whose role has this permission.
    Staff(Permission),
    /// Staff who administer settings, staff, or both.
    Administrators,
}

impl Callers {
    /// Whether the rule admits this caller.
    pub fn admit(self, caller: &Caller) -> bool {
        let acts = |customer: &Customer| customer.may(Permission::ActForHolder);
        match (self, caller) {
            (Self::Anyone, _)
            | (Self::SignedIn | Self::Enrolling, Caller::Customer(_) | Caller::Staff(_))
            | (Self::Customers, Caller::Customer(_)) => true,
            (Self::Enrolling, Caller::Awaiting(awaiting)) => awaiting.needs() == Needed::Enrolment,
            (Self::Acting, Caller::Customer(customer)) => acts(customer),
            (Self::Approvers, Caller::Customer(customer)) => customer.approves(),
            (Self::Persons, Caller::Customer(customer)) => acts(customer) && customer.kind() == CustomerKind::Personal,
            (Self::Staff(permission), Caller::Staff(staff)) => staff.may(permission),
            (Self::Administrators, Caller::Staff(staff)) => staff.administers(),
            _ => false,
        }
    }
}

/// The kind of request a route handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A page: GET, without side effects.
    Page,
    /// A form: POST.
    Post,
    /// An event stream: GET, stays open, is not activity of the session.
    Stream,
}

/// The acts of a route that ask for a fresh proof of who is there (docs/domain.md §12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Never,
    /// Every post.
    Always,
    /// Posts by these buttons.
    By(&'static [&'static str]),
}

/// A row of the route table.
pub struct Route {
    pub verb: Verb,
    /// Path with `{parameters}`.
    pub path: &'static str,
    pub callers: Callers,
    /// The form that is posted to it.
    pub form: Option<FormOf>,
    /// Which acts ask for a fresh proof.
    pub asking: Asking,
    handler: MethodRouter<App>,
}

/// The form of a route.
#[derive(Clone, Copy, Debug)]
pub enum FormOf {
    /// A static form.
    One(&'static LazyLock<Form>),
    /// Forms defined as data: the prefix of their names, and a look-up by the rest of the name.
    Data(&'static str, FindForm),
}

/// Looks up a form defined as data.
pub type FindForm = for<'b> fn(&'b Bank, &'b str) -> BoxFuture<'b, Result<Option<Form>, Failure>>;

impl FormOf {
    /// The form of this name, if it belongs to this route.
    async fn named(self, bank: &Bank, name: &str) -> Result<Option<Form>, Failure> {
        match self {
            Self::One(form) => Ok((form.name == name).then(|| (*form).clone())),
            Self::Data(prefix, find) => match name.strip_prefix(prefix) {
                Some(rest) => find(bank, rest).await,
                None => Ok(None),
            },
        }
    }

    /// The form that is posted to this path.
    pub(crate) async fn at(self, bank: &Bank, path: &str) -> Result<Option<Form>, Failure> {
        match self {
            Self::One(form) => Ok(Some((*form).clone())),
            Self::Data(_, find) => find(bank, path.rsplit('/').next().unwrap_or_default()).await,
        }
    }
}

/// The form of this name with the access rule of its route.
pub async fn form_named(bank: &Bank, name: &str) -> Result<Option<(Form, Callers)>, Failure> {
    for route in table() {
        let Some(of) = route.form else { continue };
        if let Some(form) = of.named(bank, name).await? {
            return Ok(Some((form, route.callers)));
        }
    }
    Ok(None)
}

impl Route {
    /// A page.
    pub fn page(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Page, path, callers, form: None, asking: Asking::Never, handler }
    }

    /// An event stream.
    pub fn stream(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Stream, path, callers, form: None, asking: Asking::Never, handler }
    }

    /// A form handler.
    pub fn post(path: &'static str, callers: Callers, handler: MethodRouter<App>) -> Self {
        Self { verb: Verb::Post, path, callers, form: None, asking: Asking::Never, handler }
    }

    /// Names the acts that ask for a fresh proof.
    #[must_use]
    pub fn asking(self, asking: Asking) -> Self {
        Self { asking, ..self }
    }

    /// Sets the form that is posted to the route.
    #[must_use]
    pub fn of(self, form: FormOf) -> Self {
        Self { form: Some(form), ..self }
    }
}

/// All routes.
pub fn table() -> Vec<Route> {
    let mut table = Vec::new();
    table.extend(crate::sign_in::routes());
    table.extend(crate::appearance::routes());
    table.extend(crate::activation::routes());
    table.extend(crate::gallery::routes());
    table.extend(crate::appointments::routes());
    table.extend(crate::cases::routes());
    table.extend(kinds::all().flat_map(<dyn Ui>::routes));
    table.extend(crate::surveys::routes());
    table.extend(crate::home::routes());
    table.extend(crate::branches::routes());
    table.extend(crate::me::routes());
    table.extend(crate::factors::routes());
    table.extend(crate::passkeys::routes());
    table.extend(step_up::routes());
    table.extend(crate::recommendations::routes());
    table.extend(crate::complaints::routes());
    table.extend(crate::security_txt::routes());
    table.extend(crate::desk::routes());
    table.extend(crate::customers::routes());
    table.extend(crate::admin::routes());
    table
}

/// A server function called by islands, with its access rule.
pub struct ServerFunction {
    /// `/api/<endpoint>`.
    pub path: &'static str,
    pub callers: Callers,
    /// Whether it keeps text typed after the session has ended, for the user of that session.
    pub keeps_unsent: bool,
}

impl ServerFunction {
    pub fn new(path: &'static str, callers: Callers) -> Self {
        Self { path, callers, keeps_unsent: false }
    }
}

/// Whether pages call this path by themselves, so that the request is not activity of the session.
pub fn is_idle(path: &str) -> bool {
    use crate::desk::{BOARD_LIST, EVENTS, LIST};
    let functions = ["/api/queue_changes", "/api/day_board"];
    [EVENTS, LIST, BOARD_LIST, crate::sign_in::session::REMAINING].contains(&path) || functions.contains(&path)
}

/// Every server function; one that is not listed is not served.
pub fn server_functions() -> Vec<ServerFunction> {
    let save_draft = ServerFunction::new("/api/save_draft", Callers::Acting);
    let queue_changes = ServerFunction::new("/api/queue_changes", Callers::Staff(Permission::SeeCases));
    let day_board = ServerFunction::new("/api/day_board", Callers::Staff(Permission::SeeCases));
    let mut functions = vec![ServerFunction { keeps_unsent: true, ..save_draft }, queue_changes, day_board];
    functions.extend(kinds::all().flat_map(Ui::server_functions));
    functions
}

/// Builds the router. Other paths get the "not found" page.
pub fn router(app: &App) -> Router<App> {
    table()
        .into_iter()
        .fold(Router::new(), |router, route| {
            let guarded = Guarded { verb: route.verb, callers: route.callers, form: route.form, asking: route.asking };
            let guard = move |State(app): State<App>, request: Request, next: Next| guard(app, guarded, request, next);
            let guard = from_fn_with_state(app.clone(), guard);
            router.route(route.path, route.handler.layer(guard))
        })
        .fallback(addresses::unknown)
        .method_not_allowed_fallback(addresses::method_not_allowed)
}

/// What a guard knows of its route.
#[derive(Clone, Copy)]
struct Guarded {
    verb: Verb,
    callers: Callers,
    form: Option<FormOf>,
    asking: Asking,
}

async fn guard(app: App, Guarded { verb, callers, form, asking }: Guarded, request: Request, next: Next) -> Response {
    match request.extensions().get::<Visit>().cloned() {
        Some(visit) if callers.admit(&visit.caller) => match step_up::ask(&app, &visit, asking, form, request).await {
            Ok(request) => next.run(request).await,
            Err(answer) => answer,
        },
        // A browser reconnects an ended stream until it receives 204.
        Some(visit)
            if verb == Verb::Stream && matches!(visit.caller, Caller::Nobody | Caller::Ended(_) | Caller::Awaiting(_)) =>
        {
            http::StatusCode::NO_CONTENT.into_response()
        }
        Some(visit) if request.method() == Method::POST => visit.refuse_form(&app, form, request).await,
        Some(visit) => refuse(&visit),
        None => http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl Visit {
    /// The answer to a posted form whose sender may not call: as to a GET of its page, so that after sign-in the person returns
    /// to the form with all typed text. A form posted after its session has ended is kept for the user of that session, marked
    /// as not sent.
    async fn refuse_form(self, app: &App, form: Option<FormOf>, request: Request) -> Response {
        let Ok(body) = axum::body::to_bytes(request.into_body(), LARGEST_BODY).await else {
            return PageError::TooLarge.answer(&self);
        };
        let submission = match Submission::parse(&body) {
            Ok(submission) => submission,
            Err(posted) if self.ended.is_some() => return unreadable::answer(&self, posted),
            Err(_) => return refuse(&self),
        };
        let Ok(posted) = Posted::read(submission) else { return refuse(&self) };
        let page = format!("{}?key={}", self.path(), posted.key());
        let kept = match form {
            Some(form) => self.keep(app, form, &posted).await,
            None => Ok(None),
        };
        let uri = match kept {
            Ok(kept) => kept.unwrap_or(page),
            Err(failure) => {
                tracing::error!(reference = %self.reference, error = %failure, "a form of an ended session could not be kept");
                page
            }
        };
        refuse(&Context { uri, ..Context::clone(&self) }.into())
    }

    /// URL of the kept form; `None` if there was nobody to keep it for, or no space left.
    async fn keep(&self, app: &App, of: FormOf, posted: &Posted) -> Result<Option<String>, Failure> {
        let Some(ended) = &self.ended else { return Ok(None) };
        let submission = Submission(posted.values().clone());
        if !submission.is_made_for(ended.user_id()) {
            return Ok(None);
        }
        let path = self.path();
        let Some(form) = of.at(&app.bank, path).await? else { return Ok(None) };
        let at = FormAt { form: &form, path, list: "/", case: str::to_owned };
        let row = posted.0.row(ended.user_id(), &form);
        let kept = keep_unsent(&app.bank, row, &posted.0).await?;
        if matches!(kept, PostOutcome::TooLarge) {
            return Ok(None);
        }
        Ok(Some(format!("{}&unsent=1", back_to(&at, row, posted, kept))))
    }
}
