//! Whether the database holds a bank already.

use super::{DEMO, FOUNDED};
use crate::args;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::sessions::ADMINISTRATOR;

pub(super) async fn has_users(conn: &mut Conn) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM users LIMIT 1", args![]).await?;
    Ok(row.is_some())
}

pub(super) async fn holds_bank(conn: &mut Conn) -> Result<bool, Failure> {
    let sql = "SELECT name FROM facts WHERE name IN ($1, $2) UNION ALL SELECT id FROM users WHERE role = $3 LIMIT 1";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![FOUNDED, DEMO, ADMINISTRATOR]).await?;
    Ok(row.is_some())
}
