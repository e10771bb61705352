//! The tables of the database as its catalogue lists them, so that backup, restore and check include every table, also those of
//! later migrations, without a list of their own.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::database::{Conn, Engine};
use super::failure::Failure;

/// A table of the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    /// In their order in the table.
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: ColumnKind,
    /// Position in the primary key, from 1; 0: not part of it.
    pub key: i64,
    /// Numbered by the database (PostgreSQL).
    pub identity: bool,
}

/// The column types of the schema, the same on both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Text,
    Integer,
    Boolean,
}

impl Table {
    /// The names of the primary key's columns, in its order; all columns if there is no primary key.
    pub fn key(&self) -> Vec<&str> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        if key.is_empty() { self.columns.iter().map(|column| column.name.as_str()).collect() } else { names(key.into_iter()) }
    }
}

fn names<'c>(columns: impl Iterator<Item = &'c Column>) -> Vec<&'c str> {
    columns.map(|column| column.name.as_str()).collect()
}

/// A foreign key; its columns correspond to those it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ForeignKey {
    pub table: String,
    pub columns: Vec<String>,
    pub refers_to: String,
    pub referred: Vec<String>,
    /// The database has verified all rows.
    pub validated: bool,
}

/// A quoted name.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[derive(FromRow)]
struct ColumnRow {
    table_name: String,
    name: String,
    kind: String,
    key_position: i64,
    identity: bool,
}

/// All tables of the schema, sorted by name. The list of migrations and the tables of the engine itself are left out.
pub(super) async fn tables(conn: &mut Conn) -> Result<Vec<Table>, Failure> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT t.name AS table_name, c.name, lower(c.type) AS kind, c.pk AS key_position, FALSE AS identity \
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' AND t.name <> '_sqlx_migrations' ORDER BY t.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT CAST(t.relname AS TEXT) AS table_name, CAST(c.attname AS TEXT) AS name, format_type(c.atttypid, NULL) AS kind, \
             CAST(COALESCE(array_position(CAST(k.indkey AS INT2[]), c.attnum) + 1, 0) AS BIGINT) AS key_position, \
             c.attidentity <> '' AS identity \
             FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
             LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary \
             WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS regnamespace) AND t.relname <> '_sqlx_migrations' \
             ORDER BY t.relname COLLATE \"C\", c.attnum"
        }
    };
    let rows: Vec<ColumnRow> = conn.fetch_all(sql, Vec::new()).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        if tables.last().is_none_or(|table| table.name != row.table_name) {
            tables.push(Table { name: row.table_name.clone(), columns: Vec::new() });
        }
        let kind = match row.kind.as_str() {
            "text" => ColumnKind::Text,
            "bigint" | "integer" => ColumnKind::Integer,
            "boolean" => ColumnKind::Boolean,
            other => return Err(Failure::stored("catalogue", format!("{}.{} is {other}", row.table_name, row.name))),
        };
        if let Some(table) = tables.last_mut() {
            table.columns.push(Column { name: row.name, kind, key: row.key_position, identity: row.identity });
        }
    }
    Ok(tables)
}

#[derive(FromRow)]
struct ForeignKeyRow {
    id: i64,
    table_name: String,
    column_name: String,
    refers_to: String,
    referred_column: String,
    validated: bool,
}

/// All foreign keys of the schema.
pub(super) async fn foreign_keys(conn: &mut Conn) -> Result<Vec<ForeignKey>, Failure> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT f.id, t.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS refers_to, f.\"to\" AS referred_column, \
             TRUE AS validated FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' \
             ORDER BY t.name, f.id, f.seq"
        }
        Engine::Postgres => {
            "SELECT CAST(CAST(f.oid AS TEXT) AS BIGINT) AS id, CAST(t.relname AS TEXT) AS table_name, \
             CAST(c.attname AS TEXT) AS column_name, CAST(r.relname AS TEXT) AS refers_to, \
             CAST(d.attname AS TEXT) AS referred_column, f.convalidated AS validated \
             FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid \
             CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS pair(from_column, to_column, place) \
             JOIN pg_attribute c ON c.attrelid = f.conrelid AND c.attnum = pair.from_column \
             JOIN pg_attribute d ON d.attrelid = f.confrelid AND d.attnum = pair.to_column \
             WHERE f.contype = 'f' AND f.connamespace = CAST(current_schema() AS regnamespace) \
             ORDER BY t.relname COLLATE \"C\", f.oid, pair.place"
        }
    };
    let rows: Vec<ForeignKeyRow> = conn.fetch_all(sql, Vec::new()).await?;
    let mut keys: BTreeMap<(String, i64), ForeignKey> = BTreeMap::new();
    for row in rows {
        let key = keys.entry((row.table_name.clone(), row.id)).or_default();
        (key.table, key.refers_to, key.validated) = (row.table_name, row.refers_to, row.validated);
        key.columns.push(row.column_name);
        key.referred.push(row.referred_column);
    }
    Ok(keys.into_values().collect())
}

/// The tables in an order in which each comes after those it refers to.
pub(super) async fn tables_in_order(conn: &mut Conn) -> Result<Vec<Table>, Failure> {
    let mut left = tables(conn).await?;
    let keys = foreign_keys(conn).await?;
    let (mut placed, mut order) = (BTreeSet::new(), Vec::new());
    while !left.is_empty() {
        let ready = |table: &Table| {
            let mut needed = keys.iter().filter(|key| key.table == table.name).map(|key| &key.refers_to);
            needed.all(|name| *name == table.name || placed.contains(name))
        };
        let (now, later): (Vec<Table>, Vec<Table>) = left.into_iter().partition(ready);
        if now.is_empty() {
            let circle: Vec<&str> = later.iter().map(|table| table.name.as_str()).collect();
            return Err(Failure::stored("catalogue", format!("these tables refer to each other: {}", circle.join(", "))));
        }
        placed.extend(now.iter().map(|table| table.name.clone()));
        order.extend(now);
        left = later;
    }
    Ok(order)
}

/// The triggers of the schema by name; whether each also fires in a session that calls itself a replica (PostgreSQL).
pub(super) async fn triggers(conn: &mut Conn) -> Result<BTreeMap<String, bool>, Failure> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name, TRUE AS always FROM sqlite_schema WHERE type = 'trigger'",
        // A disabled trigger is as good as none.
        Engine::Postgres => {
            "SELECT CAST(g.tgname AS TEXT), g.tgenabled = 'A' FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid \
             WHERE NOT g.tgisinternal AND g.tgenabled IN ('A', 'O') AND t.relnamespace = CAST(current_schema() AS regnamespace)"
        }
    };
    let rows: Vec<(String, bool)> = conn.fetch_all(sql, Vec::new()).await?;
    Ok(rows.into_iter().collect())
}

/// The number of the last migration of the schema; `None` for a database without tables.
pub async fn schema(conn: &mut Conn) -> Result<Option<i64>, Failure> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'",
        Engine::Postgres => "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')",
    };
    let (migrated,): (i64,) = conn.fetch_one(sql, Vec::new()).await?;
    if migrated == 0 {
        return Ok(None);
    }
    let (last,): (Option<i64>,) = conn.fetch_one("SELECT MAX(version) FROM _sqlx_migrations WHERE success", Vec::new()).await?;
    Ok(last)
}
