//! The columns of `sessions` about its tokens.

use super::tokens::Tokens;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;

/// The tokens of a session that has not ended.
pub(super) async fn find_tokens(conn: &mut Conn, session_id: &str) -> Result<Option<Tokens>, Failure> {
    let sql =
        "SELECT token, next_token, next_at, previous_token, previous_until FROM sessions WHERE id = $1 AND ended_at IS NULL";
    conn.fetch_optional(sql, args![session_id]).await
}

/// Issues a token beside the current one; `false` if another request was first.
pub(super) async fn issue(tx: &mut Tx, session_id: &str, seen: &Tokens, new: &str) -> Result<bool, Failure> {
    let sql = "UPDATE sessions SET next_token = $2, next_at = $3 WHERE id = $1 AND ended_at IS NULL \
               AND COALESCE(token, '') = $4 AND COALESCE(next_token, '') = $5";
    let now = tx.now().0;
    let (token, next) = (seen.token.as_deref().unwrap_or_default(), seen.next_token.as_deref().unwrap_or_default());
    Ok(tx.execute(sql, args![session_id, new, now, token, next]).await? == 1)
}

/// Makes the issued token the current one at its first use; the one before is accepted for some time more.
pub(super) async fn replace(tx: &mut Tx, session_id: &str, next: &str, grace_ms: i64) -> Result<bool, Failure> {
    let sql = "UPDATE sessions SET previous_token = token, previous_until = $3, token = next_token, next_token = NULL, next_at = NULL \
               WHERE id = $1 AND ended_at IS NULL AND next_token = $2";
    let until = tx.now().0 + grace_ms;
    Ok(tx.execute(sql, args![session_id, next, until]).await? == 1)
}

/// Ends a session because an old token of it was shown; `false` if its tokens have changed since they were read.
pub(super) async fn end_reused(tx: &mut Tx, session_id: &str, seen: &Tokens) -> Result<bool, Failure> {
    let sql = "UPDATE sessions SET ended_at = $2, ended_by = 'bank', reused_at = $2 WHERE id = $1 AND ended_at IS NULL \
               AND COALESCE(token, '') = $3 AND COALESCE(next_token, '') = $4";
    let now = tx.now().0;
    let (token, next) = (seen.token.as_deref().unwrap_or_default(), seen.next_token.as_deref().unwrap_or_default());
    Ok(tx.execute(sql, args![session_id, now, token, next]).await? == 1)
}
