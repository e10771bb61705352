//! What `lobby check` verifies of activations. Their number grows with the customers, so each rule is one statement.

use sqlx::FromRow;

use crate::kernel::check::Examination;
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day};

/// Conditions of a wrong row, and what is wrong.
const RULES: [(&str, &str); 4] = [
    ("(a.used_at IS NULL) <> (a.used_key IS NULL)", "when it was used and by which form do not fit"),
    ("a.used_at IS NOT NULL AND a.ended_at IS NOT NULL", "it was used and has ended"),
    ("a.used_at < a.created_at OR a.ended_at < a.created_at OR a.expires_at <= a.created_at", "it ends before it begins"),
    (
        "a.used_at IS NULL AND a.ended_at IS NULL AND EXISTS (SELECT 1 FROM activations o WHERE o.user_id = a.user_id \
         AND o.used_at IS NULL AND o.ended_at IS NULL AND o.id < a.id)",
        "the user has another open one",
    ),
];

#[derive(FromRow)]
struct LeaverRow {
    id: String,
    created_at: i64,
    left_on: String,
}

/// Checks all activations.
pub(super) async fn check_activations(exam: &mut Examination<'_>) -> Result<(), Failure> {
    for (wrong, rule) in RULES {
        exam.none("activations", rule, format!("SELECT a.id FROM activations a WHERE {wrong} ORDER BY a.id")).await?;
    }
    // One that is open when its user leaves opens nothing from that day on; nobody gets one after that.
    let sql = "SELECT a.id, a.created_at, u.left_on FROM activations a JOIN users u ON u.id = a.user_id \
               WHERE a.used_at IS NULL AND a.ended_at IS NULL AND u.left_on IS NOT NULL ORDER BY a.id";
    exam.each(sql, |row: LeaverRow, _, findings| {
        if row.left_on.parse::<Day>().is_ok_and(|left| left < At(row.created_at).day()) {
            findings.add("activations", row.id, "it is open and was made for somebody who had left");
        }
    })
    .await
}
