//! Rows of `authenticators` and `recovery_codes`, `sessions.factor_at` and `users.password_needs_factor`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sqlx::{AssertSqlSafe, FromRow};

use super::recovery::NewCodes;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::AUTHENTICATOR_SECRET;
use crate::kernel::time::At;
use crate::sessions::passkeys::forget_passkeys;

#[derive(FromRow)]
pub(super) struct AuthenticatorRow {
    user_id: String,
    pub secret_sealed: String,
    pub begun_in: String,
    pub confirmed_at: Option<i64>,
    locked_until: i64,
}

impl AuthenticatorRow {
    /// The secret, base 32.
    pub fn secret(&self, seal: &Seal) -> Result<String, Failure> {
        seal.open(&AUTHENTICATOR_SECRET, &self.user_id, &self.secret_sealed)
    }

    pub fn locked_until(&self) -> At {
        At(self.locked_until)
    }
}

/// Whether the user `u` has a second factor.
pub(crate) const HAS_FACTOR: &str = "(EXISTS (SELECT 1 FROM authenticators f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) \
                                     OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id))";

pub(in crate::sessions) async fn has_factor(conn: &mut Conn, user_id: &str) -> Result<bool, Failure> {
    let sql = format!("SELECT id FROM users u WHERE u.id = $1 AND {HAS_FACTOR}");
    let row: Option<(String,)> = conn.fetch_optional(AssertSqlSafe(sql), args![user_id]).await?;
    Ok(row.is_some())
}

/// Whether a user's password is shorter than one alone may be, and there is no passkey beside the app.
pub(super) async fn password_needs_app(conn: &mut Conn, user_id: &str) -> Result<bool, Failure> {
    let sql = "SELECT id FROM users u WHERE u.id = $1 AND u.password_needs_factor \
               AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id)";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![user_id]).await?;
    Ok(row.is_some())
}

/// Whether a user has a password that is shorter than one alone may be, and no second factor.
pub(in crate::sessions) async fn is_left_weak(conn: &mut Conn, user_id: &str) -> Result<bool, Failure> {
    let sql = format!("SELECT id FROM users u WHERE u.id = $1 AND u.password_needs_factor AND NOT {HAS_FACTOR}");
    let row: Option<(String,)> = conn.fetch_optional(AssertSqlSafe(sql), args![user_id]).await?;
    Ok(row.is_some())
}

pub(super) async fn find(conn: &mut Conn, user_id: &str) -> Result<Option<AuthenticatorRow>, Failure> {
    let sql = "SELECT user_id, secret_sealed, begun_in, confirmed_at, locked_until FROM authenticators WHERE user_id = $1";
    conn.fetch_optional(sql, args![user_id]).await
}

pub(in crate::sessions) async fn sign_in_name(conn: &mut Conn, user_id: &str) -> Result<String, Failure> {
    let (name,): (String,) = conn.fetch_one("SELECT sign_in_name FROM users WHERE id = $1", args![user_id]).await?;
    Ok(name)
}

pub(super) async fn count_codes_left(conn: &mut Conn, user_id: &str) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    let (left,): (i64,) = conn.fetch_one(sql, args![user_id]).await?;
    Ok(left)
}

