//! An authenticator app.

use totp_rs::{Builder, Secret};

use super::{Answer, Browser, TestBank, pairs};

/// The page of the second factor.
pub const FACTOR: &str = "/me/factor";

/// An app that shares a secret with the bank.
pub struct AuthenticatorApp {
    secret: String,
}

impl AuthenticatorApp {
    /// The app that has scanned the code of this page.
    pub fn scanned(page: &Answer) -> Self {
        let secret = page.words("[data-secret]").join("");
        Self { secret: secret.chars().filter(|c| !c.is_whitespace()).collect() }
    }

    /// An app with this secret.
    pub fn with_secret(secret: &str) -> Self {
        Self { secret: secret.to_owned() }
    }

    /// Sets up the second factor of the user of this browser; also returns the recovery codes.
    pub async fn set_up(bank: &TestBank, browser: &Browser) -> (Self, Vec<String>) {
        browser.post(FACTOR, &pairs(&[("do", "begin")])).await;
        let app = Self::scanned(&browser.get(FACTOR).await);
        let codes = browser.post(FACTOR, &pairs(&[("do", "confirm"), ("code", &app.code(bank))])).await;
        let codes = codes.words(".recovery-codes li");
        assert_eq!(codes.len(), 10, "no recovery codes");
        // The next code is another one.
        bank.pass_minutes(1);
        (app, codes)
    }

    /// The secret as typed into an app.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The code of this moment.
    pub fn code(&self, bank: &TestBank) -> String {
        let secret = Secret::try_from_base32(&self.secret).expect("a secret");
        let seconds = u64::try_from(bank.bank.now().0 / 1_000).expect("a time");
        Builder::new().with_secret(secret).build().expect("an app").generate(seconds).to_string()
    }
}
