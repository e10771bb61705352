//! Loads a verified archive into a database that holds nothing, in one transaction.

use std::collections::BTreeMap;
use std::io::BufRead;

use scoped_futures::ScopedFutureExt;
use sqlx::AssertSqlSafe;

use super::{Line, WRITTEN_BY_TRIGGERS, next_line};
use crate::args;
use crate::kernel::bank::Bank;
use crate::kernel::catalog::{ColumnKind, Table, quoted, tables_in_order};
use crate::kernel::database::{Engine, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::keys::known_keys;

/// Tables that a new database has rows in. They are emptied before their rows are loaded; all others must be empty.
const FILLED_BY_MIGRATIONS: [&str; 6] =
    ["case_kinds", "change_turn", "reception_audiences", "retention", "role_permissions", "roles"];

/// Rows are sent in batches of at most this many bytes.
const BATCH: usize = 1 << 20;

/// Why an archive cannot be loaded; the database is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum Unloadable {
    #[error("this database is in use: table {0} has rows. A backup is restored into a new database")]
    InUse(String),
    #[error("the backup does not fit this schema: {0}")]
    Schema(String),
    #[error("sealing key {0} is missing or is another key: put the key files of the backed up bank into the data folder first")]
    Key(i64),
}

type Refused = Rejected<Unloadable>;

/// Loads an archive, which must have been verified, into a database with the archive's schema. `open` opens the file from its
/// beginning; it is called again if the transaction is repeated.
pub async fn load<R: BufRead + Send>(bank: &Bank, open: impl Fn() -> std::io::Result<R> + Sync) -> Result<(), Refused> {
    bank.write("restore", |tx| {
        let open = &open;
        async move { load_in(tx, open().map_err(unreadable)?).await }.scope_boxed()
    })
    .await
}

async fn load_in(tx: &mut Tx, mut from: impl BufRead + Send) -> Result<(), Refused> {
    if tx.engine() == Engine::Sqlite {
        // The order of rows within a table does not matter.
        tx.execute("PRAGMA defer_foreign_keys = ON", Vec::new()).await?;
    }
    let tables = tables_in_order(tx).await?;
    for table in tables.iter().filter(|table| !holds_rows_when_new(&table.name)) {
        let sql = format!("SELECT CAST(1 AS BIGINT) FROM {} LIMIT 1", quoted(&table.name));
        let row: Option<(i64,)> = tx.fetch_optional(AssertSqlSafe(sql), Vec::new()).await?;
        if row.is_some() {
            return Err(Rejected::Refused(Unloadable::InUse(table.name.clone())));
        }
    }
    // Those that refer to others first.
    for table in tables.iter().rev().filter(|table| FILLED_BY_MIGRATIONS.contains(&table.name.as_str())) {
        tx.execute(AssertSqlSafe(format!("DELETE FROM {}", quoted(&table.name))), Vec::new()).await?;
    }
    let mut loaded = BTreeMap::new();
    while let Some((line, _)) = next_line(&mut from).map_err(unreadable)? {
        if let Line::Begins(begins) = line {
            let table = tables.iter().find(|table| table.name == begins.table);
            let table = table.ok_or_else(|| does_not_fit(format!("there is no table {}", begins.table)))?;
            if WRITTEN_BY_TRIGGERS.contains(&table.name.as_str()) {
                tx.execute(AssertSqlSafe(format!("DELETE FROM {}", quoted(&table.name))), Vec::new()).await?;
            }
            let rows = load_table(tx, table, &begins.columns, &mut from).await?;
            loaded.insert(table.name.as_str(), rows);
        }
    }
    for table in &tables {
        continue_numbers(tx, table).await?;
        let sql = format!("SELECT COUNT(*) FROM {}", quoted(&table.name));
        let (rows,): (i64,) = tx.fetch_one(AssertSqlSafe(sql), Vec::new()).await?;
        if loaded.get(table.name.as_str()) != Some(&rows) {
            return Err(does_not_fit(format!("table {} has {rows} rows after loading", table.name)));
        }
    }
    // Release 0.1.0 did not register its key; it is verified when the bank is opened.
    if loaded.contains_key("seal_keys") {
        for key in known_keys(tx).await? {
            if !key.fits(&tx.seal()) {
                return Err(Rejected::Refused(Unloadable::Key(key.number)));
            }
        }
    }
    Ok(())
}

