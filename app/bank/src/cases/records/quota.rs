//! Counts a customer's cases, and locks the customer's row for counting.

use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

use crate::args;
use crate::cases::kind::CaseKind;
use crate::cases::quota::Counted;
use crate::cases::table::Phase;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// A case is open if it is in no final state of its kind. Kinds and states are constants of the code, so they can be part of the
/// SQL text.
static COUNT: LazyLock<String> = LazyLock::new(|| {
    let finals = crate::KINDS.iter().map(|kind| {
        let states = kind.states().iter().filter(|state| state.phase == Phase::Final);
        let states: Vec<String> = states.map(|state| format!("'{}'", state.code)).collect();
        format!("(kind = '{}' AND state IN ({}))", kind.case_kind().code(), states.join(", "))
    });
    let closed = finals.collect::<Vec<_>>().join(" OR ");
    format!(
        "SELECT COUNT(CASE WHEN {closed} THEN NULL ELSE 1 END), COUNT(CASE WHEN kind = $2 AND created_at >= $3 THEN 1 END) \
         FROM cases WHERE customer_id = $1"
    )
});

pub async fn count_cases(conn: &mut Conn, customer_id: &str, kind: CaseKind, since: At) -> Result<Counted, Failure> {
    let (open, today): (i64, i64) =
        conn.fetch_one(AssertSqlSafe(COUNT.as_str()), args![customer_id, kind.code(), since.0]).await?;
    Ok(Counted { open, today })
}

/// Locks a customer's row until the transaction ends. An update without a change is a row lock on both engines.
pub async fn lock_customer(tx: &mut Tx, customer_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE customers SET risk_flag = risk_flag WHERE id = $1", args![customer_id]).await?;
    Ok(())
}
