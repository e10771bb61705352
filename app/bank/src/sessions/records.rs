//! Rows of `users` and `sessions`. Only the creation of users is public, for the demo bank.

use sqlx::{AssertSqlSafe, FromRow};

use super::access::Permission;
use super::appearance::ChosenAppearance;
use super::tokens::{NewToken, Tokens};
use crate::args;
use crate::branches::REFERENCE_VERSION;
use crate::imports::published;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day};

/// A new user.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub id: String,
    /// Must be unique.
    pub sign_in_name: String,
    /// Argon2id, PHC string; empty until the user is activated.
    pub password_hash: String,
    /// Code of a row of `roles`.
    pub role: String,
    pub name: String,
    /// Set for a customer's user.
    pub customer_id: Option<String>,
    /// Set for branch staff.
    pub branch_id: Option<String>,
}

#[derive(FromRow)]
pub(super) struct PasswordRow {
    pub id: String,
    pub password_hash: String,
    pub role: String,
    pub reach: String,
    /// Whether this user has signed in with the device.
    pub device_known: bool,
    /// Whether this user has signed in with any device that is still known.
    pub has_devices: bool,
    /// Whether anybody has, so that its token was issued here.
    pub device_issued: bool,
}

#[derive(FromRow)]
pub(super) struct SessionRow {
    pub session_id: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub user_id: String,
    pub role: String,
    pub reach: String,
    pub name: String,
    pub language: Option<String>,
    pub display_mode: Option<String>,
    pub theme: Option<String>,
    pub branch_id: Option<String>,
    pub customer_id: Option<String>,
    pub customer_kind: Option<String>,
    pub customer_name: Option<String>,
    pub customer_title: Option<String>,
    pub birth_day: Option<String>,
    /// Since when the user has an authenticator app, and a passkey.
    app_since: Option<i64>,
    passkey_since: Option<i64>,
    /// When a second factor was given in this session.
    pub factor_at: Option<i64>,
    pub permission: Option<String>,
    /// The version of the reference data.
    pub reference_version: i64,
    #[sqlx(flatten)]
    pub tokens: Tokens,
}

impl SessionRow {
    /// Since when the user has a second factor.
    pub fn factor_since(&self) -> Option<At> {
        self.app_since.into_iter().chain(self.passkey_since).min().map(At)
    }
}

#[derive(FromRow)]
pub(super) struct LineRow {
    pub id: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub device: String,
}

/// Creates a user. An unknown role is an error.
pub async fn insert_user(tx: &mut Tx, user: &NewUser) -> Result<(), Failure> {
    let sql = "INSERT INTO users (id, sign_in_name, password_hash, role, reach, name, customer_id, branch_id) \
               SELECT $1, $2, $3, code, reach, $5, $6, $7 FROM roles WHERE code = $4";
    let made = tx
        .execute(
            sql,
            args![
                &user.id,
                &user.sign_in_name,
                &user.password_hash,
                &user.role,
                &user.name,
                user.customer_id.clone(),
                user.branch_id.clone()
            ],
        )
        .await?;
    if made == 1 { Ok(()) } else { Err(Failure::stored("roles.code", &user.role)) }
}

/// The sign-in names with this prefix, sorted.
pub async fn list_sign_in_names(conn: &mut Conn, prefix: &str) -> Result<Vec<String>, Failure> {
    let sql = "SELECT sign_in_name FROM users WHERE sign_in_name LIKE $1 ORDER BY sign_in_name";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![format!("{prefix}%")]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The user with this name. The hash is empty for who may not sign in: not activated, or left on this day.
pub(super) async fn find_password(
    conn: &mut Conn,
    sign_in_name: &str,
    token_hash: &str,
    today: Day,
) -> Result<Option<PasswordRow>, Failure> {
    let sql = format!(
        "SELECT id, CASE WHEN left_on IS NULL OR left_on > $2 THEN password_hash ELSE '' END AS password_hash, role, reach, \
         EXISTS (SELECT 1 FROM known_devices d WHERE d.token_hash = $3 AND d.user_id = u.id) AS device_known, \
         EXISTS (SELECT 1 FROM known_devices d WHERE d.user_id = u.id) AS has_devices, \
         EXISTS (SELECT 1 FROM known_devices d WHERE d.token_hash = $3) AS device_issued \
         FROM users u WHERE sign_in_name = $1 AND {}",
        published("u")
    );
    conn.fetch_optional(AssertSqlSafe(sql), args![sign_in_name, today.to_string(), token_hash]).await
}

/// A user's own sign-in name and password hash.
#[derive(FromRow)]
pub(super) struct OwnPassword {
    pub sign_in_name: String,
    pub password_hash: String,
}

pub(super) async fn find_own_password(conn: &mut Conn, user_id: &str) -> Result<Option<OwnPassword>, Failure> {
    conn.fetch_optional("SELECT sign_in_name, password_hash FROM users WHERE id = $1", args![user_id]).await
}

/// The customer for whom a user signs in, and the user's name; `None`: staff.
pub(super) async fn find_holder(conn: &mut Conn, user_id: &str) -> Result<Option<(String, String)>, Failure> {
    let sql = "SELECT customer_id, name FROM users WHERE id = $1 AND customer_id IS NOT NULL";
    conn.fetch_optional(sql, args![user_id]).await
}

/// Whether a session has not been ended, as the transaction sees it.
pub(super) async fn is_live(conn: &mut Conn, session_id: &str) -> Result<bool, Failure> {
    let sql = "SELECT id FROM sessions WHERE id = $1 AND ended_at IS NULL";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![session_id]).await?;
    Ok(row.is_some())
}

