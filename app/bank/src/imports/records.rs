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

/// The newest sealing key that is registered.
pub(super) async fn newest_key(conn: &mut Conn) -> Result<Option<i64>, Failure> {
    let (key,): (Option<i64>,) = conn.fetch_one("SELECT MAX(id) FROM seal_keys", Vec::new()).await?;
    Ok(key)
}

pub(super) async fn insert_run(tx: &mut Tx, run: &str, kind: ImportKind, key: Option<i64>) -> Result<(), Failure> {
    let sql = "INSERT INTO import_runs (id, kind, started_at, seal_key) VALUES ($1, $2, $3, $4)";
    let now = tx.now();
    tx.execute(sql, args![run, kind.code(), now.0, key]).await?;
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

/// Removes up to `limit` staged rows of a table, and the runs once no row is left; `true` if there may be more. Only one
/// import runs at a time, so all staged rows are of runs that have ended.
pub(super) async fn remove_staged(tx: &mut Tx, limit: i64) -> Result<bool, Failure> {
    for table in STAGING {
        let row = if tx.engine() == Engine::Sqlite { "rowid" } else { "ctid" };
        let sql = format!("DELETE FROM {table} WHERE {row} IN (SELECT {row} FROM {table} LIMIT $1)");
        if tx.execute(AssertSqlSafe(sql), args![limit]).await? > 0 {
            return Ok(true);
        }
    }
    tx.execute("DELETE FROM import_runs", Vec::new()).await?;
    Ok(false)
}

/// Whether there is anything to remove.
pub(super) async fn holds_runs(conn: &mut Conn) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM import_runs LIMIT 1", Vec::new()).await?;
    Ok(row.is_some())
}

/// The statements that copy many rows may take longer than those of a page.
pub(super) async fn allow_time(tx: &mut Tx) -> Result<(), Failure> {
    if tx.engine() == Engine::Postgres {
        tx.execute("SET LOCAL statement_timeout = '300s'", Vec::new()).await?;
    }
    Ok(())
}
