//! Rows of `import_runs` and of the staging tables.

use sqlx::AssertSqlSafe;

use super::model::ImportKind;
use crate::args;
use crate::kernel::database::{Arg, Conn, Engine, Tx};
use crate::kernel::failure::Failure;

/// The staging tables.
const STAGING: [&str; 4] = ["import_customers", "import_users", "import_accounts", "import_holdings"];

/// Bound values per statement; both engines allow at least 32,000.
const VALUES: usize = 8_000;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunState {
    /// Its rows are staged.
    Staging,
    /// Everything staged will be written; new rows come first and are hidden.
    Decided,
    /// Its new rows are seen; changes are being written.
    Published,
    /// Its staged rows are being removed.
    Dropped,
}

impl RunState {
    const ALL: [Self; 4] = [Self::Staging, Self::Decided, Self::Published, Self::Dropped];

    const fn code(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Decided => "decided",
            Self::Published => "published",
            Self::Dropped => "dropped",
        }
    }
}

/// A run that has not ended.
pub(super) struct Run {
    pub id: String,
    pub kind: ImportKind,
    pub state: RunState,
}

/// The staged rows of the next customers of a run, in the order of their ids.
pub(crate) struct Portion<'p> {
    pub run: &'p str,
    /// New rows; otherwise changes.
    pub fresh: bool,
    /// Id of the last customer.
    pub last: &'p str,
}

impl Portion<'_> {
    /// The values of a statement on these rows: run, fresh, last.
    pub(crate) fn args(&self) -> Vec<Arg> {
        args![self.run, self.fresh, self.last]
    }
}

/// The staging tables of a kind, with the column that holds the customer's id.
const fn tables(kind: ImportKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ImportKind::Customers => &[("import_customers", "id"), ("import_users", "customer_id")],
        ImportKind::Accounts => &[("import_accounts", "customer_id")],
        _ => &[("import_holdings", "customer_id")],
    }
}

/// The condition that a row of `table` is no new row of a run that is still being written. `table` has a column `import_run`.
pub(crate) fn published(table: &str) -> String {
    format!("NOT EXISTS (SELECT 1 FROM import_runs r WHERE r.id = {table}.import_run AND r.state = 'decided')")
}

/// The newest sealing key that is registered.
pub(super) async fn newest_key(conn: &mut Conn) -> Result<Option<i64>, Failure> {
    let (key,): (Option<i64>,) = conn.fetch_one("SELECT MAX(id) FROM seal_keys", Vec::new()).await?;
    Ok(key)
}

pub(super) async fn insert_run(tx: &mut Tx, run: &str, kind: ImportKind, key: Option<i64>) -> Result<(), Failure> {
    let sql = "INSERT INTO import_runs (id, kind, started_at, seal_key, state) VALUES ($1, $2, $3, $4, $5)";
    let now = tx.now();
    tx.execute(sql, args![run, kind.code(), now.0, key, RunState::Staging.code()]).await?;
    Ok(())
}

/// The first run that has not ended.
pub(super) async fn find_run(conn: &mut Conn) -> Result<Option<Run>, Failure> {
    let sql = "SELECT id, kind, state FROM import_runs ORDER BY started_at, id LIMIT 1";
    let row: Option<(String, String, String)> = conn.fetch_optional(sql, Vec::new()).await?;
    let Some((id, kind, state)) = row else { return Ok(None) };
    let kind = ImportKind::parse(&kind).ok_or_else(|| Failure::stored("import_runs.kind", &kind))?;
    let known = RunState::ALL.into_iter().find(|known| known.code() == state);
    Ok(Some(Run { id, kind, state: known.ok_or_else(|| Failure::stored("import_runs.state", &state))? }))
}

/// Whether a run holds rows that are decided and not all written.
pub(super) async fn holds_decided(conn: &mut Conn) -> Result<bool, Failure> {
    let sql = "SELECT id FROM import_runs WHERE state IN ($1, $2) LIMIT 1";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![RunState::Decided.code(), RunState::Published.code()]).await?;
    Ok(row.is_some())
}

/// Changes the state of a run, or only locks its row if both states are the same; `false` if it is in another one or has ended.
pub(super) async fn turn_run(tx: &mut Tx, run: &str, from: RunState, to: RunState) -> Result<bool, Failure> {
    let sql = "UPDATE import_runs SET state = $3 WHERE id = $1 AND state = $2";
    Ok(tx.execute(sql, args![run, from.code(), to.code()]).await? == 1)
}

pub(super) async fn delete_run(tx: &mut Tx, run: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM import_runs WHERE id = $1", args![run]).await?;
    Ok(())
}

