//! The session cookie: a signed token (HS256) that holds only the id of a session row. The row decides whether the session is
//! valid, so signing out is immediate. The session's age is checked with the bank's clock, not by the token.

use std::sync::LazyLock;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// The audience claim; a token signed with the same key for another use is refused.
const AUDIENCE: &str = "lobby-session";

/// What a token must fulfil.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    // The session row limits the age by the bank's clock, which differs from the system clock on a demo bank.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    validation
});

/// Creates and reads the cookie.
pub struct SessionCookie {
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// With https: prefix `__Host-` and attribute `Secure`. http is for loopback hosts only.
    secure: bool,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sid: String,
    aud: String,
}

impl SessionCookie {
    /// `secret` signs the tokens; `secure` if the public origin is https.
    pub fn new(secret: &[u8], secure: bool) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret), secure }
    }

    pub fn name(&self) -> &'static str {
        if self.secure { "__Host-lobby" } else { "lobby" }
    }

    /// Whether cookies have the attribute `Secure`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The session id in the request's cookie, if the token is valid.
    pub fn session_id(&self, jar: &CookieJar) -> Option<String> {
        let token = jar.get(self.name())?.value();
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &VALIDATION).ok()?;
        Some(claims.claims.sid)
    }

    /// A cookie for a new session, kept for its maximum length in hours.
    pub fn issue(&self, session_id: &str, hours: i64) -> Result<Cookie<'static>, jsonwebtoken::errors::Error> {
        let claims = Claims { sid: session_id.to_owned(), aud: AUDIENCE.to_owned() };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(self.cookie(self.name(), token, hours.saturating_mul(3600)))
    }

    /// A cookie that deletes the session cookie.
    pub fn clear(&self) -> Cookie<'static> {
        self.cookie(self.name(), String::new(), 0)
    }

    /// A cookie with the portal's common attributes and a lifetime in seconds.
    pub fn cookie(&self, name: &'static str, value: String, seconds: i64) -> Cookie<'static> {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.secure);
        cookie.set_max_age(cookie::time::Duration::seconds(seconds));
        cookie
    }
}
