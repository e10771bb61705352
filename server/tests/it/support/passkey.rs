//! A device that keeps passkeys: it makes a key pair, and signs what a page asks (W3C Web Authentication, level 3).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::seed::PASSWORD;
use super::{Answer, Browser, TestBank, pairs};

/// The page of a user's passkeys.
pub const PASSKEYS: &str = "/me/passkeys";

/// The page where one is given.
pub const GIVE: &str = "/passkey";

/// The public origin of a site that has passkeys.
pub const ORIGIN: &str = "http://localhost:3000";

/// The portal at an address that can have passkeys.
pub struct Site {
    base: String,
}

impl Site {
    pub async fn open(bank: &TestBank) -> Self {
        Self { base: bank.served_at(ORIGIN).await }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// A browser signed in with this name.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let browser = self.browser();
        browser.sign_in(name).await;
        browser
    }

    /// A browser in which the password was given.
    pub async fn halfway(&self, name: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.try_sign_in(name, PASSWORD).await;
        assert_eq!(answer.location.as_deref(), Some("/login/code?next="), "{name}");
        browser
    }
}

pub async fn is_in(browser: &Browser) -> bool {
    browser.get("/me").await.status == 200
}

/// The code of a refusal on the page.
pub fn refusal(page: &Answer) -> String {
    assert_eq!(page.status, 422, "{} answers {:?}", page.path, page.location);
    page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>().join(",")
}

/// How a device answers.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub origin: &'static str,
    pub rp_id: &'static str,
    /// Whether it has verified the person.
    pub verified: bool,
    /// Its counter.
    pub count: u32,
}

/// As an honest device that does not count.
pub const HONEST: How = How { origin: ORIGIN, rp_id: "localhost", verified: true, count: 0 };

/// Answers that no honest device gives here, and why they are refused.
pub const WRONG: [(How, &str); 4] = [
    (How { origin: "https://lobby.example", ..HONEST }, "passkey_elsewhere"),
    (How { origin: "http://localhost:3001", ..HONEST }, "passkey_elsewhere"),
    (How { rp_id: "lobby.example", ..HONEST }, "passkey_elsewhere"),
    (How { verified: false, ..HONEST }, "passkey_not_verified"),
];

/// A device with one passkey.
pub struct Device {
    key: EcdsaKeyPair,
    id: [u8; 16],
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the page tells the browser.
pub fn options(page: &Answer) -> Value {
    let options = page.attr("[data-passkey]", "data-options").unwrap_or_else(|| panic!("{} asks nothing", page.path));
    serde_json::from_str(&options).expect("JSON")
}

impl Device {
    pub fn new() -> Self {
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).expect("random bytes");
        Self { key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"), id }
    }

    fn client_data(kind: &str, options: &Value, how: How) -> String {
        let challenge = options["challenge"].as_str().expect("a challenge");
        json!({ "type": kind, "challenge": challenge, "origin": how.origin, "crossOrigin": false }).to_string()
    }

    fn head(how: How, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, how.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags | 1 | if how.verified { 4 } else { 0 });
        data.extend(how.count.to_be_bytes());
        data
    }

    /// The answer to a page that asks for a new passkey.
    pub fn added(&self, options: &Value, how: How) -> String {
        let mut data = Self::head(how, 64);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        // The key in COSE form: EC2, ES256, P-256, x, y.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.extend([0xa0, 0x68]);
        object.extend(b"authData");
        object.extend([0x58, u8::try_from(data.len()).expect("a short text")]);
        object.extend(data);
        json!({
            "id": text(self.id), "rawId": text(self.id), "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(Self::client_data("webauthn.create", options, how)),
                "attestationObject": text(object),
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    /// The answer to a page that asks for a known passkey.
    pub fn given(&self, options: &Value, how: How) -> String {
        let client_data = Self::client_data("webauthn.get", options, how);
        let data = Self::head(how, 0);
        let signed = [data.as_slice(), digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        json!({
            "id": text(self.id), "rawId": text(self.id), "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(client_data),
                "authenticatorData": text(data),
                "signature": text(signature),
            },
        })
        .to_string()
    }

    /// Adds its passkey for the user of this browser, under a name of its own.
    pub async fn add(&self, browser: &Browser, how: How) -> Answer {
        let page = begin(browser).await;
        send(browser, &text(self.id), &self.added(&options(&page), how)).await
    }

    /// Gives its passkey where it is asked for.
    pub async fn give(&self, browser: &Browser, how: How) -> Answer {
        let page = ask(browser).await;
        answer(browser, &self.given(&options(&page), how)).await
    }
}

/// A new device with a passkey of the user of this browser.
pub async fn added(browser: &Browser, how: How) -> Device {
    let device = Device::new();
    let page = device.add(browser, how).await;
    assert!(page.status == 200 || page.location.as_deref().is_some_and(|to| to.ends_with("done=added")), "{}", page.text());
    device
}

/// The page that asks for a new passkey.
pub async fn begin(browser: &Browser) -> Answer {
    let begun = browser.post(PASSKEYS, &pairs(&[("do", "begin")])).await;
    browser.get(begun.location.as_deref().unwrap_or(PASSKEYS)).await
}

/// Sends the answer with a new passkey.
pub async fn send(browser: &Browser, name: &str, answer: &str) -> Answer {
    browser.post(PASSKEYS, &pairs(&[("do", "add"), ("name", name), ("answer", answer)])).await
}

/// The page that asks for a known passkey.
pub async fn ask(browser: &Browser) -> Answer {
    let begun = browser.post(GIVE, &pairs(&[("do", "begin")])).await;
    browser.get(begun.location.as_deref().unwrap_or(GIVE)).await
}

/// Sends the answer with a known passkey.
pub async fn answer(browser: &Browser, answer: &str) -> Answer {
    browser.post(GIVE, &pairs(&[("do", "give"), ("answer", answer)])).await
}
