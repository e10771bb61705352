//! The frame of every page: document, header, footer, the loader of islands, and the error pages. A page is a pure view
//! rendered in one piece; nothing is streamed and nothing needs a script to appear.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bank::kernel::failure::{Failure, Rejected};
use bank::sessions::{Caller, CustomerKind, Permission};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;

use crate::kinds;
use crate::local_path::LocalPath;
use crate::sign_in::session;
use crate::t;
use crate::ui::button::LinkButton;
use crate::ui::error_summary::OPENING;
use crate::ui::footer::{Contact, Footer};
use crate::ui::header::{FormSwitch, Header, HeaderKind, LanguageSwitch};
use crate::ui::parts::Link;
use crate::visit::{Visit, start};

/// The id of a page's own form. The language switch submits it, so that typed text is not lost.
pub const PAGE_FORM: &str = "page-form";

/// A page's data for the frame.
pub struct Page<'v> {
    visit: &'v Visit,
    title: String,
    status: StatusCode,
    back: Option<Link>,
    saved: bool,
    waiting: Option<u64>,
    script: Option<&'static str>,
    layout: &'static str,
    form: Option<FormSwitch>,
}

impl<'v> Page<'v> {
    /// A page with this title in the browser's tab; the view has its own `h1`.
    pub fn new(visit: &'v Visit, title: impl Into<String>) -> Self {
        Self {
            visit,
            title: title.into(),
            status: StatusCode::OK,
            back: None,
            saved: false,
            waiting: None,
            script: None,
            layout: "page",
            form: None,
        }
    }

    /// Sets a status other than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A step of a form: the header shows a back link instead of the brand, and whether the typed text is saved.
    #[must_use]
    pub fn task(mut self, back: Link, saved: bool) -> Self {
        self.back = Some(back);
        self.saved = saved;
        self
    }

    /// A page with a form of its own ([`PAGE_FORM`]). `button` is the name and value of its main button.
    #[must_use]
    pub fn form(mut self, button: Option<(&str, &str)>) -> Self {
        let button = button.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.form = Some(FormSwitch { id: PAGE_FORM.to_owned(), button });
        self
    }

    /// Sets another class for the layout of `main`: `page page-wide`, `home`, `desk-panes` …
    #[must_use]
    pub fn layout(mut self, class: &'static str) -> Self {
        self.layout = class;
        self
    }

    /// The number of waiting cases shown in the desk's navigation.
    #[must_use]
    pub fn waiting(mut self, cases: i64) -> Self {
        self.waiting = u64::try_from(cases).ok();
        self
    }

    /// Adds a small module script. The page must work without it.
    #[must_use]
    pub fn script(mut self, text: &'static str) -> Self {
        self.script = Some(text);
        self
    }

    /// Renders the view into the frame.
    pub fn show(self, view: impl FnOnce() -> AnyView) -> Response {
        let status = self.status;
        (status, Html(render(|| self.document(view())))).into_response()
    }

    fn document(self, main: AnyView) -> AnyView {
        let visit = self.visit;
        let locale = visit.locale();
        let desk = matches!(visit.caller, Caller::Staff(_));
        let header = self.header(desk).into_any();
        // Staff do not need the complaint line; everybody else gets it on every page (docs/domain.md §8).
        let footer = (!desk && !visit.bank_details.hotline.is_empty()).then(|| footer(visit));
        let session = session::view(visit);
        let warns = session.is_some().then(|| {
            view! { <script type="module" nonce=visit.nonce.clone() inner_html=session::SCRIPT></script> }
        });
        let stylesheet = format!("/{}/lobby.css", visit.pkg);
        // The body is rendered first: the head names script and wasm only if the body contains an island, and the title depends
        // on whether the body contains an error summary.
        let body = view! {
            {header}
            <main id="main" class=self.layout tabindex="-1">
                {main}
            </main>
            {session}
            {footer}
        }
        .to_html();
        let wakes = body.contains("<leptos-island");
        // Screen readers read the title first, so it begins with the error.
        let wrong = if body.contains(OPENING) { t!(locale, page.wrong) } else { String::new() };
        let title = format!("{wrong}{} · {}", self.title, t!(locale, page.brand));
        let loader = wakes.then(|| {
            view! { <script type="module" nonce=visit.nonce.clone() inner_html=loader(&visit.pkg)></script> }
        });
        let script = self.script.map(|text| view! { <script type="module" nonce=visit.nonce.clone() inner_html=text></script> });
        view! {
            <html lang=visit.language.tag()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="theme-color" content="#0b4a6f" />
                    <meta name="format-detection" content="telephone=no" />
                    <title>{title}</title>
                    <link rel="stylesheet" href=stylesheet />
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <link rel="manifest" href="/manifest.webmanifest" />
                    {loader}
                    {script}
                    {warns}
                </head>
                <body class=desk.then_some("desk") data-awake=(!wakes).then_some("") inner_html=body></body>
            </html>
        }
        .into_any()
    }

