//! One-time codes by time (RFC 6238): SHA-1, six digits, 30 seconds, because every authenticator app understands these and some
//! ignore others. A code is accepted in its own step, and for a few seconds more, because it has to be typed and sent. It is
//! never accepted early: phones set their clocks by the network.

use totp_rs::{Builder, Secret, Totp};

use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub(super) const SECRET_BYTES: usize = 20;

/// How long after its step a code is accepted: the delay of transmission (RFC 6238, section 5.2), in milliseconds.
const DELAY: i64 = 5_000;

/// Digits of a code.
const DIGITS: usize = 6;

/// Whether a text as typed has the form of a code; anything else is meant as a recovery code.
pub(super) fn is_code(typed: &str) -> bool {
    typed.len() == DIGITS && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text form of a secret (base 32), which is stored sealed and typed into an app that cannot scan.
pub(super) fn secret_text(bytes: [u8; SECRET_BYTES]) -> String {
    Secret::from(bytes).to_base32()
}

fn authenticator(secret: &str, issuer: Option<&str>, account: &str) -> Result<Totp, Failure> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Failure::stored("authenticators.secret_sealed", error))?;
    // A colon separates the two names in the address.
    let plain = |name: &str| name.replace(':', " ");
    let builder =
        Builder::new().with_skew(0).with_secret(secret).with_issuer(issuer.map(plain)).with_account_name(plain(account));
    builder.build().map_err(|error| Failure::stored("authenticators.secret_sealed", error))
}

/// Whether a stored text is a secret.
pub(super) fn is_secret(text: &str) -> bool {
    authenticator(text, None, "").is_ok()
}

/// What the code to scan says.
pub(super) fn address(secret: &str, bank: &str, account: &str) -> Result<String, Failure> {
    let issuer = Some(bank).filter(|bank| !bank.is_empty());
    authenticator(secret, issuer, account)?.to_url().map_err(|error| Failure::Host(error.to_string()))
}

/// The time step of which this is the code: the present one, or the one that has ended a moment ago.
pub(super) fn matching_step(secret: &str, code: &str, now: At) -> Result<Option<i64>, Failure> {
    let app = authenticator(secret, None, "")?;
    let step_at = |ms: i64| app.check(code, u64::try_from(ms.div_euclid(1_000)).unwrap_or_default());
    let step = step_at(now.0).or_else(|| step_at(now.0 - DELAY));
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    /// The secret of the examples of RFC 6238.
    const SECRET: &[u8; SECRET_BYTES] = b"12345678901234567890";

    #[test]
    fn the_codes_of_the_standard_fit_in_their_thirty_seconds_and_on_their_way() {
        let secret = secret_text(*SECRET);
        // RFC 6238, appendix B, the last six digits.
        for (seconds, code) in [(59_i64, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let step = seconds / 30;
            let at = |ms: i64| matching_step(&secret, code, At(ms)).unwrap();
            let (first, last) = (step * 30_000, step * 30_000 + 29_999);
            assert_eq!([at(seconds * 1_000), at(first), at(last), at(last + DELAY)], [Some(step); 4], "{seconds}");
            assert_eq!([at(first - 1), at(last + DELAY + 1)], [None; 2], "{seconds}");
        }
        for other in ["", "287083", "28708", "2870822", "+87082", "２８７０８２"] {
            assert_eq!(matching_step(&secret, other, At(59_000)).unwrap(), None, "{other}");
        }
    }

    #[test]
    fn an_app_is_told_secret_bank_and_name() {
        let secret = secret_text(*SECRET);
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let told = address(&secret, "Bank: one", "c1001").unwrap();
        assert_eq!(told, format!("otpauth://totp/Bank%20%20one:c1001?secret={secret}&issuer=Bank%20%20one"));
        assert!(address(&secret, "", "c1001").unwrap().starts_with("otpauth://totp/c1001?"));
    }

    #[test]
    fn six_digits_are_a_code_and_all_else_a_recovery_code() {
        assert!(is_code("012345"));
        assert!(!is_code("01234") && !is_code("0123456") && !is_code("01234X") && !is_code(""));
    }
}
