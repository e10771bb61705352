//! The types of codes that are sent, how one is made and typed, and when one may be sent.

use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::At;
use crate::sessions::parameters::SessionParameters;

/// How many codes there are: six digits.
const CODES: u64 = 1_000_000;

/// The code of eight random bytes. 2⁶⁴ is so much larger than the number of codes that all are equally likely.
pub(super) fn code_of(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % CODES)
}

/// What a customer can do with codes that are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCodes {
    /// The number on file to which a code goes, masked.
    pub phone: String,
    /// Whether the customer has proven to hold this number; otherwise the first code takes the password beside it.
    pub validated: bool,
    /// The code that this session has been sent and can give.
    pub open: Option<OpenCode>,
    /// How long one waits before another is sent.
    pub pause_minutes: i64,
}

/// A code that can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCode {
    pub sent: At,
    pub until: At,
}

/// Why a code was not sent, or not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentCodeRefusal {
    /// The field is empty.
    Missing,
    /// The number is not validated, and the password that has to come with its first code is missing.
    PasswordMissing,
    /// That password is wrong, or was wrong too often today.
    PasswordWrong,
    /// It is another code; so many tries are left.
    Wrong { left: i64 },
    /// It was the last wrong try: a new code has to be sent.
    Exhausted,
    /// This session has no code that can be given: it expired, was used or replaced, or the number on file is another one by now.
    Void,
    /// The last one was sent a moment ago.
    TooSoon { seconds: i64 },
    /// So many were sent today and not given.
    DayFull { most: i64 },
    /// The caller is no customer whom a code reaches, has a second factor by now, or the session has ended.
    NotMeant,
}

impl Refusal for SentCodeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "sent_code_missing",
            Self::PasswordMissing => "sent_code_password_missing",
            Self::PasswordWrong => "sent_code_password_wrong",
            Self::Wrong { .. } => "sent_code_wrong",
            Self::Exhausted => "sent_code_exhausted",
            Self::Void => "sent_code_void",
            Self::TooSoon { .. } => "sent_code_too_soon",
            Self::DayFull { .. } => "sent_code_day_full",
            Self::NotMeant => "sent_code_not_meant",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Missing | Self::Wrong { .. } => "code",
            Self::PasswordMissing | Self::PasswordWrong => "password",
            Self::Exhausted | Self::Void | Self::TooSoon { .. } | Self::DayFull { .. } | Self::NotMeant => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// Whether another code may be sent to a user, who got so many today without giving them, and the latest of all at this time.
pub(super) fn may_send(unused: i64, latest: Option<At>, now: At, limits: &SessionParameters) -> Result<(), SentCodeRefusal> {
    if unused >= limits.step_up_code_day_max {
        return Err(SentCodeRefusal::DayFull { most: limits.step_up_code_day_max });
    }
    let wait = latest.map_or(0, |latest| latest.plus_minutes(limits.step_up_code_pause_minutes).0 - now.0);
    if wait > 0 { Err(SentCodeRefusal::TooSoon { seconds: (wait + 999) / 1_000 }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits() {
        assert_eq!(code_of([0; 8]), "000000");
        assert_eq!(code_of(42_u64.to_le_bytes()), "000042");
        assert_eq!(code_of(7_123_456_u64.to_le_bytes()), "123456");
    }

    #[test]
    fn one_a_minute_and_ten_a_day_may_be_sent() {
        let limits = SessionParameters::default();
        let now = At(1_000_000_000_000);
        let ask = |unused, ago: Option<i64>| may_send(unused, ago.map(|ago| At(now.0 - ago)), now, &limits);
        assert_eq!([ask(0, None), ask(9, Some(60_000))], [Ok(()); 2]);
        assert_eq!(ask(1, Some(59_999)), Err(SentCodeRefusal::TooSoon { seconds: 1 }));
        assert_eq!(ask(1, Some(0)), Err(SentCodeRefusal::TooSoon { seconds: 60 }));
        assert_eq!(ask(10, Some(60_000)), Err(SentCodeRefusal::DayFull { most: 10 }));
    }
}