/// Stores a secret that is not confirmed, unless this session has begun already or one is confirmed.
pub(super) async fn begin(tx: &mut Tx, user_id: &str, session_id: &str, secret: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO authenticators (user_id, secret_sealed, begun_in, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (user_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, begun_in = excluded.begun_in, \
               created_at = excluded.created_at \
               WHERE authenticators.confirmed_at IS NULL AND authenticators.begun_in <> excluded.begun_in";
    let (sealed, now) = (tx.seal().seal(&AUTHENTICATOR_SECRET, user_id, secret)?, tx.now());
    tx.execute(sql, args![user_id, sealed, session_id, now.0]).await?;
    Ok(())
}

pub(super) async fn cancel(tx: &mut Tx, user_id: &str, session_id: &str) -> Result<(), Failure> {
    let sql = "DELETE FROM authenticators WHERE user_id = $1 AND begun_in = $2 AND confirmed_at IS NULL";
    tx.execute(sql, args![user_id, session_id]).await?;
    Ok(())
}

/// What a session has begun goes on in another one of the same user.
pub(super) async fn keep_begun(tx: &mut Tx, before: &str, session_id: &str) -> Result<(), Failure> {
    let sql = "UPDATE authenticators SET begun_in = $2 WHERE user_id = (SELECT s.user_id FROM sessions s WHERE s.id = $2) \
               AND begun_in = $1 AND confirmed_at IS NULL";
    tx.execute(sql, args![before, session_id]).await?;
    Ok(())
}

/// Confirms this secret; `false` if another request has confirmed, replaced or cancelled it.
pub(super) async fn confirm(tx: &mut Tx, user_id: &str, secret_sealed: &str, step: i64) -> Result<bool, Failure> {
    let sql = "UPDATE authenticators SET confirmed_at = $3, last_step = $4 \
               WHERE user_id = $1 AND secret_sealed = $2 AND confirmed_at IS NULL";
    let now = tx.now();
    Ok(tx.execute(sql, args![user_id, secret_sealed, now.0, step]).await? == 1)
}

/// Counts an attempt. From the limit on each one locks the factor until `locked_until`. `false`: it is locked, or there is none.
pub(super) async fn count_attempt(tx: &mut Tx, user_id: &str, limit: i64, locked_until: At) -> Result<bool, Failure> {
    let sql = "UPDATE authenticators SET failures = failures + 1, \
               locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END \
               WHERE user_id = $1 AND confirmed_at IS NOT NULL AND locked_until <= $4";
    let now = tx.now();
    Ok(tx.execute(sql, args![user_id, limit, locked_until.0, now.0]).await? == 1)
}

/// The attempt was none: the code fits.
pub(super) async fn clear_failures(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE authenticators SET failures = 0, locked_until = 0 WHERE user_id = $1", args![user_id]).await?;
    Ok(())
}

/// Uses the code of a time step; `false` if one of this step or a later one was used already.
pub(super) async fn use_step(tx: &mut Tx, user_id: &str, step: i64) -> Result<bool, Failure> {
    let sql = "UPDATE authenticators SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
    Ok(tx.execute(sql, args![user_id, step]).await? == 1)
}

/// Uses the recovery code with this hash; `false` if there is none such or it was used already.
pub(super) async fn use_recovery_code(tx: &mut Tx, user_id: &str, hash: &str) -> Result<bool, Failure> {
    let now = tx.now();
    let sql = "UPDATE recovery_codes SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL AND code_hash = $3";
    Ok(tx.execute(sql, args![user_id, now.0, hash]).await? == 1)
}

/// The stored form of the number of a sealing key and a salt.
pub(super) fn salt_text(key: i64, salt: [u8; 16]) -> String {
    format!("{key}:{}", STANDARD_NO_PAD.encode(salt))
}

/// The number of the sealing key of a user's recovery codes, and their salt; `None` without codes. Codes of before migration 0082
/// have no salt: their keyed hashes are stored, which begin with that number.
pub(super) async fn find_salt(conn: &mut Conn, user_id: &str) -> Result<Option<(i64, Option<[u8; 16]>)>, Failure> {
    let row: Option<(String, String)> =
        conn.fetch_optional("SELECT salt, code_hash FROM recovery_codes WHERE user_id = $1 LIMIT 1", args![user_id]).await?;
    let Some((salt, code_hash)) = row else { return Ok(None) };
    let read = || {
        let (key, text) = if salt.is_empty() { code_hash.split_once(':')? } else { salt.split_once(':')? };
        let salt: Option<[u8; 16]> =
            if salt.is_empty() { None } else { Some(STANDARD_NO_PAD.decode(text).ok()?.try_into().ok()?) };
        Some((key.parse().ok()?, salt))
    };
    read().map(Some).ok_or_else(|| Failure::stored("recovery_codes.salt", "no salt"))
}

/// Replaces all recovery codes of a user.
pub(in crate::sessions) async fn replace_codes(tx: &mut Tx, user_id: &str, new: &NewCodes) -> Result<(), Failure> {
    tx.execute("DELETE FROM recovery_codes WHERE user_id = $1", args![user_id]).await?;
    for hash in &new.hashes {
        let id = tx.new_id()?;
        let sql = "INSERT INTO recovery_codes (id, user_id, code_hash, salt) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, args![id, user_id, hash, &new.salt]).await?;
    }
    Ok(())
}

/// The second factor was given in this session now.
pub(super) async fn mark_given(tx: &mut Tx, session_id: &str) -> Result<(), Failure> {
    let now = tx.now();
    tx.execute("UPDATE sessions SET factor_at = $2 WHERE id = $1", args![session_id, now.0]).await?;
    Ok(())
}

/// Removes every second factor of a user: the authenticator, what was begun, passkeys, and the recovery codes.
pub(in crate::sessions) async fn forget_factor(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    forget_passkeys(tx, user_id).await?;
    forget_app(tx, user_id).await
}

/// Removes the authenticator and what was begun; the recovery codes too, if it was the last second factor.
pub(super) async fn forget_app(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM authenticators WHERE user_id = $1", args![user_id]).await?;
    forget_codes_without_factor(tx, user_id).await
}

/// Removes the recovery codes of a user without a second factor. The user's row is locked, so that the removals of the last two
/// are one after the other.
pub(in crate::sessions) async fn forget_codes_without_factor(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    let sql = "DELETE FROM recovery_codes WHERE user_id = $1 \
               AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = $1 AND a.confirmed_at IS NOT NULL) \
               AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = $1)";
    tx.execute(sql, args![user_id]).await?;
    Ok(())
}
