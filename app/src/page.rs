//! The frame of every page: document, header, footer, the loader of islands, and the error pages. A page is a pure view
//! rendered in one piece; nothing is streamed and nothing needs a script to appear.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use bank::sessions::{Caller, CustomerKind, Mode, Permission, SessionEnd, Theme};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;

use crate::appearance;
use crate::installable;
use crate::kinds;
use crate::local_path::LocalPath;
use crate::sign_in::session;
use crate::step_up;
use crate::t;
use crate::ui::display_switch::DisplaySwitch;
use crate::ui::error_summary::OPENING;
use crate::ui::footer::{Contact, Footer};
use crate::ui::header::{Back, FormSwitch, Header, HeaderKind, LanguageSwitch, language_switch, nav_link, sign_out_form};
use crate::ui::icon::{Icon, Picture};
use crate::ui::parts::Link;
use crate::ui::password_field;
use crate::visit::{Visit, start};

mod error;
mod texts;
mod tongue;
mod whole;

pub use error::{PageError, RETRY_AFTER, failure_status};
use tongue::mark_foreign;
use whole::keep_whole;

/// The id of a page's own form. The switches of the frame submit it, so that typed text is not lost.
pub const PAGE_FORM: &str = "page-form";

/// A page's data for the frame.
pub struct Page<'v> {
    visit: &'v Visit,
    title: String,
    status: StatusCode,
    back: Option<Back>,
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

    /// A step of a form: the header shows the way back instead of the brand, and whether the typed text is saved.
    #[must_use]
    pub fn task(mut self, back: impl Into<Back>, saved: bool) -> Self {
        self.back = Some(back.into());
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
        // In the elder mode a customer's bar holds the brand and the way back to normal; its links stand at the end of the page.
        let elder = !desk && visit.appearance.mode == Mode::Elder;
        let header = self.header(desk, elder).into_any();
        let places = elder.then(|| self.places_at_the_end());
        let hotline = (elder && !visit.bank_details.hotline.is_empty()).then(|| hotline(visit));
        let aloud = elder.then(|| {
            view! {
                <button type="button" class="button button-secondary read-aloud no-print" aria-pressed="false" hidden>
                    {t!(locale, appearance.read_aloud)}
                </button>
            }
        });
        // Staff do not need the complaint line; everybody else gets it on every page (docs/domain.md §8).
        let display = appearance::switch(visit, self.form.as_ref().map(|form| form.id.as_str()));
        let footer = if desk {
            view! { <footer class="foot">{display.view()}</footer> }.into_any()
        } else {
            (!visit.bank_details.hotline.is_empty()).then(|| footer(visit, display)).into_any()
        };
        let session = session::view(visit);
        let warns = session.is_some().then(|| {
            view! { <script type="module" nonce=visit.nonce.clone() inner_html=session::SCRIPT></script> }
        });
        let stylesheet = format!("/{}/lobby.css", visit.pkg);
        // The body is rendered first: the head depends on whether it contains an island, the title on an error summary.
        let body = view! {
            {header}
            {hotline}
            {appearance::offer(visit)}
            <main id="main" class=self.layout tabindex="-1">
                {aloud}
                {step_up::notice(visit)}
                {main}
            </main>
            {session}
            {places}
            {footer}
        }
        .to_html();
        let body = keep_whole(&mark_foreign(visit.language, &body));
        let wakes = body.contains("<leptos-island");
        // Screen readers read the title first, so it begins with the error.
        let wrong = if body.contains(OPENING) { t!(locale, page.wrong) } else { String::new() };
        let bank = Some(visit.bank_details.name(visit.language).to_owned()).filter(|name| !name.is_empty());
        let title = format!("{wrong}{} · {}", self.title, bank.unwrap_or_else(|| t!(locale, page.brand)));
        let appearance = visit.appearance;
        let loader = wakes.then(|| {
            view! { <script type="module" nonce=visit.nonce.clone() inner_html=loader(&visit.pkg)></script> }
        });
        // What a page says about a form that is saved while typing follows the form.
        let live = wakes && (body.contains(OPENING) || body.contains("data-live"));
        let follows = live.then_some(crate::form::FOLLOWS);
        let reveals = body.contains("data-hide-password").then_some(password_field::SCRIPT);
        let scripts = [self.script, follows, reveals, elder.then_some(appearance::READ_ALOUD), Some(installable::SCRIPT)]
            .into_iter()
            .flatten();
        let scripts = scripts.map(|text| view! { <script type="module" nonce=visit.nonce.clone() inner_html=text></script> });
        let scripts = scripts.collect_view();
        view! {
            <html lang=visit.language.tag() data-mode=appearance.mode.code() data-theme=appearance.theme.code()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    {theme_colours(appearance.theme)}
                    <meta name="format-detection" content="telephone=no" />
                    <title>{title}</title>
                    <link rel="stylesheet" href=stylesheet />
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                    <link rel="manifest" href="/manifest.webmanifest" />
                    {loader}
                    {scripts}
                    {warns}
                </head>
                <body class=desk.then_some("desk") data-awake=(!wakes).then_some("") inner_html=body></body>
            </html>
        }
        .into_any()
    }

    /// The places of the caller's navigation, and the links beside it.
    fn places(&self) -> (Vec<Link>, Vec<Link>) {
        let (visit, locale) = (self.visit, self.visit.locale());
        let here = visit.path();
        let link = |href: &str, text: String| Link::new(href, text).current(here == href);
        let mut nav = Vec::new();
        let mut links = Vec::new();
        match &visit.caller {
            Caller::Nobody | Caller::Ended(_) => {
                if here != "/login" {
                    links.push(link("/login", t!(locale, page.sign_in)));
                }
            }
            Caller::Awaiting(_) => {}
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
                links.push(link("/me", staff.name().to_owned()));
                if staff.may(Permission::SeeCases) {
                    nav.extend(crate::desk::links(locale, staff, here, self.waiting));
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
        (nav, links)
    }

    fn language(&self) -> LanguageSwitch {
        let locale = self.visit.locale();
        LanguageSwitch {
            text: t!(locale, page.other_language),
            value: t!(locale, page.other_language_tag),
            to: self.visit.uri.clone(),
            form: self.form.clone(),
        }
    }

    /// What the bar holds in the normal mode; in a step of a form only the language.
    fn places_at_the_end(&self) -> impl IntoView + use<> {
        let locale = self.visit.locale();
        let task = self.back.is_some();
        let (nav, links) = if task { (Vec::new(), Vec::new()) } else { self.places() };
        let sign_out = (!task && self.visit.caller.session_id().is_some()).then(|| t!(locale, page.sign_out));
        let links = nav.into_iter().chain(links).map(nav_link).collect_view();
        view! {
            <nav class="places no-print" aria-label=t!(locale, page.nav)>
                {links}
                {language_switch(self.language())}
                {sign_out.map(sign_out_form)}
            </nav>
        }
    }

    fn header(&self, desk: bool, elder: bool) -> impl IntoView + use<> {
        let visit = self.visit;
        let locale = visit.locale();
        let (nav, links) = self.places();
        let task = self.back.is_some();
        let signed_in = visit.caller.session_id().is_some();
        let bare = task || elder;
        let mut notes = Vec::new();
        if self.saved {
            notes.push(t!(locale, page.saved));
        }
        if desk && bare {
            notes.push(visit.caller.name().to_owned());
        }
        let bank = if desk { t!(locale, page.desk) } else { visit.bank_details.name(visit.language).to_owned() };
        let normal = elder.then(|| appearance::switch(visit, self.form.as_ref().map(|form| form.id.as_str())).mode_only());
        // A step of a form shows the back link instead of links that lead away from it.
        view! {
            <Header
                brand=t!(locale, page.brand)
                subtitle=bank
                skip=t!(locale, page.skip)
                language=(!elder).then(|| self.language())
                display=normal
                kind=if desk { HeaderKind::Staff } else { HeaderKind::Customer }
                home=start(&visit.caller)
                nav_label=t!(locale, page.nav)
                nav=if bare { Vec::new() } else { nav }
                back=self.back.clone()
                form=self.form.clone()
                notes=notes
                links=if bare { Vec::new() } else { links }
                sign_out=(signed_in && !bare).then(|| t!(locale, page.sign_out))
            />
        }
    }

    /// Redirects to the sign-in page and from there back here. A posted form comes back as a page.
    pub fn sign_in_first(visit: &Visit, ended: Option<SessionEnd>) -> Response {
        let next = form_urlencoded::byte_serialize(visit.uri.as_bytes()).collect::<String>();
        let ended = ended.map(|end| format!("&ended={}", end.code())).unwrap_or_default();
        see_other(&format!("/login?next={next}{ended}"))
    }
}

/// The colour schemes of a page, which the browser paints before the style sheet, and the colour of the browser's own bar.
fn theme_colours(theme: Theme) -> impl IntoView + use<> {
    let (scheme, colour) = match theme {
        Theme::Auto => ("light dark", "#0b4a6f"),
        Theme::Light => ("light", "#0b4a6f"),
        Theme::Dark => ("dark", "#17354a"),
    };
    view! {
        <meta name="color-scheme" content=scheme />
        <meta name="theme-color" content=colour />
    }
}

/// The hotline, in sight on every page of the elder mode.
fn hotline(visit: &Visit) -> impl IntoView + use<> {
    let contact = Contact::new(t!(visit.locale(), page.hotline), visit.bank_details.hotline.clone());
    let (label, href) = (contact.label.clone(), contact.href());
    view! {
        <aside class="hotline no-print" aria-label=label>
            <a href=href>
                <Icon picture=Picture::Phone />
                <span>{contact.label} " " {contact.number}</span>
            </a>
        </aside>
    }
}

fn footer(visit: &Visit, display: DisplaySwitch) -> impl IntoView + use<> {
    let locale = visit.locale();
    let bank_details = &visit.bank_details;
    let contacts = vec![
        Contact::new(t!(locale, page.hotline), bank_details.hotline.clone()),
        Contact::new(t!(locale, page.complaint_phone), bank_details.complaint_phone.clone()),
    ];
    let process = Link::new("/complaints", t!(locale, page.complaint_process));
    view! {
        <Footer contacts=contacts address=bank_details.complaint_address(visit.language).to_owned() email=bank_details.complaint_email.clone() process=process display=display />
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

impl Visit {
    /// The response of a handler, or the error page: the last line of every handler.
    pub fn answer(&self, outcome: Result<Response, PageError>) -> Response {
        outcome.unwrap_or_else(|error| error.answer(self))
    }
}