    fn header(&self, desk: bool) -> impl IntoView + use<> {
        let visit = self.visit;
        let locale = visit.locale();
        let language = LanguageSwitch {
            text: t!(locale, page.other_language),
            value: t!(locale, page.other_language_tag),
            to: visit.uri.clone(),
            form: self.form.clone(),
        };
        let here = visit.path();
        let link = |href: &str, text: String| Link::new(href, text).current(here == href);
        let mut nav = Vec::new();
        let mut links = Vec::new();
        match &visit.caller {
            Caller::Nobody | Caller::Expired => {
                if here != "/login" {
                    links.push(link("/login", t!(locale, page.sign_in)));
                }
            }
            Caller::Customer(customer) => {
                nav.push(link("/appointments", t!(locale, page.appointments)));
                if customer.kind() == CustomerKind::Personal {
                    nav.push(link("/surveys", t!(locale, page.surveys)));
                }
                nav.extend(kinds::all().filter_map(|ui| ui.list(locale)).map(|list| link(&list.href, list.text)));
                if customer.kind() == CustomerKind::Personal {
                    nav.push(link("/recommendations", t!(locale, page.recommendations)));
                }
                links.push(link("/me", t!(locale, page.me)));
            }
            Caller::Staff(staff) => {
                if staff.may(Permission::SeeCases) {
                    let mut desk = Link::new("/desk", t!(locale, page.desk_waiting))
                        .current(here.starts_with("/desk") && !here.starts_with(crate::customers::PATH));
                    if let Some(waiting) = self.waiting {
                        desk = desk.count(waiting);
                    }
                    nav.push(desk);
                }
                if staff.administers() {
                    nav.push(Link::new("/admin", t!(locale, page.admin)).current(here.starts_with("/admin")));
                }
                if staff.may(Permission::EnterCustomers) {
                    let customers = Link::new(crate::customers::PATH, t!(locale, page.customers));
                    nav.push(customers.current(here.starts_with(crate::customers::PATH)));
                }
                if staff.may(Permission::SeeSettings) && !staff.may(Permission::ChangeSettings) {
                    nav.push(link("/settings", t!(locale, page.settings)));
                }
            }
        }
        let signed_in = visit.caller.session_id().is_some();
        let mut notes = Vec::new();
        if self.saved {
            notes.push(t!(locale, page.saved));
        }
        if desk {
            notes.push(visit.caller.name().to_owned());
        }
        let bank = if desk { t!(locale, page.desk) } else { visit.bank_details.name(visit.language).to_owned() };
        // A step of a form shows the back link instead of links that lead away from it.
        let task = self.back.is_some();
        view! {
            <Header
                brand=t!(locale, page.brand)
                subtitle=bank
                skip=t!(locale, page.skip)
                language=language
                kind=if desk { HeaderKind::Staff } else { HeaderKind::Customer }
                home=start(&visit.caller)
                nav_label=t!(locale, page.nav)
                nav=if task { Vec::new() } else { nav }
                back=self.back.clone()
                notes=notes
                links=if task { Vec::new() } else { links }
                sign_out=(signed_in && !task).then(|| t!(locale, page.sign_out))
            />
        }
    }

    /// Redirects to the sign-in page and from there back here. A posted form comes back as a page.
    pub fn sign_in_first(visit: &Visit, expired: bool) -> Response {
        let next = form_urlencoded::byte_serialize(visit.uri.as_bytes()).collect::<String>();
        let expired = if expired { "&expired=1" } else { "" };
        see_other(&format!("/login?next={next}{expired}"))
    }
}

fn footer(visit: &Visit) -> impl IntoView + use<> {
    let locale = visit.locale();
    let bank_details = &visit.bank_details;
    let contacts = vec![
        Contact::new(t!(locale, page.hotline), bank_details.hotline.clone()),
        Contact::new(t!(locale, page.complaint_phone), bank_details.complaint_phone.clone()),
    ];
    let process = Link::new("/complaints", t!(locale, page.complaint_process));
    view! {
        <Footer contacts=contacts address=bank_details.complaint_address(visit.language).to_owned() email=bank_details.complaint_email.clone() process=process />
    }
}

/// Loads the islands: a module script with a nonce and literal URLs. No preload links, because they would make a browser
/// without scripts fetch the wasm.
fn loader(pkg: &str) -> String {
    format!(
        "import init,* as islands from\"/{pkg}/lobby.js\";\
         await init({{module_or_path:\"/{pkg}/lobby.wasm\"}});\
         islands.hydrate();\
         for(const el of document.querySelectorAll(\"leptos-island\")){{const wake=islands[el.dataset.component];wake?await wake(el):console.error(\"no island \"+el.dataset.component)}}\
         document.body.dataset.awake=\"\""
    )
}