/// Locks the user's row until the commit; `false` if the password is another one by now, or the user has left.
pub(super) async fn lock_if_unchanged(tx: &mut Tx, user_id: &str, password_hash: &str) -> Result<bool, Failure> {
    let sql = "UPDATE users SET name = name WHERE id = $1 AND password_hash = $2 AND (left_on IS NULL OR left_on > $3)";
    let today = tx.now().day();
    Ok(tx.execute(sql, args![user_id, password_hash, today.to_string()]).await? == 1)
}

pub(super) fn insert_session(tx: &mut Tx, id: &str, token: &str, user_id: &str, device: &str) {
    let sql = "INSERT INTO sessions (id, user_id, created_at, seen_at, device, token) VALUES ($1, $2, $3, $3, $4, $5)";
    let now = tx.now().0;
    tx.execute_later(sql, args![id, user_id, now, device, token]);
}

/// Makes a session that goes on where another one ends, with its age and device, and a fresh second factor; `false` if that one has
/// ended already. The user's row is locked, so that whatever ends all sessions ends this one too.
pub(super) async fn replace_session(tx: &mut Tx, old: &str, new: &NewToken) -> Result<bool, Failure> {
    let now = tx.now().0;
    let sql = "UPDATE sessions SET ended_at = $2, ended_by = 'user' WHERE id = $1 AND ended_at IS NULL";
    if tx.execute(sql, args![old, now]).await? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO sessions (id, user_id, created_at, seen_at, device, token, factor_at) \
               SELECT $2, user_id, created_at, CAST($4 AS BIGINT), device, $3, CAST($4 AS BIGINT) FROM sessions WHERE id = $1";
    tx.execute(sql, args![old, &new.session_id, &new.id, now]).await?;
    Ok(true)
}

/// A session that has not been ended, of a user who has not left: one row per permission of its role on this day, or one row
/// without a permission. Every request sends this statement, so it reads the version of the reference data as well.
pub(super) async fn find_session(conn: &mut Conn, id: &str, today: Day) -> Result<Vec<SessionRow>, Failure> {
    let sql = format!(
        "SELECT s.id AS session_id, s.created_at, s.seen_at, u.id AS user_id, u.role, u.reach, u.name, u.language, \
               u.display_mode, u.theme, c.birth_day, s.factor_at, a.confirmed_at AS app_since, \
               (SELECT MIN(k.created_at) FROM passkeys k WHERE k.user_id = u.id) AS passkey_since, \
               u.branch_id, u.customer_id, c.kind AS customer_kind, c.name AS customer_name, c.title AS customer_title, \
               p.permission, {REFERENCE_VERSION} AS reference_version, \
               s.token, s.next_token, s.next_at, s.previous_token, s.previous_until \
               FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN customers c ON c.id = u.customer_id \
               LEFT JOIN authenticators a ON a.user_id = u.id AND a.confirmed_at IS NOT NULL \
               LEFT JOIN role_permissions p ON p.role = u.role AND p.effective_from <= $2 \
               AND (p.effective_until IS NULL OR p.effective_until > $2) \
               WHERE s.id = $1 AND s.ended_at IS NULL AND (u.left_on IS NULL OR u.left_on > $2)"
    );
    conn.fetch_all(AssertSqlSafe(sql), args![id, today.to_string()]).await
}