/// Inserts rows into a staging table. `columns` begins with `run_id`; its value is not among those of a row.
pub(crate) async fn stage_rows(
    tx: &mut Tx,
    run: &str,
    table: &'static str,
    columns: &'static [&'static str],
    rows: &[Vec<Arg>],
) -> Result<(), Failure> {
    for part in rows.chunks((VALUES / columns.len()).max(1)) {
        let mut args = args![run];
        let mut tuples = Vec::with_capacity(part.len());
        for row in part {
            let from = args.len() + 1;
            args.extend(row.iter().cloned());
            let places: Vec<String> = (from..=args.len()).map(|place| format!("${place}")).collect();
            tuples.push(format!("($1, {})", places.join(", ")));
        }
        let sql = format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), tuples.join(", "));
        tx.execute(AssertSqlSafe(sql), args).await?;
    }
    Ok(())
}

/// The id of the last of the next customers, at most `limit`, with staged rows of this sort; `None` if none is left.
pub(super) async fn end_of_portion(tx: &mut Tx, run: &Run, fresh: bool, limit: i64) -> Result<Option<String>, Failure> {
    let leg = |(table, customer): &(&str, &str)| {
        format!(
            "SELECT customer FROM (SELECT {customer} AS customer FROM {table} WHERE run_id = $1 AND fresh = $2 \
             ORDER BY {customer} LIMIT $3) {table}"
        )
    };
    let legs: Vec<String> = tables(run.kind).iter().map(leg).collect();
    let sql = format!("SELECT MAX(customer) FROM ({} ORDER BY customer LIMIT $3) portion", legs.join(" UNION "));
    let (last,): (Option<String>,) = tx.fetch_one(AssertSqlSafe(sql), args![&run.id, fresh, limit]).await?;
    Ok(last)
}

/// Removes the staged rows of a portion that has been written.
pub(super) async fn delete_portion(tx: &mut Tx, run: &Run, portion: &Portion<'_>) -> Result<(), Failure> {
    for (table, customer) in tables(run.kind) {
        let sql = format!("DELETE FROM {table} WHERE run_id = $1 AND fresh = $2 AND {customer} <= $3");
        tx.execute(AssertSqlSafe(sql), portion.args()).await?;
    }
    Ok(())
}

/// Removes up to `limit` staged rows of a run; `false` if there was none.
pub(super) async fn remove_staged(tx: &mut Tx, run: &str, limit: i64) -> Result<bool, Failure> {
    for table in STAGING {
        let row = if tx.engine() == Engine::Sqlite { "rowid" } else { "ctid" };
        let sql = format!("DELETE FROM {table} WHERE {row} IN (SELECT {row} FROM {table} WHERE run_id = $1 LIMIT $2)");
        if tx.execute(AssertSqlSafe(sql), args![run, limit]).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A column whose values are unique in the bank. The staged rows have a column of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    CustomerId,
    CustomerNumber,
    UserId,
    SignInName,
    AccountId,
    AccountNumber,
}

impl Unique {
    const ALL: [Self; 6] =
        [Self::CustomerId, Self::CustomerNumber, Self::UserId, Self::SignInName, Self::AccountId, Self::AccountNumber];

    /// Table and column.
    const fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::CustomerId => ("customers", "id"),
            Self::CustomerNumber => ("customers", "number"),
            Self::UserId => ("users", "id"),
            Self::SignInName => ("users", "sign_in_name"),
            Self::AccountId => ("accounts", "id"),
            Self::AccountNumber => ("accounts", "number_index"),
        }
    }
}

/// Whether a new row that an import has staged has one of these values. Who enters a row asks this in their transaction, after
/// taking the turn (`administration::take_turn`): what is decided can then always be written.
pub(crate) async fn is_claimed(tx: &mut Tx, unique: Unique, values: &[String]) -> Result<bool, Failure> {
    let (table, column) = unique.column();
    let staged = format!("SELECT {column} FROM import_{table} WHERE fresh AND {column}");
    holds(tx, &staged, values.iter().map(Arg::from).collect()).await
}

/// Whether a row that stands has one of these values. An import asks this under the turn before it stages new rows with them.
pub(super) async fn is_taken(tx: &mut Tx, claims: &[(Unique, Arg)]) -> Result<bool, Failure> {
    for unique in Unique::ALL {
        let (table, column) = unique.column();
        let values = claims.iter().filter(|(of, _)| *of == unique).map(|(_, value)| value.clone());
        if holds(tx, &format!("SELECT {column} FROM {table} WHERE {column}"), values.collect()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `select`, which ends with a column, finds one of these values in it.
async fn holds(tx: &mut Tx, select: &str, values: Vec<Arg>) -> Result<bool, Failure> {
    if values.is_empty() {
        return Ok(false);
    }
    let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
    let sql = format!("{select} IN ({}) LIMIT 1", places.join(", "));
    let row: Option<(String,)> = tx.fetch_optional(AssertSqlSafe(sql), values).await?;
    Ok(row.is_some())
}