/// Renders a view to HTML under its own reactive owner, with islands marked for hydration. Branch markers are left out: only
/// the islands router uses them, and they break the hydration of islands.
pub fn render(view: impl FnOnce() -> AnyView) -> String {
    let context = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(context as Arc<dyn SharedContext + Send + Sync>));
    let html = owner.with(|| view().to_html());
    format!("<!DOCTYPE html>{html}")
}

/// 303 to a path of the portal, after every POST.
pub fn see_other(path: impl Into<LocalPath>) -> Response {
    Redirect::to(path.into().as_str()).into_response()
}

/// 308 to the canonical path, with the same method and body.
pub fn moved(path: impl Into<LocalPath>) -> Response {
    Redirect::permanent(path.into().as_str()).into_response()
}

/// Why a page is not shown.
#[derive(Debug)]
pub enum PageError {
    /// The page does not exist, or belongs to somebody else; the answer is the same.
    NotFound,
    /// Signed in, but not permitted.
    Forbidden,
    /// A cross-site form post.
    OtherSite,
    /// The body exceeds the limit.
    TooLarge,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// The URL exceeds the limit.
    AddressTooLong,
    /// The session could not be read: nothing was done and nobody is signed out. Logged with the request's reference.
    SessionUnread(Failure),
    /// The form's key is malformed, so the form was not rendered by the portal.
    BadForm,
    /// The form was rendered for another user than the one signed in now.
    OtherPerson,
    /// A technical error, logged with the request's reference.
    Unexpected(Failure),
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        Self::Unexpected(failure)
    }
}

impl From<Rejected<std::convert::Infallible>> for PageError {
    fn from(rejected: Rejected<std::convert::Infallible>) -> Self {
        Self::Unexpected(rejected.into_failure())
    }
}

impl PageError {
    /// The error page, with a link onwards.
    pub fn answer(self, visit: &Visit) -> Response {
        self.answer_with(visit, None)
    }

    /// The error page with its own way onwards: the posted form, to be sent again.
    pub fn answer_with(self, visit: &Visit, again: Option<AnyView>) -> Response {
        let locale = visit.locale();
        let (status, title, text) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, t!(locale, page.not_found_title), t!(locale, page.not_found_text)),
            Self::Forbidden => (StatusCode::FORBIDDEN, t!(locale, page.forbidden_title), t!(locale, page.forbidden_text)),
            Self::OtherSite => (StatusCode::FORBIDDEN, t!(locale, page.other_site_title), t!(locale, page.other_site_text)),
            Self::BadForm => (StatusCode::BAD_REQUEST, t!(locale, page.bad_form_title), t!(locale, page.bad_form_text)),
            Self::OtherPerson => (StatusCode::FORBIDDEN, t!(locale, page.other_person_title), t!(locale, page.other_person_text)),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, t!(locale, page.too_large_title), t!(locale, page.too_large_text)),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, t!(locale, page.method_title), t!(locale, page.method_text))
            }
            Self::AddressTooLong => {
                (StatusCode::URI_TOO_LONG, t!(locale, page.address_too_long_title), t!(locale, page.address_too_long_text))
            }
            Self::SessionUnread(failure) => {
                tracing::error!(reference = %visit.reference, error = %failure, "the session could not be read");
                (StatusCode::SERVICE_UNAVAILABLE, t!(locale, page.unavailable_title), t!(locale, page.session_unread_text))
            }
            Self::Unexpected(failure) => {
                tracing::error!(reference = %visit.reference, error = %failure, "a request failed");
                let status = failure_status(&failure);
                if matches!(failure, Failure::DeskBusy) {
                    (status, t!(locale, page.desk_busy_title), t!(locale, page.desk_busy_text))
                } else if status == StatusCode::SERVICE_UNAVAILABLE {
                    (status, t!(locale, page.unavailable_title), t!(locale, page.unavailable_text))
                } else {
                    (status, t!(locale, page.failed_title), t!(locale, page.failed_text))
                }
            }
        };
        let home = start(&visit.caller);
        let home_text = if home == "/desk" { t!(locale, page.to_desk) } else { t!(locale, page.to_home) };
        let help = t!(locale, page.help, phone = visit.bank_details.hotline.clone(), reference = visit.reference.clone());
        let mut response = Page::new(visit, title.clone()).status(status).show(move || {
            view! {
                <h1>{title}</h1>
                <p>{text}</p>
                <p>{help}</p>
                {again}
                <p>
                    <LinkButton href=home.to_owned() text=home_text />
                </p>
            }
            .into_any()
        });
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

/// Seconds until a request that failed because the database was unavailable should be retried.
pub const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// 503 if a retry may succeed soon, otherwise 500.
pub fn failure_status(failure: &Failure) -> StatusCode {
    if failure.is_unavailable() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
}

impl Visit {
    /// The response of a handler, or the error page: the last line of every handler.
    pub fn answer(&self, outcome: Result<Response, PageError>) -> Response {
        outcome.unwrap_or_else(|error| error.answer(self))
    }
}