/// Who ended a session, whether its user has left, and whether an old token ended it; `None`: its row has been deleted long after its
/// last use.
pub(super) async fn find_end(conn: &mut Conn, id: &str, today: Day) -> Result<Option<(Option<String>, bool, bool)>, Failure> {
    let sql = "SELECT s.ended_by, (s.ended_at IS NULL AND u.left_on IS NOT NULL AND u.left_on <= $2), s.reused_at IS NOT NULL FROM sessions s \
               JOIN users u ON u.id = s.user_id WHERE s.id = $1";
    conn.fetch_optional(sql, args![id, today.to_string()]).await
}

pub(super) async fn touch_session(tx: &mut Tx, id: &str, now: At) -> Result<(), Failure> {
    tx.execute("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2", args![id, now.0]).await?;
    Ok(())
}

pub(super) async fn end_session(tx: &mut Tx, user_id: &str, id: &str, now: At) -> Result<bool, Failure> {
    let sql = "UPDATE sessions SET ended_at = $3, ended_by = 'user' WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    Ok(tx.execute(sql, args![id, user_id, now.0]).await? == 1)
}

/// Locks the user's row until the commit, so that what concerns all sessions of a user happens one after the other.
pub(super) async fn lock_user(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE users SET name = name WHERE id = $1", args![user_id]).await?;
    Ok(())
}

/// Ends all sessions of a user but this one; none if this one has ended itself.
pub(super) async fn end_other_sessions(tx: &mut Tx, user_id: &str, id: &str, now: At) -> Result<u64, Failure> {
    let sql = "UPDATE sessions SET ended_at = $3, ended_by = 'user' WHERE user_id = $2 AND id <> $1 AND ended_at IS NULL \
               AND EXISTS (SELECT 1 FROM sessions mine WHERE mine.id = $1 AND mine.ended_at IS NULL)";
    tx.execute(sql, args![id, user_id, now.0]).await
}

pub(super) async fn list_sessions(
    conn: &mut Conn,
    user_id: &str,
    seen_since: At,
    created_since: At,
) -> Result<Vec<LineRow>, Failure> {
    let sql = "SELECT id, created_at, seen_at, device FROM sessions WHERE user_id = $1 AND ended_at IS NULL \
               AND seen_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id LIMIT 50";
    conn.fetch_all(sql, args![user_id, seen_since.0, created_since.0]).await
}

pub(super) async fn set_language(tx: &mut Tx, user_id: &str, tag: &str) -> Result<(), Failure> {
    tx.execute("UPDATE users SET language = $2 WHERE id = $1", args![user_id, tag]).await?;
    Ok(())
}

/// Stores what is chosen and leaves the rest.
pub(super) async fn set_appearance(tx: &mut Tx, user_id: &str, chosen: ChosenAppearance) -> Result<(), Failure> {
    let (mode, theme) = (chosen.mode.map(|mode| mode.code().to_owned()), chosen.theme.map(|theme| theme.code().to_owned()));
    let sql = "UPDATE users SET display_mode = COALESCE($2, display_mode), theme = COALESCE($3, theme) WHERE id = $1";
    tx.execute(sql, args![user_id, mode, theme]).await?;
    Ok(())
}

/// Whether a user's role has this permission today, as the transaction sees it: for an operation that two people share.
pub async fn user_may(conn: &mut Conn, user_id: &str, permission: Permission, today: Day) -> Result<bool, Failure> {
    let sql = "SELECT COUNT(*) FROM users u JOIN role_permissions p ON p.role = u.role WHERE u.id = $1 AND p.permission = $2 \
               AND (u.left_on IS NULL OR u.left_on > $3) AND p.effective_from <= $3 AND (p.effective_until IS NULL OR p.effective_until > $3)";
    let (found,): (i64,) = conn.fetch_one(sql, args![user_id, permission.code(), today.to_string()]).await?;
    Ok(found > 0)
}

/// The number of staff who work at a branch on a day or later; those who will move there count.
pub async fn count_staff(conn: &mut Conn, branch: &str, today: Day) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM users u WHERE customer_id IS NULL AND (left_on IS NULL OR left_on > $2) AND (branch_id = $1 \
               OR EXISTS (SELECT 1 FROM user_moves m WHERE m.user_id = u.id AND m.branch_id = $1 AND m.applied_at IS NULL))";
    let (count,): (i64,) = conn.fetch_one(sql, args![branch, today.to_string()]).await?;
    Ok(count)
}
