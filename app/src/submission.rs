//! A posted form as it came: raw name/value pairs, repeated and data-defined names included (ARCHITECTURE.md, Forms).
//! No typed deserialisation: what does not parse must come back to the person exactly as typed.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use bank::kernel::forms::Values;

use crate::page::PageError;
use crate::visit::{App, Visit};

/// Pairs one form may carry; ours have at most some forty.
const MOST_PAIRS: usize = 400;

/// The pairs of a posted form.
#[derive(Clone, Debug, Default)]
pub struct Submission(pub Values);

impl Submission {
    /// The hidden field `key`.
    pub fn key(&self) -> &str {
        self.0.filled("key").unwrap_or_default()
    }

    /// The hidden field `version`; a form without one is taken as made from what is stored.
    pub fn version(&self) -> Option<i64> {
        self.0.filled("version").and_then(|version| version.parse().ok())
    }

    /// The button that was pressed.
    pub fn pressed(&self) -> &str {
        self.0.filled("do").unwrap_or_default()
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Self {
        Self::of(form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())))
    }

    /// From the pairs an island read from its form.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        // Browsers send CRLF in text areas; a NUL no database text can hold.
        let clean = |text: String| text.replace("\r\n", "\n").replace('\0', "");
        Self(Values(pairs.into_iter().take(MOST_PAIRS).map(|(name, value)| (clean(name), clean(value))).collect()))
    }
}

impl FromRequest<App> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let visit = request.extensions().get::<Visit>().cloned();
        match Bytes::from_request(request, app).await {
            Ok(body) => Ok(Self::parse(&body)),
            Err(rejection) => Err(match visit {
                Some(visit) => PageError::TooLarge.answer(&visit),
                None => axum::response::IntoResponse::into_response(rejection),
            }),
        }
    }
}
