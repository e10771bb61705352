//! Rows of `step_up_codes`.

use sqlx::{AssertSqlSafe, FromRow};

use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::ids::Key;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::CUSTOMER_PHONE;
use crate::kernel::time::At;
use crate::sessions::model::CustomerKind;

/// The name that separates the hashes of these codes from other blind indexes.
const INDEX: &str = "step_up_code";

/// Condition for a code of the user `$1` and session `$2` that can be given at `$3` with at most `$4` wrong tries: the customer
/// still has the number to which it was sent.
const OPEN: &str = "user_id = $1 AND session_id = $2 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $3 AND failures < $4 \
                    AND phone_index = (SELECT c.phone_index FROM users u JOIN customers c ON c.id = u.customer_id WHERE u.id = $1)";

/// What is hashed: the row is part of it, so that equal codes have different hashes.
fn hashed(id: &str, code: &str) -> String {
    format!("{id}/{code}")
}

/// The customer whom a code reaches.
#[derive(FromRow)]
pub(super) struct Recipient {
    pub customer_id: String,
    phone_sealed: String,
    pub phone_index: String,
    /// Whether the user has proven to hold this number.
    pub validated: bool,
}

impl Recipient {
    /// The number on file.
    pub fn phone(&self, seal: &Seal) -> Result<String, Failure> {
        seal.open(&CUSTOMER_PHONE, &self.customer_id, &self.phone_sealed)
    }
}

/// The customer for whom a user signs in, if it is a person: the number of a company is not its user's.
pub(super) async fn find_recipient(conn: &mut Conn, user_id: &str) -> Result<Option<Recipient>, Failure> {
    let sql = "SELECT c.id AS customer_id, c.phone_sealed, c.phone_index, \
               COALESCE(u.phone_validated_index = c.phone_index, FALSE) AS validated FROM users u JOIN customers c ON c.id = u.customer_id \
               WHERE u.id = $1 AND c.kind = $2";
    conn.fetch_optional(sql, args![user_id, CustomerKind::Personal.code()]).await
}

/// A number that a customer's users have validated stays validated under its new index.
pub(crate) async fn index_validated_phone(tx: &mut Tx, customer_id: &str, before: &str, now: &str) -> Result<(), Failure> {
    let sql = "UPDATE users SET phone_validated_index = $3 WHERE customer_id = $1 AND phone_validated_index = $2";
    tx.execute(sql, args![customer_id, before, now]).await?;
    Ok(())
}

/// When the code that this session can give was sent, and until when it is valid.
pub(super) async fn find_open(
    conn: &mut Conn,
    user_id: &str,
    session_id: &str,
    now: At,
    most: i64,
) -> Result<Option<(i64, i64)>, Failure> {
    let sql = format!("SELECT created_at, expires_at FROM step_up_codes WHERE {OPEN}");
    conn.fetch_optional(AssertSqlSafe(sql), args![user_id, session_id, now.0, most]).await
}

/// Whether a code was sent under this key.
pub(super) async fn is_taken(conn: &mut Conn, key: &Key) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM step_up_codes WHERE id = $1", args![key.as_str()]).await?;
    Ok(row.is_some())
}

/// How many codes that were not given a user was sent since a time, and when the latest of all.
pub(super) async fn count_sent(conn: &mut Conn, user_id: &str, since: At) -> Result<(i64, Option<i64>), Failure> {
    let sql = "SELECT COUNT(CASE WHEN created_at >= $2 AND used_at IS NULL THEN 1 END), MAX(created_at) FROM step_up_codes \
               WHERE user_id = $1";
    conn.fetch_one(sql, args![user_id, since.0]).await
}

/// Ends the open code of a user, of whatever session.
pub(in crate::sessions) async fn end_open(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    let sql = "UPDATE step_up_codes SET ended_at = $2 WHERE user_id = $1 AND used_at IS NULL AND ended_at IS NULL";
    let now = tx.now();
    tx.execute(sql, args![user_id, now.0]).await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut Tx,
    key: &Key,
    user_id: &str,
    session_id: &str,
    code: &str,
    phone_index: &str,
    until: At,
) -> Result<(), Failure> {
    let sql = "INSERT INTO step_up_codes (id, user_id, session_id, code_hash, phone_index, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (hash, now) = (tx.seal().index(INDEX, &hashed(key.as_str(), code)), tx.now());
    tx.execute(sql, args![key.as_str(), user_id, session_id, hash, phone_index, now.0, until.0]).await?;
    Ok(())
}

/// A code whose try was counted.
#[derive(FromRow)]
pub(super) struct TriedRow {
    pub id: String,
    code_hash: String,
    /// With this try.
    pub failures: i64,
}

impl TriedRow {
    /// Whether it is this code, under any sealing key.
    pub fn is(&self, code: &str, seal: &Seal) -> bool {
        seal.indexes(INDEX, &hashed(&self.id, code)).contains(&self.code_hash)
    }
}

/// Counts a try on the open code of a session before it is judged, and returns the code. The update locks its row.
pub(super) async fn count_try(tx: &mut Tx, user_id: &str, session_id: &str, most: i64) -> Result<Option<TriedRow>, Failure> {
    let sql = format!("UPDATE step_up_codes SET failures = failures + 1 WHERE {OPEN} RETURNING id, code_hash, failures");
    let now = tx.now();
    tx.fetch_optional(AssertSqlSafe(sql), args![user_id, session_id, now.0, most]).await
}

/// Uses a code and takes its counted try back; `false` if it was used or has ended.
pub(super) async fn use_code(tx: &mut Tx, id: &str) -> Result<bool, Failure> {
    let sql =
        "UPDATE step_up_codes SET used_at = $2, failures = failures - 1 WHERE id = $1 AND used_at IS NULL AND ended_at IS NULL";
    let now = tx.now();
    Ok(tx.execute(sql, args![id, now.0]).await? == 1)
}

/// The user has typed in a code that was sent to the number on file.
pub(super) async fn validate_phone(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    let sql = "UPDATE users SET phone_validated_at = $2, phone_validated_index = (SELECT c.phone_index FROM customers c \
               WHERE c.id = users.customer_id) WHERE id = $1";
    let now = tx.now();
    tx.execute(sql, args![user_id, now.0]).await?;
    Ok(())
}
