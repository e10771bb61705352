//! Rows of `activations`, and the columns of `users` that an activation changes.

use sqlx::{AssertSqlSafe, FromRow};

use super::attempt_records::clear_user;
use super::records::lock_user;
use crate::args;
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::ids::Key;
use crate::kernel::seal::columns::{CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::{At, Day, parse_day};

#[derive(FromRow)]
pub(super) struct LinkRow {
    pub id: String,
    pub user_id: String,
    pub sign_in_name: String,
    pub name: String,
}

/// Appends the values to `args` and returns their placeholders: `$3, $4`.
fn places(args: &mut Vec<Arg>, values: &[String]) -> String {
    let from = args.len() + 1;
    args.extend(values.iter().map(Arg::from));
    (from..=args.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// Lifts the locks after failed sign-ins, and locks the user's row until the commit: in the order of a sign-in.
pub(super) async fn unlock(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    clear_user(tx, user_id).await?;
    lock_user(tx, user_id).await
}

/// Ends the open activation of a user.
pub(super) async fn end_open(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    let sql = "UPDATE activations SET ended_at = $2 WHERE user_id = $1 AND used_at IS NULL AND ended_at IS NULL";
    let now = tx.now();
    tx.execute(sql, args![user_id, now.0]).await?;
    Ok(())
}

pub(super) async fn insert_activation(
    tx: &mut Tx,
    id: &str,
    user_id: &str,
    kind: &str,
    secret_hash: &str,
    by: Option<&str>,
    expires_at: At,
) -> Result<(), Failure> {
    let sql = "INSERT INTO activations (id, user_id, kind, secret_hash, created_at, created_by, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let now = tx.now();
    tx.execute(sql, args![id, user_id, kind, secret_hash, now.0, by, expires_at.0]).await?;
    Ok(())
}

/// The open link with one of these hashes, unless its user has left.
pub(super) async fn find_link(conn: &mut Conn, hashes: &[String], now: At) -> Result<Option<LinkRow>, Failure> {
    let mut args = args![now.0, now.day().to_string()];
    let hashes = places(&mut args, hashes);
    let sql = format!(
        "SELECT a.id, a.user_id, u.sign_in_name, u.name FROM activations a JOIN users u ON u.id = a.user_id \
         WHERE a.secret_hash IN ({hashes}) AND a.kind = 'link' AND a.used_at IS NULL AND a.ended_at IS NULL AND a.expires_at > $1 \
         AND (u.left_on IS NULL OR u.left_on > $2)"
    );
    conn.fetch_optional(AssertSqlSafe(sql), args).await
}

/// The sign-in name of the user for whom the form with this key has used the secret with one of these hashes.
pub(super) async fn find_used(conn: &mut Conn, hashes: &[String], key: &Key) -> Result<Option<String>, Failure> {
    let mut args = args![key.as_str()];
    let hashes = places(&mut args, hashes);
    let sql = format!(
        "SELECT u.sign_in_name FROM activations a JOIN users u ON u.id = a.user_id \
         WHERE a.secret_hash IN ({hashes}) AND a.used_key = $1"
    );
    let row: Option<(String,)> = conn.fetch_optional(AssertSqlSafe(sql), args).await?;
    Ok(row.map(|(name,)| name))
}

/// Uses an activation; `false` if it has been used, has ended or has expired meanwhile.
pub(super) async fn use_activation(tx: &mut Tx, id: &str, key: &Key) -> Result<bool, Failure> {
    let sql = "UPDATE activations SET used_at = $2, used_key = $3 WHERE id = $1 AND used_at IS NULL AND ended_at IS NULL \
               AND expires_at > $2";
    let now = tx.now();
    Ok(tx.execute(sql, args![id, now.0, key.as_str()]).await? == 1)
}

/// Sets a password and lifts the locks; `false` if the user has left. `needs_factor`: it is too short without a second factor.
pub(super) async fn set_password(tx: &mut Tx, user_id: &str, password_hash: &str, needs_factor: bool) -> Result<bool, Failure> {
    clear_user(tx, user_id).await?;
    let sql = "UPDATE users SET password_hash = $2, password_needs_factor = $4 \
               WHERE id = $1 AND (left_on IS NULL OR left_on > $3)";
    let today = tx.now().day();
    Ok(tx.execute(sql, args![user_id, password_hash, today.to_string(), needs_factor]).await? == 1)
}

/// A code whose attempt was counted.
#[derive(FromRow)]
pub(super) struct CodeRow {
    pub id: String,
    pub user_id: String,
    pub sign_in_name: String,
    pub secret_hash: String,
}

/// The id of the customer with the number `$1`, or of the one for whom somebody signs in under this name.
const CLAIMED: &str =
    "COALESCE((SELECT id FROM customers WHERE number = $1), (SELECT customer_id FROM users WHERE sign_in_name = $1))";

/// Counts an attempt on every open code of the customer claimed, and returns those codes. The update locks their rows.
pub(super) async fn count_attempt(tx: &mut Tx, number: &str, limit: i64) -> Result<Vec<CodeRow>, Failure> {
    let sql = format!(
        "UPDATE activations SET failures = failures + 1 WHERE kind = 'code' AND used_at IS NULL AND ended_at IS NULL \
         AND expires_at > $2 AND failures < $3 AND user_id IN (SELECT u.id FROM users u WHERE u.customer_id = {CLAIMED} \
         AND (u.left_on IS NULL OR u.left_on > $4)) RETURNING id, user_id, \
         (SELECT sign_in_name FROM users WHERE users.id = activations.user_id) AS sign_in_name, secret_hash"
    );
    let now = tx.now();
    tx.fetch_all(AssertSqlSafe(sql), args![number, now.0, limit, now.day().to_string()]).await
}

/// What a customer proves who they are with.
pub(super) struct Identity {
    pub number: String,
    pub id_number: String,
    pub phone: String,
    pub born: Option<Day>,
}

/// The customer claimed, with the ID and phone number opened.
pub(super) async fn find_identity(tx: &mut Tx, number: &str) -> Result<Option<Identity>, Failure> {
    let sql = format!("SELECT id, id_sealed, phone_sealed, number, birth_day FROM customers WHERE id = {CLAIMED}");
    let row: Option<(String, String, String, String, Option<String>)> =
        tx.fetch_optional(AssertSqlSafe(sql), args![number]).await?;
    let Some((id, id_sealed, phone_sealed, number, birth_day)) = row else { return Ok(None) };
    let seal = tx.seal();
    let (id_number, phone) = (seal.open(&CUSTOMER_ID, &id, &id_sealed)?, seal.open(&CUSTOMER_PHONE, &id, &phone_sealed)?);
    Ok(Some(Identity { number, id_number, phone, born: birth_day.as_deref().and_then(parse_day) }))
}

/// Ends the open codes of the customer claimed that have no attempt left.
pub(super) async fn end_exhausted(tx: &mut Tx, number: &str, limit: i64) -> Result<(), Failure> {
    let sql = format!(
        "UPDATE activations SET ended_at = $2 WHERE kind = 'code' AND used_at IS NULL AND ended_at IS NULL AND failures >= $3 \
         AND user_id IN (SELECT u.id FROM users u WHERE u.customer_id = {CLAIMED})"
    );
    let now = tx.now();
    tx.execute(AssertSqlSafe(sql), args![number, now.0, limit]).await?;
    Ok(())
}

/// Takes a counted attempt back from codes that were not meant.
pub(super) async fn give_back(tx: &mut Tx, ids: &[&str]) -> Result<(), Failure> {
    for id in ids {
        tx.execute("UPDATE activations SET failures = failures - 1 WHERE id = $1", args![*id]).await?;
    }
    Ok(())
}

/// Whether an activation was made under this key.
pub(super) async fn is_taken(conn: &mut Conn, key: &Key) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM activations WHERE id = $1", args![key.as_str()]).await?;
    Ok(row.is_some())
}

/// Whether a user has no password and has not left.
pub(super) async fn awaits_password(tx: &mut Tx, user_id: &str) -> Result<bool, Failure> {
    let sql = "SELECT id FROM users WHERE id = $1 AND password_hash = '' AND (left_on IS NULL OR left_on > $2)";
    let today = tx.now().day();
    let row: Option<(String,)> = tx.fetch_optional(sql, args![user_id, today.to_string()]).await?;
    Ok(row.is_some())
}

pub(super) async fn take_password(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE users SET password_hash = '', password_needs_factor = FALSE WHERE id = $1", args![user_id]).await?;
    Ok(())
}

pub(super) async fn end_sessions(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    let now = tx.now();
    let sql = "UPDATE sessions SET ended_at = $2, ended_by = 'bank' WHERE user_id = $1 AND ended_at IS NULL";
    tx.execute(sql, args![user_id, now.0]).await?;
    Ok(())
}
