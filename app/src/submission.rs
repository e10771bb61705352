//! A posted form as raw name/value pairs, including repeated and data-defined names (ARCHITECTURE.md, Forms). Values are not
//! deserialised into types, because a value that does not parse must be shown again exactly as typed.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bank::kernel::forms::{Values, made_for};
use bank::kernel::text::cleaned;
use unicode_normalization::UnicodeNormalization;

use crate::page::PageError;
use crate::unreadable::{self, RawPair};
use crate::visit::{App, Visit};

/// Maximum size of a request body, bytes. The largest form has some forty fields; a suggestion has up to 2,000 characters.
pub const LARGEST_BODY: usize = 64 * 1024;

/// Maximum number of pairs per form; the portal's forms have some forty.
const MOST_PAIRS: usize = 400;

/// Whether a field holds a password, which is neither cleaned nor shown again.
pub(crate) fn is_password(name: &str) -> bool {
    ["password", "password_again", "password_now"].contains(&name)
}

/// The key field. It is not typed by people, so it is not cleaned either: a malformed key must be refused.
const KEY: &str = "key";

#[derive(Clone, Debug, Default)]
pub struct Submission(pub Values);

impl Submission {
    pub fn key(&self) -> &str {
        self.0.filled("key").unwrap_or_default()
    }

    /// The value of the pressed button.
    pub fn pressed(&self) -> &str {
        self.0.filled("do").unwrap_or_default()
    }

    /// Whether the page was rendered for this user, by the hidden field `made_for`; true without the field. False if another
    /// user has signed in in the same browser since the page was rendered.
    pub fn is_made_for(&self, user_id: &str) -> bool {
        self.0.filled("made_for").is_none_or(|mark| mark == made_for(user_id))
    }

    /// Parses `application/x-www-form-urlencoded`. Pairs that are not all valid UTF-8 are returned as they are: they are shown
    /// to the sender and never stored.
    pub fn parse(body: &[u8]) -> Result<Self, Vec<RawPair>> {
        let posted: Vec<RawPair> = unreadable::read(body).take(MOST_PAIRS).collect();
        if posted.iter().any(|posted| !posted.clear) {
            return Err(posted);
        }
        Ok(Self::of(posted.into_iter().map(|posted| (posted.name, posted.value))))
    }

    /// From the pairs an island has read from its form.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let clean = |(name, value): (String, String)| {
            let name = cleaned(&name);
            // Normalised to NFC, so that equal texts are stored equally whatever the keyboard sends for accents.
            let value = if is_password(&name) || name == KEY { value } else { cleaned(&value).nfc().collect() };
            (name, value)
        };
        Self(Values(pairs.into_iter().take(MOST_PAIRS).map(clean).collect()))
    }
}

impl FromRequest<App> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let visit = request.extensions().get::<Visit>().cloned();
        let visit = visit.ok_or_else(|| http::StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        let body = Bytes::from_request(request, app).await.map_err(|_| PageError::TooLarge.answer(&visit))?;
        let submission = Self::parse(&body).map_err(|posted| unreadable::answer(&visit, posted))?;
        if visit.caller.user_id().is_some_and(|user_id| !submission.is_made_for(user_id)) {
            return Err(PageError::OtherPerson.answer(&visit));
        }
        Ok(submission)
    }
}
