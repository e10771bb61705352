//! Counts of `outbox`, and sending again what was given up.

use sqlx::FromRow;

use super::delivery::Undelivered;
use super::records::OVER_QUOTA;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// The messages that wait to be sent, and when the oldest was written.
pub(super) async fn count_open(conn: &mut Conn) -> Result<(i64, Option<At>), Failure> {
    let sql = "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL";
    let (count, oldest): (i64, Option<i64>) = conn.fetch_one(sql, Vec::new()).await?;
    Ok((count, oldest.map(At)))
}

/// The sent messages that were written since a time.
pub(super) async fn count_sent(conn: &mut Conn, since: At) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM outbox WHERE created_at >= $1 AND sent_at IS NOT NULL";
    let (count,): (i64,) = conn.fetch_one(sql, args![since.0]).await?;
    Ok(count)
}

#[derive(FromRow)]
struct GivenUpRow {
    kind: String,
    reason: String,
    count: i64,
    again: i64,
    latest: i64,
}

/// The given-up messages by kind and reason, the latest first; those written since `since` may be sent again, unless they hold a code.
pub(super) async fn list_given_up(conn: &mut Conn, since: At) -> Result<Vec<Undelivered>, Failure> {
    let sql = "SELECT kind, COALESCE(failure, '') AS reason, COUNT(*) AS count, MAX(dead_at) AS latest, \
               COUNT(CASE WHEN created_at > $1 AND failure <> $2 AND expires_at IS NULL THEN 1 END) AS again \
               FROM outbox WHERE dead_at IS NOT NULL GROUP BY kind, COALESCE(failure, '') ORDER BY latest DESC, kind LIMIT 100";
    let rows: Vec<GivenUpRow> = conn.fetch_all(sql, args![since.0, OVER_QUOTA]).await?;
    let read = |row: GivenUpRow| Undelivered {
        kind: row.kind,
        reason: row.reason,
        count: row.count,
        again: row.again,
        latest: At(row.latest),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Makes given-up messages due again, with all attempts.
pub(super) async fn reopen(tx: &mut Tx, kind: &str, reason: &str, since: At) -> Result<i64, Failure> {
    let sql = "UPDATE outbox SET dead_at = NULL, failure = NULL, attempts = 0, claimed_at = NULL, claim = NULL, due_at = $4 \
               WHERE kind = $1 AND failure = $2 AND dead_at IS NOT NULL AND sent_at IS NULL AND created_at > $3 \
               AND failure <> $5 AND expires_at IS NULL";
    let now = tx.now().0;
    let changed = tx.execute(sql, args![kind, reason, since.0, now, OVER_QUOTA]).await?;
    Ok(i64::try_from(changed).unwrap_or(i64::MAX))
}
