//! The types of passkeys.

use std::net::IpAddr;

use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::text::{count, trimmed};
use crate::kernel::time::At;

/// How many passkeys a user may have.
pub const MOST_PASSKEYS: usize = 5;

/// The longest name of a passkey, characters.
pub const LONGEST_PASSKEY_NAME: usize = 30;

/// How long a challenge may be answered, minutes.
pub(super) const CHALLENGE_MINUTES: i64 = 5;

/// The portal as authenticators know it: a passkey made for one cannot be given to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host.
    pub(super) id: String,
    pub(super) origin: String,
}

impl RelyingParty {
    /// From the public origin `scheme://host[:port]`. `None`: passkeys need the name of a host, and this is an address.
    pub fn of(origin: &str) -> Option<Self> {
        let (_, rest) = origin.split_once("://")?;
        let host = rest.split(':').next().filter(|host| !host.is_empty() && !host.starts_with('['))?;
        let is_address = host.parse::<IpAddr>().is_ok();
        (!is_address).then(|| Self { id: host.to_owned(), origin: origin.to_owned() })
    }
}

/// What is asked of an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// To make a passkey.
    Add,
    /// To prove that it holds one.
    Give,
}

impl Ceremony {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Give => "give",
        }
    }
}

/// A passkey as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: String,
    /// Given by the user.
    pub name: String,
    pub since: At,
    pub used: Option<At>,
}

/// The second factors that a user has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// An authenticator app.
    pub app: bool,
    pub passkey: bool,
}

/// Why a passkey was not added, accepted or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    NameMissing,
    NameTooLong,
    /// Another passkey of the user has this name.
    NameTaken,
    /// The form came without an answer of a device, as from a browser without scripts.
    AnswerMissing,
    /// The challenge was answered already, or another one was begun since.
    Outdated,
    /// The challenge was not answered in time.
    Expired,
    /// The device did not verify the person.
    NotVerified,
    /// The answer was made for another address.
    Elsewhere,
    /// The answer cannot be read, or its signature does not fit.
    Failed,
    /// The device has counted fewer uses than the bank: there is a copy of the passkey.
    CountedBack,
    /// The user has no such passkey; it may have been removed meanwhile.
    Unknown,
    /// It is a passkey of somebody already.
    Taken,
    /// The user has as many as one may have.
    Full,
    /// The password is shorter than one alone may be: a longer one comes before the last second factor goes.
    PasswordTooShort,
}

impl PasskeyRefusal {
    pub const ALL: [Self; 14] = [
        Self::NameMissing,
        Self::NameTooLong,
        Self::NameTaken,
        Self::AnswerMissing,
        Self::Outdated,
        Self::Expired,
        Self::NotVerified,
        Self::Elsewhere,
        Self::Failed,
        Self::CountedBack,
        Self::Unknown,
        Self::Taken,
        Self::Full,
        Self::PasswordTooShort,
    ];
}

impl Refusal for PasskeyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameMissing => "passkey_name_missing",
            Self::NameTooLong => "passkey_name_too_long",
            Self::NameTaken => "passkey_name_taken",
            Self::AnswerMissing => "passkey_answer_missing",
            Self::Outdated => "passkey_outdated",
            Self::Expired => "passkey_expired",
            Self::NotVerified => "passkey_not_verified",
            Self::Elsewhere => "passkey_elsewhere",
            Self::Failed => "passkey_failed",
            Self::CountedBack => "passkey_counted_back",
            Self::Unknown => "passkey_unknown",
            Self::Taken => "passkey_taken",
            Self::Full => "passkey_full",
            Self::PasswordTooShort => "passkey_password_too_short",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::NameMissing | Self::NameTooLong | Self::NameTaken => "name",
            _ => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// The name as it is stored.
pub(super) fn read_name(typed: &str) -> Result<String, PasskeyRefusal> {
    let name = trimmed(typed).replace('\n', " ");
    match count(&name) {
        0 => Err(PasskeyRefusal::NameMissing),
        length if length > LONGEST_PASSKEY_NAME => Err(PasskeyRefusal::NameTooLong),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relying_party_is_the_host_of_the_public_origin_and_no_address() {
        for (origin, id) in [
            ("http://localhost:3000", Some("localhost")),
            ("https://bank.example", Some("bank.example")),
            ("https://bank.example:8443", Some("bank.example")),
            ("http://127.0.0.1:3000", None),
            ("http://[::1]:3000", None),
            ("https://", None),
            ("bank.example", None),
        ] {
            assert_eq!(RelyingParty::of(origin).map(|party| party.id).as_deref(), id, "{origin}");
        }
    }

    #[test]
    fn a_name_has_one_to_thirty_characters() {
        assert_eq!(read_name(" 我的\n手机 ").as_deref(), Ok("我的 手机"));
        assert_eq!(read_name(" \u{200b}"), Err(PasskeyRefusal::NameMissing));
        assert!(read_name(&"字".repeat(LONGEST_PASSKEY_NAME)).is_ok());
        assert_eq!(read_name(&"字".repeat(LONGEST_PASSKEY_NAME + 1)), Err(PasskeyRefusal::NameTooLong));
    }
}
