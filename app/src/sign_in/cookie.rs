//! The session cookie: a signed token (HS256) that holds only the id of a session row. The row decides whether the session is
//! valid, so signing out is immediate. The session's age is checked with the bank's clock, not by the token.

use std::sync::LazyLock;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use bank::kernel::time::At;
use bank::sessions::DeviceToken;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// The audience claim; a token signed with the same key for another use is refused.
const AUDIENCE: &str = "lobby-session";

/// What a token must fulfil.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    // Compared with the bank's clock below, which differs from the system clock on a demo bank.
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
    /// The token is valid from and until these seconds since 1970. The portal sets neither: the session row limits the age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
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

    /// The session id in the request's cookie, if the token is valid now.
    pub fn session_id(&self, jar: &CookieJar, now: At) -> Option<String> {
        self.read(jar.get(self.name())?.value(), now)
    }

    fn read(&self, token: &str, now: At) -> Option<String> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.decoding, &VALIDATION).ok()?;
        let (claims, seconds) = (token.claims, now.0.div_euclid(1000));
        let in_time = claims.nbf.is_none_or(|from| from <= seconds) && claims.exp.is_none_or(|until| seconds < until);
        // Extensions of the format that a reader must understand (RFC 7515, crit): none is.
        (in_time && token.header.crit.is_none()).then_some(claims.sid)
    }

    /// A cookie for a new session, kept for its maximum length in hours.
    pub fn issue(&self, session_id: &str, hours: i64) -> Result<Cookie<'static>, jsonwebtoken::errors::Error> {
        let claims = Claims { sid: session_id.to_owned(), aud: AUDIENCE.to_owned(), nbf: None, exp: None };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(self.cookie(self.name(), token, hours.saturating_mul(3600)))
    }

    /// A cookie that deletes the session cookie.
    pub fn clear(&self) -> Cookie<'static> {
        self.cookie(self.name(), String::new(), 0)
    }

    fn device_name(&self) -> &'static str {
        if self.secure { "__Host-lobby-device" } else { "lobby_device" }
    }

    /// The token of a known device in the request's cookie.
    pub fn device(&self, jar: &CookieJar) -> Option<DeviceToken> {
        jar.get(self.device_name()).map(|cookie| DeviceToken::held(cookie.value()))
    }

    /// A cookie by which a browser that has signed in is known again, kept for some days.
    pub fn remember(&self, token: &DeviceToken, days: i64) -> Cookie<'static> {
        self.cookie(self.device_name(), token.reveal().to_owned(), days.saturating_mul(24 * 3600))
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

#[cfg(test)]
mod tests {
    use super::{AUDIENCE, Algorithm, At, Claims, Header, SessionCookie};

    const NOW: At = At(1_764_000_000_000);

    /// What is read of a token that is validly signed.
    fn read(header: &Header, nbf: Option<i64>, exp: Option<i64>) -> Option<String> {
        let cookie = SessionCookie::new(&[7; 32], false);
        let claims = Claims { sid: "s1".to_owned(), aud: AUDIENCE.to_owned(), nbf, exp };
        let token = jsonwebtoken::encode(header, &claims, &cookie.encoding).expect("a token");
        cookie.read(&token, NOW)
    }

    #[test]
    fn a_signed_token_is_valid_only_in_its_time_and_if_it_is_understood() {
        let (plain, now) = (Header::new(Algorithm::HS256), NOW.0 / 1000);
        assert_eq!(read(&plain, None, None).as_deref(), Some("s1"));
        assert_eq!(read(&plain, Some(now), Some(now + 1)).as_deref(), Some("s1"));
        assert_eq!(read(&plain, Some(now + 1), None), None, "not yet");
        assert_eq!(read(&plain, None, Some(now)), None, "no longer");
        let critical = Header { crit: Some(vec!["b64".to_owned()]), ..plain };
        assert_eq!(read(&critical, None, None), None, "an extension that must be understood");
    }
}
