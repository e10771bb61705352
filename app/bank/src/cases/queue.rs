//! The desk's queue: cases waiting for an answer, the earliest due first, in pages. Three statements for any filter: the page,
//! the counts per kind, the number of waiting cases. Every filter of the page has an index, for one branch and for the whole bank
//! (`cases_queue…`, `cases_branch…`); the counts are stored (`records/counts.rs`). Each statement contains the caller's scope.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;
use sqlx::{AssertSqlSafe, FromRow};

use super::kind::CaseKind;
use super::model::{CaseLine, QueueCounts};
use super::records::{COUNTED, COUNTS_BATCH, LINE, LineRow, fold_batch};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Arg, Conn};
use crate::kernel::failure::{Failure, Rejected};
use crate::sessions::Scope;

/// Cases per page.
pub const PAGE_SIZE: i64 = 50;

/// The states the queue shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Cases waiting for an answer.
    #[default]
    Waiting,
    /// One state by its code.
    Only(String),
    /// All states, including final ones.
    All,
}

/// The filter of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    pub kind: Option<CaseKind>,
    pub branch: Option<String>,
    pub state: StateFilter,
    /// One case by its normalised number; the other filters are then ignored.
    pub number: Option<String>,
    /// Page number, from 1.
    pub page: i64,
}

/// One page of the queue with its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuePage {
    /// At most [`PAGE_SIZE`] cases.
    pub lines: Vec<CaseLine>,
    /// Number of cases that match the filter.
    pub total: i64,
    /// Number of cases per kind with the same branch and states, shown at the filters of the kinds.
    pub kinds: Vec<(CaseKind, i64)>,
    /// Number of waiting cases in scope, whatever the filter.
    pub waiting: i64,
}

#[derive(FromRow)]
struct KindCount {
    kind: String,
    found: i64,
}

/// One page of the queue for a staff member with this scope.
pub async fn queue(bank: &Bank, scope: &Scope, filter: &QueueFilter) -> Result<QueuePage, Failure> {
    let (condition, mut args) = condition(scope, filter);
    let mut conn = bank.read().await?;
    let page = filter.page.max(1);
    args.extend([Arg::Int(Some(PAGE_SIZE)), Arg::Int(Some((page - 1) * PAGE_SIZE))]);
    let (limit, offset) = (args.len() - 1, args.len());
    let sql = format!(
        "SELECT {LINE} FROM cases k JOIN customers c ON c.id = k.customer_id WHERE {condition} \
         ORDER BY k.due_at, k.number LIMIT ${limit} OFFSET ${offset}"
    );
    let rows: Vec<LineRow> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let (condition, args) = self::condition(scope, &QueueFilter { kind: None, number: None, ..filter.clone() });
    let sql = format!("SELECT k.kind, CAST(SUM(k.cases) AS BIGINT) AS found FROM {COUNTED} WHERE {condition} GROUP BY k.kind");
    let counts: Vec<KindCount> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let waiting = count_waiting(&mut conn, scope).await?;
    let found = |kind: CaseKind| counts.iter().find(|row| row.kind == kind.code()).map_or(0, |row| row.found);
    let lines = rows.into_iter().map(LineRow::read).collect::<Result<Vec<_>, _>>()?;
    let total = match (&filter.number, filter.kind) {
        (Some(_), _) => i64::try_from(lines.len()).unwrap_or(PAGE_SIZE),
        (None, Some(kind)) => found(kind),
        (None, None) => counts.iter().map(|row| row.found).sum(),
    };
    Ok(QueuePage { lines, total, kinds: CaseKind::all().map(|kind| (kind, found(kind))).collect(), waiting })
}

/// The counts for the live update of the list.
pub async fn queue_changes(bank: &Bank, scope: &Scope) -> Result<QueueCounts, Failure> {
    Ok(QueueCounts { waiting: count_waiting(&mut bank.read().await?, scope).await? })
}

/// Adds the pending differences to the stored counts until none is left; returns their number. For the worker.
pub async fn fold_counts(bank: &Bank) -> Result<u64, Failure> {
    let mut folded = 0;
    loop {
        let batch = bank.write::<_, Infallible, _>("fold_counts", |tx| async move { Ok(fold_batch(tx).await?) }.scope_boxed());
        let batch = batch.await.map_err(Rejected::into_failure)?;
        folded += batch;
        if batch < COUNTS_BATCH {
            return Ok(folded);
        }
    }
}

async fn count_waiting(conn: &mut Conn, scope: &Scope) -> Result<i64, Failure> {
    let mut args = Vec::new();
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!("SELECT CAST(COALESCE(SUM(k.cases), 0) AS BIGINT) FROM {COUNTED} WHERE {scoped} AND k.waiting = TRUE");
    let (waiting,): (i64,) = conn.fetch_one(AssertSqlSafe(sql), args).await?;
    Ok(waiting)
}

/// The SQL condition of scope and filter. Values are bound; only column names are formatted into the text.
fn condition(scope: &Scope, filter: &QueueFilter) -> (String, Vec<Arg>) {
    let mut args = Vec::new();
    let mut parts = vec![scope.condition("k.branch_id", &mut args)];
    let mut equals = |column: &str, value: &str| {
        args.push(Arg::from(value));
        parts.push(format!("{column} = ${}", args.len()));
    };
    if let Some(number) = &filter.number {
        equals("k.number", number);
        return (parts.join(" AND "), args);
    }
    if let Some(kind) = filter.kind {
        equals("k.kind", kind.code());
    }
    if let Some(branch) = &filter.branch {
        equals("k.branch_id", branch);
    }
    if let StateFilter::Only(state) = &filter.state {
        equals("k.state", state);
    }
    if filter.state == StateFilter::Waiting {
        // `= TRUE`: SQLite does not use an index for a bare boolean column.
        parts.push("k.waiting = TRUE".into());
    }
    (parts.join(" AND "), args)
}
