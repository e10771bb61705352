//! Rows of `case_events`. An event is appended in the transaction that makes the change. The views of the customer and of the
//! desk are two filters over the same rows. An event that changes no state carries the current version of the case.

use sqlx::FromRow;

use crate::args;
use crate::cases::model::{CaseLine, EventMark, HistoryLine};
use crate::cases::table::internally_reasoned;
use crate::kernel::audit::Actor;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::{APPROVER, Scope};

/// Action code of a note.
pub const NOTE: &str = "note";

/// How far before the requested moment a live stream reads again (ms). Transactions do not become visible in the order of their
/// times and sequence numbers.
const OVERLAP: i64 = 10_000;

/// Maximum number of events per read of a live stream.
pub const RECENT_MAX: usize = 1_000;

/// An event to append.
pub struct Event<'e> {
    pub number: &'e str,
    pub action: &'e str,
    /// States before and after; `to` is `None` if the event is not a state change.
    pub from: Option<&'e str>,
    pub to: Option<&'e str>,
    /// Text entered by the author.
    pub reason: Option<&'e str>,
    pub detail: serde_json::Value,
    /// Visible to staff only.
    pub internal: bool,
}

impl<'e> Event<'e> {
    /// A state change; visible to the customer.
    pub fn change(number: &'e str, action: &'e str, to: &'e str) -> Self {
        Self { to: Some(to), internal: false, ..Self::internal(number, action) }
    }

    /// An event for staff only; no state change.
    pub fn internal(number: &'e str, action: &'e str) -> Self {
        let detail = serde_json::Value::Object(serde_json::Map::new());
        Self { number, action, from: None, to: None, reason: None, detail, internal: true }
    }
}

/// Appends an event with the current version of the case. Notifies the live streams after the commit.
pub async fn insert_event(tx: &mut Tx, event: &Event<'_>, actor: &Actor) -> Result<(), Failure> {
    let at = tx.now();
    tx.case_changed(event.number);
    let sql = "INSERT INTO case_events (case_number, version, at, role, user_id, user_name, action, from_state, to_state, reason, \
               detail, internal) SELECT k.number, k.version, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM cases k \
               WHERE k.number = $1";
    let args = args![
        event.number,
        at.0,
        &*actor.role,
        actor.user_id.clone(),
        &actor.name,
        event.action,
        event.from,
        event.to,
        event.reason,
        event.detail.to_string(),
        event.internal
    ];
    tx.execute_later(sql, args);
    Ok(())
}

#[derive(FromRow)]
struct EventRow {
    version: i64,
    at: i64,
    role: String,
    user_name: String,
    action: String,
    from_state: Option<String>,
    to_state: Option<String>,
    reason: Option<String>,
    detail: String,
}

/// Whose view of the events is read.
pub enum View<'v> {
    /// The customer of the case: no internal event, no reason that only staff read, no name of staff.
    Customer,
    /// Staff with this scope.
    Desk(&'v Scope),
}

/// Events of a case that a page shows at most; of more, the latest.
const HISTORY_MAX: usize = 500;

/// Events of a case, oldest first; of more than [`HISTORY_MAX`], the latest.
pub async fn list_events(conn: &mut Conn, case: &CaseLine, view: View<'_>) -> Result<Vec<HistoryLine>, Failure> {
    let mut args = args![&case.number];
    let (condition, columns) = match view {
        View::Customer => ("e.internal = FALSE".to_owned(), told_columns(case)),
        View::Desk(scope) => (scope.condition("k.branch_id", &mut args), "e.user_name, e.reason".to_owned()),
    };
    let sql = format!(
        "SELECT e.version, e.at, e.role, e.action, e.from_state, e.to_state, e.detail, {columns} FROM case_events e \
         JOIN cases k ON k.number = e.case_number WHERE e.case_number = $1 AND {condition} ORDER BY e.seq DESC LIMIT {HISTORY_MAX}"
    );
    let rows: Vec<EventRow> = conn.fetch_all(sqlx::AssertSqlSafe(sql), args).await?;
    rows.into_iter()
        .rev()
        .map(|row| {
            Ok(HistoryLine {
                version: row.version,
                at: At(row.at),
                role: row.role,
                user_name: row.user_name,
                action: row.action,
                from: row.from_state,
                to: row.to_state,
                reason: row.reason,
                detail: serde_json::from_str(&row.detail).map_err(|e| Failure::stored("case_events.detail", e))?,
            })
        })
        .collect()
}

/// Author and reason as the customer may know them. Actions and roles are constants of the code.
fn told_columns(case: &CaseLine) -> String {
    let internal = internally_reasoned(case.kind.registered().table());
    let internal: String = internal.iter().map(|action| format!("WHEN '{action}' THEN NULL ")).collect();
    let reason = if internal.is_empty() { "e.reason".to_owned() } else { format!("CASE e.action {internal}ELSE e.reason END") };
    format!("CASE e.role WHEN '{APPROVER}' THEN e.user_name ELSE '' END AS user_name, {reason} AS reason")
}

/// Events of cases in this scope since `since` and in the overlap before it; at most [`RECENT_MAX`], the latest.
pub async fn list_recent(conn: &mut Conn, scope: &Scope, since: At) -> Result<Vec<EventMark>, Failure> {
    let mut args = args![since.plus_ms(-OVERLAP).0];
    let scoped = scope.condition("k.branch_id", &mut args);
    // CROSS JOIN: SQLite reads the events first, not the cases of the branch.
    let sql = format!(
        "SELECT e.seq, e.case_number FROM case_events e CROSS JOIN cases k \
         WHERE k.number = e.case_number AND e.at >= $1 AND {scoped} ORDER BY e.at DESC, e.seq DESC LIMIT {RECENT_MAX}"
    );
    let rows: Vec<(i64, String)> = conn.fetch_all(sqlx::AssertSqlSafe(sql), args).await?;
    Ok(rows.into_iter().map(|(seq, number)| EventMark { seq, number }).collect())
}

/// Number of events of a case in this scope.
pub async fn count_events(conn: &mut Conn, scope: &Scope, number: &str) -> Result<i64, Failure> {
    let mut args = args![number];
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!(
        "SELECT COUNT(*) FROM case_events e JOIN cases k ON k.number = e.case_number WHERE e.case_number = $1 AND {scoped}"
    );
    let (count,): (i64,) = conn.fetch_one(sqlx::AssertSqlSafe(sql), args).await?;
    Ok(count)
}
