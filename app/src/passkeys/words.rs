//! Why a passkey was refused, in words.

use bank::kernel::forms::Refusal;
use bank::sessions::{LONGEST_PASSKEY_NAME, MOST_PASSKEYS, PasskeyRefusal, SHORTEST_ALONE};

use crate::t;
use crate::ui::error_summary::Refused;
use crate::visit::Visit;
use crate::words::Locale;

/// Title and text.
pub fn words(l: Locale, refusal: PasskeyRefusal) -> (String, String) {
    match refusal {
        PasskeyRefusal::NameMissing => (t!(l, passkeys.refused.name_missing), t!(l, passkeys.refused.name_missing_text)),
        PasskeyRefusal::NameTooLong => {
            let most = LONGEST_PASSKEY_NAME;
            (t!(l, passkeys.refused.name_too_long, most = most), t!(l, passkeys.refused.name_missing_text))
        }
        PasskeyRefusal::NameTaken => (t!(l, passkeys.refused.name_taken), t!(l, passkeys.refused.name_taken_text)),
        PasskeyRefusal::AnswerMissing => (t!(l, passkeys.scripts), t!(l, passkeys.scripts_text)),
        PasskeyRefusal::Outdated => (t!(l, passkeys.refused.outdated), t!(l, passkeys.refused.again)),
        PasskeyRefusal::Expired => (t!(l, passkeys.refused.expired), t!(l, passkeys.refused.again)),
        PasskeyRefusal::NotVerified => (t!(l, passkeys.refused.not_verified), t!(l, passkeys.refused.not_verified_text)),
        PasskeyRefusal::Elsewhere => (t!(l, passkeys.refused.elsewhere), t!(l, passkeys.refused.elsewhere_text)),
        PasskeyRefusal::Failed => (t!(l, passkeys.refused.failed), t!(l, passkeys.refused.again)),
        PasskeyRefusal::CountedBack => (t!(l, passkeys.refused.counted_back), t!(l, passkeys.refused.counted_back_text)),
        PasskeyRefusal::Unknown => (t!(l, passkeys.refused.unknown), t!(l, passkeys.refused.unknown_text)),
        PasskeyRefusal::Taken => (t!(l, passkeys.refused.taken), t!(l, passkeys.refused.taken_text)),
        PasskeyRefusal::PasswordTooShort => (
            t!(l, factors.refused.password_too_short, fewest = SHORTEST_ALONE),
            t!(l, factors.refused.password_too_short_text, fewest = SHORTEST_ALONE),
        ),
        PasskeyRefusal::Full => {
            let most = MOST_PASSKEYS;
            (t!(l, passkeys.refused.full, most = most), t!(l, passkeys.refused.full_text))
        }
    }
}

/// The entry of the error summary.
pub fn refused(visit: &Visit, refusal: PasskeyRefusal) -> Refused {
    let l = visit.locale();
    let refused = Refused::of(&refusal, words(l, refusal));
    match refusal.field() {
        "" => refused,
        field => refused.field(field, t!(l, passkeys.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_words_in_both_languages() {
        for refusal in PasskeyRefusal::ALL {
            for locale in [Locale::zh_CN, Locale::en] {
                let (title, text) = words(locale, refusal);
                assert!(!title.is_empty() && !text.is_empty(), "{refusal:?}");
            }
        }
    }
}
