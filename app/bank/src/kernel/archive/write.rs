//! Writes an archive from one snapshot of the database, row by row. The portal keeps running.

use std::io::Write;

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::{FORMAT, Header, Summary, TableBegins, TableEnds, WRITTEN_BY_TRIGGERS, hexadecimal};
use crate::kernel::catalog::{ColumnKind, Table, quoted, schema, tables_in_order};
use crate::kernel::database::{Db, Engine};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// Writes all rows of the database as of now. The caller makes the file durable.
pub async fn write(db: &Db, now: At, out: impl Write + Send) -> Result<Summary, Failure> {
    let (mut conn, engine) = (db.snapshot().await?, db.engine());
    let schema = schema(&mut conn).await?.ok_or_else(|| Failure::Host("the database has no tables".to_owned()))?;
    let mut lines = Lines { out, digest: Context::new(&SHA256) };
    lines.put(&Header { lobby_backup: FORMAT, schema, made_at: now.0 })?;
    let (mut all_tables, mut all_rows) = (0, 0);
    let mut tables = tables_in_order(&mut conn).await?;
    // A stable sort: the others keep their order.
    tables.sort_by_key(|table| WRITTEN_BY_TRIGGERS.contains(&table.name.as_str()));
    for table in tables {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        lines.put(&TableBegins { table: table.name.clone(), columns })?;
        let mut rows = 0;
        conn.for_each(AssertSqlSafe(select(&table, engine)), Vec::new(), |(row,): (String,)| {
            rows += 1;
            lines.line(&row)
        })
        .await?;
        lines.put(&TableEnds { rows })?;
        all_tables += 1;
        all_rows += rows;
    }
    let sha256 = hexadecimal(lines.digest.clone().finish().as_ref());
    let summary = Summary { tables: all_tables, all_rows, sha256 };
    lines.put(&summary)?;
    lines.out.flush().map_err(unwritable)?;
    Ok(summary)
}

/// Selects each row as a JSON array, in the order of the primary key.
fn select(table: &Table, engine: Engine) -> String {
    let values: Vec<String> = table
        .columns
        .iter()
        .map(|column| match column.kind {
            ColumnKind::Boolean => format!("CAST({} AS INTEGER)", quoted(&column.name)),
            ColumnKind::Text | ColumnKind::Integer => quoted(&column.name),
        })
        .collect();
    let values = values.join(", ");
    let row = match engine {
        Engine::Sqlite => format!("json_array({values})"),
        Engine::Postgres => format!("CAST(json_build_array({values}) AS TEXT)"),
    };
    let key: Vec<String> = table.key().into_iter().map(quoted).collect();
    format!("SELECT {row} FROM {} ORDER BY {}", quoted(&table.name), key.join(", "))
}

/// Writes lines and their checksum.
struct Lines<W> {
    out: W,
    digest: Context,
}

impl<W: Write> Lines<W> {
    fn put(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        self.line(&serde_json::to_string(line).map_err(|e| Failure::Host(e.to_string()))?)
    }

    fn line(&mut self, line: &str) -> Result<(), Failure> {
        for bytes in [line.as_bytes(), b"\n"] {
            self.digest.update(bytes);
            self.out.write_all(bytes).map_err(unwritable)?;
        }
        Ok(())
    }
}

fn unwritable(error: std::io::Error) -> Failure {
    Failure::Host(format!("the backup cannot be written: {error}"))
}
