//! What `lobby check` verifies of codes that were sent. Each rule is one statement.

use crate::kernel::check::Examination;
use crate::kernel::failure::Failure;

/// Conditions of a wrong row, and what is wrong. Two open ones are possible only where the unique index is missing.
const RULES: [(&str, &str); 2] = [
    ("c.used_at < c.created_at OR c.ended_at < c.created_at", "it ends before it begins"),
    (
        "c.used_at IS NULL AND c.ended_at IS NULL AND EXISTS (SELECT 1 FROM step_up_codes o WHERE o.user_id = c.user_id \
         AND o.used_at IS NULL AND o.ended_at IS NULL AND o.id < c.id)",
        "the user has another open one",
    ),
];

/// Checks all codes.
pub(in crate::sessions) async fn check_sent_codes(exam: &mut Examination<'_>) -> Result<(), Failure> {
    for (wrong, rule) in RULES {
        exam.none("step_up_codes", rule, format!("SELECT c.id FROM step_up_codes c WHERE {wrong} ORDER BY c.id")).await?;
    }
    let sql = "SELECT id FROM users WHERE (phone_validated_index IS NULL) <> (phone_validated_at IS NULL) ORDER BY id";
    exam.none("users", "it has a validated number without a time, or a time without a number", sql).await
}
