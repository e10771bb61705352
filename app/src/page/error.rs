//! Error pages: what happened, whom to call, and a link onwards.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bank::kernel::failure::{Failure, Rejected};
use leptos::prelude::*;

use super::Page;
use crate::t;
use crate::ui::button::LinkButton;
use crate::visit::{Visit, start};

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
    /// The body did not arrive within the limit.
    TooSlow,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// The URL exceeds the limit.
    AddressTooLong,
    /// The session could not be read: nothing was done and nobody is signed out. Logged with the request's reference.
    SessionUnread(Failure),
    /// A switch of the appearance with a value that does not exist.
    NoSuchAppearance,
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
            Self::NoSuchAppearance => {
                (StatusCode::UNPROCESSABLE_ENTITY, t!(locale, appearance.unknown_title), t!(locale, appearance.unknown_text))
            }
            Self::OtherPerson => (StatusCode::FORBIDDEN, t!(locale, page.other_person_title), t!(locale, page.other_person_text)),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, t!(locale, page.too_large_title), t!(locale, page.too_large_text)),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, t!(locale, page.too_slow_title), t!(locale, page.too_slow_text)),
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
