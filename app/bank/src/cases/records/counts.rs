//! The stored counts of cases by branch, kind and state. Triggers append a difference for every change of a case; the worker adds
//! the differences here. The current count is the sum of stored and pending.

use std::collections::BTreeMap;

use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;

/// Stored counts and pending differences, for the FROM clause with the alias `k`.
pub const COUNTED: &str = "(SELECT branch_id, kind, state, waiting, cases FROM case_counts UNION ALL \
                                  SELECT branch_id, kind, state, waiting, cases FROM case_count_changes) AS k";

/// Maximum number of differences added per transaction.
pub const COUNTS_BATCH: u64 = 5_000;

/// Adds a batch of pending differences to the stored counts; returns their number. They are deleted and added in one transaction,
/// so that concurrent workers add none twice.
pub async fn fold_batch(tx: &mut Tx) -> Result<u64, Failure> {
    // By a limit on the number, not a list of numbers: PostgreSQL takes the table for empty, as it mostly is, and would read a
    // long one once for every row.
    let sql = format!(
        "DELETE FROM case_count_changes \
         WHERE seq <= (SELECT MAX(seq) FROM (SELECT seq FROM case_count_changes ORDER BY seq LIMIT {COUNTS_BATCH}) AS oldest) \
         RETURNING branch_id, kind, state, waiting, cases"
    );
    let rows: Vec<(String, String, String, bool, i64)> = tx.fetch_all(sqlx::AssertSqlSafe(sql), Vec::new()).await?;
    let mut folded = 0;
    let mut sums = BTreeMap::new();
    for (branch, kind, state, waiting, cases) in rows {
        folded += 1;
        *sums.entry((branch, kind, state, waiting)).or_insert(0) += cases;
    }
    // In key order, so that two workers cannot deadlock.
    for ((branch, kind, state, waiting), cases) in sums {
        let sql = "INSERT INTO case_counts (branch_id, kind, state, waiting, cases) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (branch_id, kind, state, waiting) DO UPDATE SET cases = case_counts.cases + excluded.cases";
        tx.execute(sql, args![branch, kind, state, waiting, cases]).await?;
    }
    Ok(folded)
}
