//! The types of the second factor.

use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::At;

/// A user's second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// There is none.
    Off,
    /// This session has begun to set it up.
    Begun(Enrolment),
    On {
        since: At,
        /// Recovery codes that are not used yet.
        codes_left: i64,
        /// The password is shorter than one alone may be, so the factor stays.
        password_needs_it: bool,
    },
}

/// What an authenticator app needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// To be typed, base 32.
    pub secret: String,
    /// To be scanned; it contains the secret.
    pub address: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

/// Why a second factor was not accepted, set up or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorRefusal {
    /// The field is empty.
    CodeMissing,
    /// It is no code of now, was used already, or is no recovery code of this user.
    CodeWrong,
    /// Too many wrong codes in a row: none is judged before this time.
    Locked { until: At },
    /// It was not begun in this session, or has been cancelled.
    NotBegun,
    /// It is set up already; the recovery codes are shown once.
    AlreadyOn,
    /// There is none.
    Off,
    /// The password is shorter than one alone may be: a longer one comes first.
    PasswordTooShort,
}

impl Refusal for FactorRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CodeMissing => "code_missing",
            Self::CodeWrong => "code_wrong",
            Self::Locked { .. } => "factor_locked",
            Self::NotBegun => "factor_not_begun",
            Self::AlreadyOn => "factor_already_on",
            Self::Off => "factor_off",
            Self::PasswordTooShort => "factor_password_too_short",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::CodeMissing | Self::CodeWrong | Self::Locked { .. } => "code",
            Self::NotBegun | Self::AlreadyOn | Self::Off | Self::PasswordTooShort => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}
