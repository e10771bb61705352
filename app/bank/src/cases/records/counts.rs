//! The kept counts of cases by branch, kind and state. Triggers append a difference for every change of a case; the worker adds
//! them up here. What counts is the sum of what is kept and what is pending.

use std::collections::BTreeMap;

use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;

/// Kept counts and pending differences, to select from as `k`.
pub const COUNTED: &str = "(SELECT branch_id, kind, state, waiting, cases FROM case_counts UNION ALL \
                                  SELECT branch_id, kind, state, waiting, cases FROM case_count_changes) AS k";

/// The most differences added in one transaction.
pub const COUNTS_BATCH: u64 = 5_000;

/// Adds a batch of pending differences to the kept counts; gives how many. They are removed and added in one transaction, so
/// that workers at the same moment add none twice.
pub async fn fold_batch(tx: &mut Tx) -> Result<u64, Failure> {
    let sql = format!(
        "DELETE FROM case_count_changes WHERE seq IN (SELECT seq FROM case_count_changes ORDER BY seq LIMIT {COUNTS_BATCH}) \
         RETURNING branch_id, kind, state, waiting, cases"
    );
    let rows: Vec<(String, String, String, bool, i64)> = tx.fetch_all(sqlx::AssertSqlSafe(sql), Vec::new()).await?;
    let mut folded = 0;
    let mut sums = BTreeMap::new();
    for (branch, kind, state, waiting, cases) in rows {
        folded += 1;
        *sums.entry((branch, kind, state, waiting)).or_insert(0) += cases;
    }
    // In the order of the key, so that two workers do not wait for each other.
    for ((branch, kind, state, waiting), cases) in sums {
        let sql = "INSERT INTO case_counts (branch_id, kind, state, waiting, cases) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (branch_id, kind, state, waiting) DO UPDATE SET cases = case_counts.cases + excluded.cases";
        tx.execute(sql, args![branch, kind, state, waiting, cases]).await?;
    }
    Ok(folded)
}
