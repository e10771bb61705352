//! The server function shared by all forms: saves a draft while the user types. It writes under the version the page was
//! rendered with, never raises it, and does nothing if the form has changed since. If the key has become a case with other
//! values, it answers 409. Its access rule is in `routes.rs`.

use bank::kernel::forms::Saved;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Saves the values the form would post now.
#[server(endpoint = "save_draft", input = Json)]
pub async fn save_draft(
    /// The name of the form.
    form: String,
    /// The form's hidden field `key`.
    key: String,
    /// The form's hidden field `version`.
    version: i64,
    /// Names and values in the order of the page.
    pairs: Vec<(String, String)>,
) -> Result<Saved, ServerFnError> {
    store::save(&form, &key, version, pairs).await
}

#[cfg(feature = "ssr")]
mod store {
    use bank::kernel::failure::Failure;
    use bank::kernel::forms::{self, Form, Post, PostOutcome, Saved};
    use bank::kernel::ids::Key;
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::api::{failed, refused, request};
    use crate::routes::form_named;
    use crate::submission::Submission;
    use crate::visit::App;
    use crate::visit::Visit;

    pub(super) async fn save(form: &str, key: &str, version: i64, pairs: Vec<(String, String)>) -> Result<Saved, ServerFnError> {
        let (app, visit) = request()?;
        let Ok(key) = Key::parse(key) else { return Err(refused(StatusCode::BAD_REQUEST)) };
        let typed = Submission::of(pairs);
        let owner = visit.caller.user_id().or(visit.ended.as_ref().map(bank::sessions::EndedSession::user_id));
        let Some(owner) = owner else { return Err(refused(StatusCode::UNAUTHORIZED)) };
        if !typed.is_made_for(owner) {
            return Err(refused(StatusCode::FORBIDDEN));
        }
        let post = Post { key, version: Some(version), values: typed.0 };
        match store(&app, &visit, form, owner, &post).await {
            Ok(Ok(saved)) => Ok(saved),
            Ok(Err(status)) => Err(refused(status)),
            Err(failure) => Err(failed(&visit, &failure, &format!("a draft of the form {form:?} could not be saved"))),
        }
    }

    async fn store(app: &App, visit: &Visit, form: &str, owner: &str, post: &Post) -> Result<Result<Saved, StatusCode>, Failure> {
        let Some((form, callers)) = form_named(&app.bank, form).await? else { return Ok(Err(StatusCode::NOT_FOUND)) };
        if visit.ended.is_some() {
            return Ok(unsent(app, &form, owner, post).await?.ok_or(StatusCode::UNAUTHORIZED));
        }
        if !callers.admit(&visit.caller) {
            return Ok(Err(StatusCode::FORBIDDEN));
        }
        Ok(match forms::save_draft(&app.bank, post.row(owner, &form), post).await? {
            PostOutcome::Accepted(_) | PostOutcome::Retry(_) => Ok(Saved::At(visit.now.time())),
            PostOutcome::Stale(_) | PostOutcome::Case { same: true, .. } => Ok(Saved::Overtaken),
            PostOutcome::Case { same: false, .. } => Err(StatusCode::CONFLICT),
            PostOutcome::TooLarge => Err(StatusCode::PAYLOAD_TOO_LARGE),
        })
    }

    /// Keeps text typed after the session has ended, for the user of that session.
    async fn unsent(app: &App, form: &Form, owner: &str, post: &Post) -> Result<Option<Saved>, Failure> {
        let kept = forms::keep_unsent(&app.bank, post.row(owner, form), post).await?;
        Ok((!matches!(kept, PostOutcome::TooLarge)).then_some(Saved::SignedOut))
    }
}
