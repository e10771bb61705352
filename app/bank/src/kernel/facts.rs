//! Named facts about this installation (table `facts`). The fact `demo` exists once the demo bank has been loaded.

use super::database::{Conn, Tx};
use super::failure::Failure;
use crate::args;

/// The value of a fact, `None` if it is not recorded.
pub async fn find_fact(conn: &mut Conn, name: &str) -> Result<Option<String>, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT value FROM facts WHERE name = $1", args![name]).await?;
    Ok(row.map(|(value,)| value))
}

/// Records a fact. Returns `false` and changes nothing if it is recorded already.
pub async fn insert_fact(tx: &mut Tx, name: &str, value: &str) -> Result<bool, Failure> {
    let sql = "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    Ok(tx.execute(sql, args![name, value]).await? == 1)
}

/// Records a fact, or replaces its value.
pub async fn put_fact(tx: &mut Tx, name: &str, value: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, args![name, value]).await?;
    Ok(())
}
