//! The stored counts of cases by branch, kind and state, and of appointments by branch and day. Triggers append a difference for
//! every change of a case; the worker adds the differences here. The current count is the sum of stored and pending.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow};

use super::times::places;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day, days_between};
use crate::sessions::Scope;

/// Stored counts and pending differences, for the FROM clause with the alias `k`.
pub const COUNTED: &str = "(SELECT branch_id, kind, state, waiting, cases FROM case_counts UNION ALL \
                                  SELECT branch_id, kind, state, waiting, cases FROM case_count_changes) AS k";

/// Maximum number of differences added per transaction.
pub const COUNTS_BATCH: u64 = 5_000;

/// A pending difference.
#[derive(FromRow)]
struct Change {
    branch_id: String,
    kind: String,
    state: String,
    waiting: bool,
    cases: i64,
    day: Option<i64>,
}

/// Adds a batch of pending differences to the stored counts; returns their number. They are deleted and added in one transaction,
/// so that concurrent workers add none twice.
pub async fn fold_batch(tx: &mut Tx) -> Result<u64, Failure> {
    // By a limit on the number, not a list of numbers: PostgreSQL takes the table for empty, as it mostly is, and would read a
    // long one once for every row.
    let sql = format!(
        "DELETE FROM case_count_changes \
         WHERE seq <= (SELECT MAX(seq) FROM (SELECT seq FROM case_count_changes ORDER BY seq LIMIT {COUNTS_BATCH}) AS oldest) \
         RETURNING branch_id, kind, state, waiting, cases, day"
    );
    let changes: Vec<Change> = tx.fetch_all(AssertSqlSafe(sql), Vec::new()).await?;
    let mut folded = 0;
    let (mut sums, mut days) = (BTreeMap::new(), BTreeMap::new());
    for Change { branch_id, kind, state, waiting, cases, day } in changes {
        folded += 1;
        if let Some(day) = day {
            *days.entry((branch_id.clone(), day, kind.clone(), state.clone())).or_insert(0) += cases;
        }
        *sums.entry((branch_id, kind, state, waiting)).or_insert(0) += cases;
    }
    // In key order, so that two workers cannot deadlock.
    for ((branch, kind, state, waiting), cases) in sums {
        let sql = "INSERT INTO case_counts (branch_id, kind, state, waiting, cases) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (branch_id, kind, state, waiting) DO UPDATE SET cases = case_counts.cases + excluded.cases";
        tx.execute(sql, args![branch, kind, state, waiting, cases]).await?;
    }
    for ((branch, day, kind, state), cases) in days.into_iter().filter(|(_, cases)| *cases != 0) {
        let sql = "INSERT INTO case_day_counts (branch_id, day, kind, state, cases) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (branch_id, day, kind, state) DO UPDATE SET cases = case_day_counts.cases + excluded.cases";
        tx.execute(sql, args![branch, day, kind, state, cases]).await?;
    }
    Ok(folded)
}

/// The number of appointments of a kind in a state on a day.
#[derive(FromRow)]
pub struct DayCount {
    /// Days since 1970-01-01.
    pub day: i64,
    pub kind: String,
    pub state: String,
    pub cases: i64,
}

/// A day as the counts name it.
pub fn day_number(day: Day) -> i64 {
    days_between(At(0).day(), day)
}

/// The appointments from this day on at these branches, within the scope.
pub async fn count_days(conn: &mut Conn, scope: &Scope, branches: &[&str], from: Day) -> Result<Vec<DayCount>, Failure> {
    if branches.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = args![day_number(from)];
    let among = places(&mut args, branches.iter().copied());
    let scoped = scope.condition("branch_id", &mut args);
    let narrowed = format!("branch_id IN ({among}) AND day >= $1 AND {scoped}");
    let sql = format!(
        "SELECT k.day, k.kind, k.state, CAST(SUM(k.cases) AS BIGINT) AS cases FROM \
         (SELECT day, kind, state, cases FROM case_day_counts WHERE {narrowed} UNION ALL \
         SELECT day, kind, state, cases FROM case_count_changes WHERE {narrowed}) AS k GROUP BY k.day, k.kind, k.state"
    );
    conn.fetch_all(AssertSqlSafe(sql), args).await
}
