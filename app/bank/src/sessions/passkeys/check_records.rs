//! What `lobby check` verifies of passkeys.

use super::ceremony::{is_credential, is_handle};
use crate::kernel::check::Examination;
use crate::kernel::failure::Failure;

/// Checks that every passkey can be given.
pub(in crate::sessions) async fn check_passkeys(exam: &mut Examination<'_>) -> Result<(), Failure> {
    exam.each(
        "SELECT user_id, handle FROM passkey_users ORDER BY user_id",
        |(user_id, handle): (String, String), _, findings| {
            if !is_handle(&handle) {
                findings.add("passkey_users", user_id, "handle cannot be read: no passkey of this user fits");
            }
        },
    )
    .await?;
    let sql = "SELECT id, credential_id, public_key FROM passkeys ORDER BY id";
    exam.each(sql, |(id, credential_id, public_key): (String, String, String), _, findings| {
        if !is_credential(&credential_id, &public_key) {
            findings.add("passkeys", id, "credential_id or public_key cannot be read: no answer fits");
        }
    })
    .await
}