fn holds_rows_when_new(table: &str) -> bool {
    FILLED_BY_MIGRATIONS.contains(&table) || WRITTEN_BY_TRIGGERS.contains(&table)
}

/// Loads the rows up to the end of the table; returns their number.
async fn load_table(tx: &mut Tx, table: &Table, columns: &[String], from: &mut impl BufRead) -> Result<i64, Refused> {
    let sql = insert(tx.engine(), table, columns).map_err(does_not_fit)?;
    let (mut rows, mut batch) = (0, String::new());
    loop {
        let line = next_line(from).map_err(unreadable)?.map(|(line, _)| line);
        let row = if let Some(Line::Row(row)) = &line { Some(row) } else { None };
        if !batch.is_empty() && row.is_none_or(|row| batch.len() + row.len() > BATCH) {
            batch.push(']');
            rows += i64::try_from(tx.execute(AssertSqlSafe(sql.clone()), args![&batch]).await?).unwrap_or(i64::MAX);
            batch.clear();
        }
        let Some(row) = row else { return Ok(rows) };
        batch.push(if batch.is_empty() { '[' } else { ',' });
        batch.push_str(row);
    }
}

/// Inserts a JSON array of rows, which are arrays of values in the order of `columns`.
fn insert(engine: Engine, table: &Table, columns: &[String]) -> Result<String, String> {
    if columns.len() != table.columns.len() {
        return Err(format!("table {} has {} columns instead of {}", table.name, table.columns.len(), columns.len()));
    }
    let mut values = Vec::new();
    for (place, name) in columns.iter().enumerate() {
        let column = table.columns.iter().find(|column| column.name == *name);
        let column = column.ok_or_else(|| format!("table {} has no column {name}", table.name))?;
        values.push(match (engine, column.kind) {
            (Engine::Sqlite, _) | (Engine::Postgres, ColumnKind::Text) => format!("value ->> {place}"),
            (Engine::Postgres, ColumnKind::Integer) => format!("CAST(value ->> {place} AS BIGINT)"),
            (Engine::Postgres, ColumnKind::Boolean) => format!("CAST(value ->> {place} AS BOOLEAN)"),
        });
    }
    let (table, values) = (quoted(&table.name), values.join(", "));
    let columns = columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    Ok(match engine {
        Engine::Sqlite => format!("INSERT INTO {table} ({columns}) SELECT {values} FROM json_each($1)"),
        // Also values of columns that the database numbers by itself.
        Engine::Postgres => format!(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM jsonb_array_elements(CAST($1 AS JSONB)) AS value"
        ),
    })
}

/// Numbers that the database gives continue after the highest one. SQLite does that by itself.
async fn continue_numbers(tx: &mut Tx, table: &Table) -> Result<(), Failure> {
    for column in table.columns.iter().filter(|column| column.identity) {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence($1, $2), COALESCE(MAX({column}), 1), MAX({column}) IS NOT NULL) FROM {table}",
            column = quoted(&column.name),
            table = quoted(&table.name)
        );
        let _: (i64,) = tx.fetch_one(AssertSqlSafe(sql), args![quoted(&table.name), &column.name]).await?;
    }
    Ok(())
}

fn does_not_fit(why: String) -> Refused {
    Rejected::Refused(Unloadable::Schema(why))
}

fn unreadable(error: std::io::Error) -> Failure {
    Failure::Host(format!("the backup cannot be read: {error}"))
}
