//! Rows of `seal_keys`, and the sealed values of all sealed columns.

use sqlx::{AssertSqlSafe, FromRow};

use super::KnownKey;
use crate::args;
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::seal::columns::SealedColumn;

#[derive(FromRow)]
struct KeyRow {
    id: i64,
    check_sealed: String,
    resealed: bool,
}

/// A sealed value with the key of its row.
#[derive(FromRow)]
pub(super) struct Value {
    key_1: String,
    key_2: String,
    key_3: String,
    pub sealed: String,
}

impl Value {
    /// The row id in the value's associated data.
    pub fn row(&self) -> String {
        self.key().join("/")
    }

    /// The values of the primary key columns.
    pub fn key(&self) -> Vec<String> {
        [&self.key_1, &self.key_2, &self.key_3].into_iter().filter(|part| !part.is_empty()).cloned().collect()
    }
}

pub(super) async fn list_keys(conn: &mut Conn) -> Result<Vec<KnownKey>, Failure> {
    let sql = "SELECT id, check_sealed, resealed_at IS NOT NULL AS resealed FROM seal_keys ORDER BY id";
    let rows: Vec<KeyRow> = conn.fetch_all(sql, Vec::new()).await?;
    Ok(rows.into_iter().map(|row| KnownKey { number: row.id, check: row.check_sealed, resealed: row.resealed }).collect())
}

pub(super) async fn insert_key(tx: &mut Tx, number: i64, check: &str) -> Result<bool, Failure> {
    let now = tx.now();
    let sql = "INSERT INTO seal_keys (id, check_sealed, made_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    Ok(tx.execute(sql, args![number, check, now.0]).await? == 1)
}

pub(super) async fn mark_resealed(tx: &mut Tx, number: i64) -> Result<(), Failure> {
    let now = tx.now();
    tx.execute("UPDATE seal_keys SET resealed_at = $2 WHERE id = $1", args![number, now.0]).await?;
    Ok(())
}

/// Whether a column holds any value.
pub(super) async fn any(conn: &mut Conn, column: &SealedColumn) -> Result<bool, Failure> {
    let sql = format!("SELECT {0} FROM {1} WHERE {0} IS NOT NULL LIMIT 1", column.name, column.table);
    let found: Option<(String,)> = conn.fetch_optional(AssertSqlSafe(sql), Vec::new()).await?;
    Ok(found.is_some())
}

/// Values that are not sealed under this key, ordered by primary key, starting after `after`.
pub(super) async fn list_unsettled(
    conn: &mut Conn,
    column: &SealedColumn,
    newest: i64,
    limit: i64,
    after: &[String],
) -> Result<Vec<Value>, Failure> {
    let part = |place: usize| column.key.get(place).copied().unwrap_or("''");
    let places: Vec<String> = (3..).zip(column.key).map(|(place, _)| format!("${place}")).collect();
    let keys = column.key.join(", ");
    let sql = format!(
        "SELECT {} AS key_1, {} AS key_2, {} AS key_3, {name} AS sealed FROM {} \
         WHERE {name} IS NOT NULL AND {name} NOT LIKE $1 AND ({keys}) > ({}) ORDER BY {keys} LIMIT $2",
        part(0),
        part(1),
        part(2),
        column.table,
        places.join(", "),
        name = column.name
    );
    let mut args = args![format!("{newest}:%"), limit];
    args.extend(after.iter().map(Arg::from));
    conn.fetch_all(AssertSqlSafe(sql), args).await
}

/// Selects all values of a column, ordered by primary key.
pub(super) fn select_values(column: &SealedColumn) -> String {
    let part = |place: usize| column.key.get(place).copied().unwrap_or("''");
    format!(
        "SELECT {} AS key_1, {} AS key_2, {} AS key_3, {name} AS sealed FROM {} WHERE {name} IS NOT NULL ORDER BY {}",
        part(0),
        part(1),
        part(2),
        column.table,
        column.key.join(", "),
        name = column.name
    )
}

/// Replaces a value by its resealed form. Returns 0 if it has changed since it was read.
pub(super) async fn replace(tx: &mut Tx, column: &SealedColumn, value: &Value, sealed: &str) -> Result<u64, Failure> {
    let row: Vec<String> = (3..).zip(column.key).map(|(place, key)| format!("{key} = ${place}")).collect();
    let sql = format!("UPDATE {0} SET {1} = $1 WHERE {1} = $2 AND {2}", column.table, column.name, row.join(" AND "));
    let mut args = args![sealed, &value.sealed];
    args.extend(value.key().into_iter().map(Arg::from));
    tx.execute(AssertSqlSafe(sql), args).await
}
