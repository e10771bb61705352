//! Rows of `passkey_users`, `passkeys` and `passkey_challenges`.

use sqlx::FromRow;

use super::ceremony::{Begun, NewPasskey};
use super::model::{CHALLENGE_MINUTES, Ceremony, Ways};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

#[derive(FromRow)]
pub(super) struct ListedRow {
    pub id: String,
    pub name: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

#[derive(FromRow)]
pub(super) struct CredentialRow {
    pub id: String,
    pub credential_id: String,
    pub public_key: String,
    pub may_be_copied: bool,
    pub transports: i64,
    pub sign_count: i64,
}

#[derive(FromRow)]
pub(super) struct ChallengeRow {
    pub challenge: String,
    pub state: String,
    pub options: String,
    pub expires_at: i64,
}

pub(super) async fn list(conn: &mut Conn, user_id: &str) -> Result<Vec<ListedRow>, Failure> {
    let sql = "SELECT id, name, created_at, last_used_at FROM passkeys WHERE user_id = $1 ORDER BY created_at, id";
    conn.fetch_all(sql, args![user_id]).await
}

pub(super) async fn list_credentials(conn: &mut Conn, user_id: &str) -> Result<Vec<CredentialRow>, Failure> {
    let sql = "SELECT id, credential_id, public_key, may_be_copied, transports, sign_count FROM passkeys WHERE user_id = $1 ORDER BY id";
    conn.fetch_all(sql, args![user_id]).await
}

pub(super) async fn find_ways(conn: &mut Conn, user_id: &str) -> Result<Ways, Failure> {
    let sql = "SELECT (SELECT COUNT(*) FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL), \
               (SELECT COUNT(*) FROM passkeys WHERE user_id = $1)";
    let (apps, passkeys): (i64, i64) = conn.fetch_one(sql, args![user_id]).await?;
    Ok(Ways { app: apps > 0, passkey: passkeys > 0 })
}

/// The handle by which authenticators know this user; the first one offered is kept.
pub(super) async fn keep_handle(tx: &mut Tx, user_id: &str, offered: &str) -> Result<String, Failure> {
    let sql = "INSERT INTO passkey_users (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING";
    tx.execute(sql, args![user_id, offered]).await?;
    handle(tx, user_id).await
}

pub(super) async fn handle(conn: &mut Conn, user_id: &str) -> Result<String, Failure> {
    let (handle,): (String,) = conn.fetch_one("SELECT handle FROM passkey_users WHERE user_id = $1", args![user_id]).await?;
    Ok(handle)
}

/// Stores what a session is asked; what it was asked before can no longer be answered.
pub(super) async fn put_challenge(tx: &mut Tx, session_id: &str, ceremony: Ceremony, begun: &Begun) -> Result<(), Failure> {
    let sql = "INSERT INTO passkey_challenges (session_id, act, challenge, state, options, expires_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (session_id, act) DO UPDATE SET challenge = excluded.challenge, state = excluded.state, \
               options = excluded.options, expires_at = excluded.expires_at";
    let until = tx.now().plus_minutes(CHALLENGE_MINUTES);
    let values = args![session_id, ceremony.code(), &begun.challenge, &begun.state, &begun.options, until.0];
    tx.execute(sql, values).await?;
    Ok(())
}

pub(super) async fn find_challenge(
    conn: &mut Conn,
    session_id: &str,
    ceremony: Ceremony,
) -> Result<Option<ChallengeRow>, Failure> {
    let sql = "SELECT challenge, state, options, expires_at FROM passkey_challenges WHERE session_id = $1 AND act = $2";
    conn.fetch_optional(sql, args![session_id, ceremony.code()]).await
}

/// Takes the open challenge that this answer is for, so that it is answered once; `None`: none is open, or another one.
pub(super) async fn take_challenge(
    tx: &mut Tx,
    session_id: &str,
    ceremony: Ceremony,
    challenge: &str,
) -> Result<Option<ChallengeRow>, Failure> {
    let open = find_challenge(tx, session_id, ceremony).await?.filter(|open| open.challenge == challenge);
    let sql = "DELETE FROM passkey_challenges WHERE session_id = $1 AND act = $2 AND challenge = $3";
    let taken = tx.execute(sql, args![session_id, ceremony.code(), challenge]).await? == 1;
    Ok(open.filter(|_| taken))
}

/// Whether a passkey of this user has this name.
pub(super) async fn has_name(conn: &mut Conn, user_id: &str, name: &str) -> Result<bool, Failure> {
    let sql = "SELECT id FROM passkeys WHERE user_id = $1 AND name = $2";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![user_id, name]).await?;
    Ok(row.is_some())
}

/// Stores a passkey; `false` if somebody has it already.
pub(super) async fn insert(tx: &mut Tx, user_id: &str, name: &str, new: &NewPasskey) -> Result<bool, Failure> {
    let sql = "INSERT INTO passkeys (id, user_id, name, credential_id, public_key, may_be_copied, transports, sign_count, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (credential_id) DO NOTHING";
    let (id, now) = (tx.new_id()?, tx.now());
    let values =
        args![id, user_id, name, &new.credential_id, &new.public_key, new.may_be_copied, new.transports, new.sign_count, now.0];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Stores a use; `false` if the counter would not grow, or the passkey was removed. A counter of 0 means that the authenticator does
/// not count.
pub(super) async fn count_use(tx: &mut Tx, id: &str, sign_count: i64) -> Result<bool, Failure> {
    let sql = "UPDATE passkeys SET sign_count = $2, last_used_at = $3 WHERE id = $1 AND (sign_count < $2 OR sign_count = 0)";
    let now = tx.now();
    Ok(tx.execute(sql, args![id, sign_count, now.0]).await? == 1)
}

/// Removes one; `false` if this user has none such.
pub(super) async fn remove(tx: &mut Tx, user_id: &str, id: &str) -> Result<bool, Failure> {
    Ok(tx.execute("DELETE FROM passkeys WHERE id = $1 AND user_id = $2", args![id, user_id]).await? == 1)
}

/// Removes all passkeys of a user.
pub(in crate::sessions) async fn forget_passkeys(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM passkeys WHERE user_id = $1", args![user_id]).await?;
    tx.execute("DELETE FROM passkey_users WHERE user_id = $1", args![user_id]).await?;
    Ok(())
}

/// Counts an attempt at a recovery code by somebody without an app, as `factors::records::count_attempt` does for the others.
pub(in crate::sessions) async fn count_attempt(
    tx: &mut Tx,
    user_id: &str,
    limit: i64,
    locked_until: At,
) -> Result<bool, Failure> {
    let sql = "UPDATE passkey_users SET failures = failures + 1, \
               locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END \
               WHERE user_id = $1 AND locked_until <= $4 AND EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = $1) \
               AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = $1 AND a.confirmed_at IS NOT NULL)";
    let now = tx.now();
    Ok(tx.execute(sql, args![user_id, limit, locked_until.0, now.0]).await? == 1)
}

/// The attempt was none.
pub(in crate::sessions) async fn clear_failures(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE passkey_users SET failures = 0, locked_until = 0 WHERE user_id = $1", args![user_id]).await?;
    Ok(())
}

/// Until when no recovery code is judged, of somebody who has a passkey.
pub(in crate::sessions) async fn locked_until(conn: &mut Conn, user_id: &str) -> Result<Option<At>, Failure> {
    let sql = "SELECT u.locked_until FROM passkey_users u WHERE u.user_id = $1 \
               AND EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.user_id)";
    let row: Option<(i64,)> = conn.fetch_optional(sql, args![user_id]).await?;
    Ok(row.map(|(until,)| At(until)))
}
