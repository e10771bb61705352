//! What `lobby check` verifies of second factors. Their number grows with the users, so each rule is one statement where it can be.

use super::records::HAS_FACTOR;
use super::totp::is_secret;
use crate::kernel::check::Examination;
use crate::kernel::failure::Failure;
use crate::kernel::seal::columns::AUTHENTICATOR_SECRET;

/// Checks authenticators and recovery codes.
pub(in crate::sessions) async fn check_factors(exam: &mut Examination<'_>) -> Result<(), Failure> {
    let sql = "SELECT user_id, secret_sealed FROM authenticators ORDER BY user_id";
    exam.each(sql, |(user_id, sealed): (String, String), seal, findings| {
        if !seal.open(&AUTHENTICATOR_SECRET, &user_id, &sealed).is_ok_and(|secret| is_secret(&secret)) {
            findings.add("authenticators", user_id, "secret_sealed cannot be read: no code fits");
        }
    })
    .await?;
    let rule = "its user has no second factor";
    let sql = "SELECT c.id FROM recovery_codes c WHERE NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = c.user_id \
               AND a.confirmed_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = c.user_id) ORDER BY c.id";
    exam.none("recovery_codes", rule, sql).await?;
    let sql = "SELECT user_id FROM authenticators WHERE confirmed_at < created_at ORDER BY user_id";
    exam.none("authenticators", "it was confirmed before it was begun", sql).await?;
    let rule = "the password is shorter than one alone may be, and there is no second factor";
    let sql = format!("SELECT u.id FROM users u WHERE u.password_needs_factor AND NOT {HAS_FACTOR} ORDER BY u.id");
    exam.none("users", rule, sql).await
}
