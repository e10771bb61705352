//! The session cookie: a signed token (HS256) that holds the id of a session row and its own. The row decides whether session and
//! token are valid, so signing out is immediate. Times are compared with the bank's clock.

use std::sync::LazyLock;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use bank::kernel::time::At;
use bank::sessions::{DeviceToken, NewToken, ShownToken, TOKEN_LIFE_MS};
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
    /// The id of this token among those of its session; missing in tokens of before they had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    /// Seconds since 1970: when it was issued, from when it is valid (never set here), and when it has to be renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
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

    /// The token in the request's cookie, if it is signed here and valid now. An expired one may still be the session's: then it is
    /// renewed, else it ends the session, so it is passed on as one that is due.
    pub fn shown(&self, jar: &CookieJar, now: At) -> Option<ShownToken> {
        self.read(jar.get(self.name())?.value(), now)
    }

    fn read(&self, token: &str, now: At) -> Option<ShownToken> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.decoding, &VALIDATION).ok()?;
        let (claims, seconds) = (token.claims, now.0.div_euclid(1000));
        let begun = claims.nbf.is_none_or(|from| from <= seconds);
        let expired = claims.exp.is_some_and(|until| until <= seconds);
        // Extensions of the format that a reader must understand (RFC 7515, crit): none is. Without an id nothing tells whether
        // an expired token is the session's.
        if !begun || token.header.crit.is_some() || expired && claims.jti.is_none() {
            return None;
        }
        let issued_at = claims.iat.filter(|_| !expired).map(|seconds| At(seconds.saturating_mul(1000)));
        Some(ShownToken { session_id: claims.sid, id: claims.jti, issued_at })
    }

    /// A cookie with a token that is valid for ten minutes, kept somewhat longer than the session.
    pub fn issue(&self, token: &NewToken, now: At) -> Result<Cookie<'static>, jsonwebtoken::errors::Error> {
        let seconds = |at: At| at.0.div_euclid(1000);
        let claims = Claims {
            sid: token.session_id.clone(),
            aud: AUDIENCE.to_owned(),
            jti: Some(token.id.clone()),
            iat: Some(seconds(now)),
            nbf: None,
            exp: Some(seconds(now.plus_ms(TOKEN_LIFE_MS))),
        };
        let signed = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok(self.cookie(self.name(), signed, token.until.ms_since(now).div_euclid(1000)))
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

    /// What is read of a token that is validly signed: whether it is passed on, and as one that is due.
    fn read(header: &Header, jti: Option<&str>, nbf: Option<i64>, exp: Option<i64>) -> Option<bool> {
        let cookie = SessionCookie::new(&[7; 32], false);
        let now = NOW.0 / 1000;
        let jti = jti.map(str::to_owned);
        let claims = Claims { sid: "s1".to_owned(), aud: AUDIENCE.to_owned(), jti, iat: Some(now), nbf, exp };
        let token = jsonwebtoken::encode(header, &claims, &cookie.encoding).expect("a token");
        cookie.read(&token, NOW).map(|shown| shown.issued_at.is_none())
    }

    #[test]
    fn a_signed_token_is_valid_only_in_its_time_and_if_it_is_understood() {
        let (plain, now) = (Header::new(Algorithm::HS256), NOW.0 / 1000);
        assert_eq!(read(&plain, None, None, None), Some(false));
        assert_eq!(read(&plain, Some("t1"), Some(now), Some(now + 1)), Some(false));
        assert_eq!(read(&plain, Some("t1"), Some(now + 1), None), None, "not yet");
        assert_eq!(read(&plain, None, None, Some(now)), None, "no longer");
        assert_eq!(read(&plain, Some("t1"), None, Some(now)), Some(true), "to be renewed, if it is still the session's");
        let critical = Header { crit: Some(vec!["b64".to_owned()]), ..plain };
        assert_eq!(read(&critical, Some("t1"), None, None), None, "an extension that must be understood");
    }
}
