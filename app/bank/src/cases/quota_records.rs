//! What a customer has used of their quotas, counted from the rows themselves.

use super::quota::Used;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// Locks the customer's row until the transaction ends: two cases of one customer are made one after the other.
pub(super) async fn lock_customer(tx: &mut Tx, customer_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE customers SET vip = vip WHERE id = $1", args![customer_id]).await?;
    Ok(())
}

/// Open cases, and messages since a moment.
pub(super) async fn used(conn: &mut Conn, customer_id: &str, since: At) -> Result<Used, Failure> {
    let sql = "SELECT (SELECT COUNT(*) FROM cases k WHERE k.customer_id = $1 AND (k.waiting OR EXISTS \
               (SELECT 1 FROM engagements e WHERE e.case_number = k.number))) AS open_cases, \
               (SELECT COUNT(*) FROM outbox o WHERE o.customer_id = $1 AND o.created_at >= $2) AS messages";
    let (open_cases, messages): (i64, i64) = conn.fetch_one(sql, args![customer_id, since.0]).await?;
    Ok(Used { open_cases, messages })
}
