//! Rows of `change_requests`, and the row that puts changes one after another.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::kind::ChangeKind;
use super::model::{ChangeRequest, ChangeState, Person, Touch};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::forms::Values;
use crate::kernel::time::{At, Day, day_text};

/// The column `change`.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct StoredChange {
    pub values: Values,
    pub judged: Values,
    pub before: Values,
    pub touches: Vec<Touch>,
}

/// A new request.
pub(super) struct NewRequest<'r> {
    pub id: &'r str,
    pub kind: &'r str,
    pub subject: &'r str,
    pub change: &'r StoredChange,
    pub effective_from: Option<Day>,
    pub needs_second: bool,
    pub proposed_by: &'r str,
}

#[derive(FromRow)]
struct RequestRow {
    id: String,
    kind: String,
    subject: String,
    change: String,
    effective_from: Option<String>,
    needs_second: bool,
    proposed_by: String,
    proposer: String,
    proposed_at: i64,
    state: String,
    decided_by: Option<String>,
    decider: Option<String>,
    decided_at: Option<i64>,
    reason: Option<String>,
}

const COLUMNS: &str = "r.id, r.kind, r.subject, r.change, r.effective_from, r.needs_second, r.proposed_by, \
                       p.name AS proposer, r.proposed_at, r.state, r.decided_by, d.name AS decider, r.decided_at, r.reason \
                       FROM change_requests r JOIN users p ON p.id = r.proposed_by LEFT JOIN users d ON d.id = r.decided_by";

fn text(change: &StoredChange) -> Result<String, Failure> {
    serde_json::to_string(change).map_err(|e| Failure::stored("change_requests.change", e))
}

impl RequestRow {
    /// `None` for a kind that this version does not know.
    fn read(self) -> Result<Option<ChangeRequest>, Failure> {
        let Some(kind) = <dyn ChangeKind>::parse(&self.kind) else { return Ok(None) };
        let change: StoredChange =
            serde_json::from_str(&self.change).map_err(|e| Failure::stored("change_requests.change", e))?;
        let state = ChangeState::parse(&self.state).ok_or_else(|| Failure::stored("change_requests.state", &self.state))?;
        let day = |text: &str| text.parse::<Day>().map_err(|e| Failure::stored("change_requests.effective_from", e));
        let decided = match (self.decided_by, self.decider, self.decided_at) {
            (Some(user_id), Some(name), Some(at)) => Some((Person { user_id, name }, At(at))),
            _ => None,
        };
        Ok(Some(ChangeRequest {
            id: self.id,
            kind,
            subject: self.subject,
            values: change.values,
            judged: change.judged,
            before: change.before,
            touches: change.touches,
            effective_from: self.effective_from.as_deref().map(day).transpose()?,
            needs_second: self.needs_second,
            proposed_by: Person { user_id: self.proposed_by, name: self.proposer },
            proposed_at: At(self.proposed_at),
            state,
            decided,
            reason: self.reason,
        }))
    }
}

/// Waits until every earlier change of administration has been committed or rolled back.
pub(crate) async fn take_turn(tx: &mut Tx) -> Result<(), Failure> {
    tx.execute("UPDATE change_turn SET turn = turn + 1 WHERE id = 1", Vec::new()).await?;
    Ok(())
}

pub(super) async fn insert_waiting(tx: &mut Tx, new: &NewRequest<'_>) -> Result<(), Failure> {
    let sql = "INSERT INTO change_requests (id, kind, subject, change, effective_from, needs_second, proposed_by, proposed_at, state) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')";
    let now = tx.now().0;
    let day = new.effective_from.map(day_text);
    let args = args![new.id, new.kind, new.subject, text(new.change)?, day, new.needs_second, new.proposed_by, now];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The id of the request that waits for the same subject.
pub(super) async fn find_waiting(conn: &mut Conn, kind: &str, subject: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT id FROM change_requests WHERE kind = $1 AND subject = $2 AND subject <> '' AND state = 'waiting'";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![kind, subject]).await?;
    Ok(row.map(|(id,)| id))
}

/// Decides a waiting request; `false` if it has been decided already.
pub(super) async fn decide(
    tx: &mut Tx,
    id: &str,
    state: ChangeState,
    user_id: &str,
    reason: Option<&str>,
) -> Result<bool, Failure> {
    let sql = "UPDATE change_requests SET state = $2, decided_by = $3, decided_at = $4, reason = $5 \
               WHERE id = $1 AND state = 'waiting'";
    let now = tx.now().0;
    Ok(tx.execute(sql, args![id, state.code(), user_id, now, reason.map(str::to_owned)]).await? == 1)
}

/// Keeps what the change touched when it was applied.
pub(super) async fn store_judged(tx: &mut Tx, id: &str, change: &StoredChange) -> Result<(), Failure> {
    tx.execute("UPDATE change_requests SET change = $2 WHERE id = $1", args![id, text(change)?]).await?;
    Ok(())
}

pub(super) async fn find(conn: &mut Conn, id: &str) -> Result<Option<ChangeRequest>, Failure> {
    let row: Option<RequestRow> =
        conn.fetch_optional(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} WHERE r.id = $1")), args![id]).await?;
    Ok(row.map(RequestRow::read).transpose()?.flatten())
}

/// Every waiting request, the oldest first.
pub(super) async fn list_waiting(conn: &mut Conn) -> Result<Vec<ChangeRequest>, Failure> {
    let sql = format!("SELECT {COLUMNS} WHERE r.state = 'waiting' ORDER BY r.proposed_at, r.id LIMIT 200");
    let rows: Vec<RequestRow> = conn.fetch_all(sqlx::AssertSqlSafe(sql), Vec::new()).await?;
    Ok(rows.into_iter().map(RequestRow::read).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The requests decided last.
pub(super) async fn list_decided(conn: &mut Conn, most: i64) -> Result<Vec<ChangeRequest>, Failure> {
    let sql = format!("SELECT {COLUMNS} WHERE r.state <> 'waiting' ORDER BY r.decided_at DESC, r.id LIMIT $1");
    let rows: Vec<RequestRow> = conn.fetch_all(sqlx::AssertSqlSafe(sql), args![most]).await?;
    Ok(rows.into_iter().map(RequestRow::read).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
