//! Returns a posted form to its sender when the session could not be read, so that it can be sent again with one click.

use axum::extract::Request;
use axum::response::Response;
use bank::kernel::failure::Failure;
use http::{Method, header};
use leptos::prelude::*;

use crate::page::PageError;
use crate::submission::{LARGEST_BODY, Submission, is_password};
use crate::t;
use crate::ui::button::{Button, hidden};
use crate::visit::Visit;

/// The page for a request whose session could not be read. The session cookie is kept.
pub async fn unread(visit: &Visit, failure: Failure, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let form = request.method() == Method::POST && kind.starts_with("application/x-www-form-urlencoded");
    if !form {
        return PageError::SessionUnread(failure).answer(visit);
    }
    let Ok(body) = axum::body::to_bytes(request.into_body(), LARGEST_BODY).await else {
        return PageError::TooLarge.answer(visit);
    };
    // A text that can only be guessed is not sent again unseen.
    let Ok(submission) = Submission::parse(&body) else { return PageError::SessionUnread(failure).answer(visit) };
    let fields = submission.0.0.into_iter().filter(|(name, _)| !is_password(name)).collect();
    let again = view! {
        <form method="post" action=visit.uri.clone() class="form">
            {hidden(fields)}
            <Button text=t!(visit.locale(), page.send_again) />
        </form>
    };
    PageError::SessionUnread(failure).answer_with(visit, Some(again.into_any()))
}
