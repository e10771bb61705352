//! Rows of `cases`, and the guard on every change of state.

use sqlx::FromRow;

use super::check::held;
use super::events::{Event, insert_event};
use super::listing::Listing;
use crate::args;
use crate::cases::kind::{CaseKind, Moved};
use crate::cases::model::{Alarm, CaseLine, NewCase};
use crate::cases::position::{ListPosition, Neighbours, PageStart};
use crate::cases::table::{Phase, State};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::At;
use crate::sessions::Scope;

/// Columns of a [`LineRow`], from `cases k JOIN customers c`. `given` is the position of the last alarm in [`Alarm::ALL`], from
/// 1.
pub const LINE: &str = "k.number, k.kind, k.customer_id, c.name AS customer_name, k.branch_id, k.state, k.version, k.waiting, \
                               k.due_at, k.starts_at, k.ends_at, k.amount, k.topic, k.created_at, \
                               (SELECT CAST(MAX(CASE WHEN t.escalated_at IS NOT NULL THEN 3 WHEN t.breached_at IS NOT NULL THEN 2 \
                               WHEN t.warned_at IS NOT NULL THEN 1 END) AS BIGINT) FROM case_clocks t WHERE t.case_number = k.number) AS given";

#[derive(FromRow)]
pub struct LineRow {
    number: String,
    kind: String,
    customer_id: String,
    customer_name: String,
    branch_id: Option<String>,
    state: String,
    version: i64,
    waiting: bool,
    due_at: i64,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
    amount: Option<i64>,
    topic: String,
    created_at: i64,
    given: Option<i64>,
}

impl LineRow {
    pub fn read(self) -> Result<CaseLine, Failure> {
        Ok(CaseLine {
            kind: CaseKind::parse(&self.kind).ok_or_else(|| Failure::stored("cases.kind", &self.kind))?,
            number: self.number,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            branch_id: self.branch_id,
            state: self.state,
            version: self.version,
            waiting: self.waiting,
            due_at: At(self.due_at),
            alarm: self.given.and_then(|place| Alarm::ALL.get(usize::try_from(place - 1).ok()?).copied()),
            time: self.starts_at.zip(self.ends_at).map(|(start, end)| (At(start), At(end))),
            amount: self.amount.map(Fen),
            topic: self.topic,
            created_at: At(self.created_at),
        })
    }
}

/// A case that was inserted.
pub struct Recorded {
    /// The branch; `None` for head office.
    pub branch_id: Option<String>,
}

/// Inserts a case with its first event and audit entry. Without a branch it belongs to the customer's usual branch, or else to
/// head office (docs/domain.md §12). `None` if the number exists already; then draw another one.
pub async fn insert_case(
    tx: &mut Tx,
    case: &NewCase,
    number: &str,
    state: State,
    acts_at: Option<At>,
    actor: &Actor,
) -> Result<Option<Recorded>, Failure> {
    let at = tx.now();
    let sql = "INSERT INTO cases (number, kind, customer_id, branch_id, state, version, waiting, due_at, starts_at, ends_at, \
               acts_at, amount, topic, created_by, created_at, updated_at) \
               VALUES ($1, $2, $3, COALESCE($4, (SELECT usual_branch_id FROM customers WHERE id = $3)), $5, 1, $6, $7, $8, $9, $10, \
               $11, $12, $13, $14, $14) ON CONFLICT (number) DO NOTHING RETURNING branch_id";
    let made: Option<(Option<String>,)> = tx
        .fetch_optional(
            sql,
            args![
                number,
                case.kind.code(),
                &case.customer_id,
                case.branch_id.clone(),
                state.code,
                state.phase == Phase::Waiting,
                case.due_at.0,
                case.time.map(|(start, _)| start.0),
                case.time.map(|(_, end)| end.0),
                acts_at.map(|at| at.0),
                case.amount.map(|amount| amount.0),
                &case.topic,
                actor.user_id.clone(),
                at.0
            ],
        )
        .await?;
    let Some((branch_id,)) = made else { return Ok(None) };
    insert_event(tx, &Event::change(number, "submit", state.code), actor).await?;
    insert_audit(tx, actor, "submit", number, "ok").await?;
    Ok(Some(Recorded { branch_id }))
}

/// Locks a case's row until the end of the transaction. An UPDATE without a change locks the row on both engines.
pub async fn lock_case(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    tx.execute("UPDATE cases SET updated_at = updated_at WHERE number = $1", args![number]).await?;
    Ok(())
}

/// Sets the time at which the system looks at a case again.
pub async fn set_acts_at(tx: &mut Tx, number: &str, at: Option<At>) -> Result<(), Failure> {
    tx.execute("UPDATE cases SET acts_at = $2 WHERE number = $1", args![number, at.map(|at| at.0)]).await?;
    Ok(())
}

/// Lets the system look again, in its next round, at the cases of a customer that wait for the customer's own side.
pub async fn look_again(tx: &mut Tx, customer_id: &str) -> Result<(), Failure> {
    let sql = format!("UPDATE cases AS k SET acts_at = created_at WHERE k.customer_id = $1 AND {}", held());
    tx.execute(sqlx::AssertSqlSafe(sql), args![customer_id]).await?;
    Ok(())
}

/// A change of state.
pub struct StateChange<'m> {
    /// The case the decision was based on.
    pub case: &'m CaseLine,
    pub to: &'m str,
    pub action: &'m str,
    pub actor: &'m Actor,
    pub waiting: bool,
    pub acts_at: Option<At>,
    /// `None`: unchanged.
    pub due_at: Option<At>,
    /// Where and when the appointment is from now on; `None`: unchanged.
    pub moved: Option<&'m Moved>,
    pub reason: Option<&'m str>,
    pub detail: &'m serde_json::Value,
}

/// Changes the state if the row still has the version that the decision was based on; otherwise returns `false`. Writes the event
/// and the audit entry in the same transaction.
pub async fn move_case(tx: &mut Tx, change: &StateChange<'_>) -> Result<bool, Failure> {
    let (case, at) = (change.case, tx.now());
    let sql = "UPDATE cases SET state = $4, version = version + 1, waiting = $5, acts_at = $6, updated_at = $7, \
               due_at = COALESCE(CAST($8 AS BIGINT), due_at), branch_id = COALESCE($9, branch_id), \
               starts_at = COALESCE(CAST($10 AS BIGINT), starts_at), ends_at = COALESCE(CAST($11 AS BIGINT), ends_at), \
               amount = COALESCE(CAST($12 AS BIGINT), amount) \
               WHERE number = $1 AND version = $2 AND state = $3";
    let (acts_at, due_at) = (change.acts_at.map(|at| at.0), change.due_at.map(|at| at.0));
    let moved = change.moved;
    let args = args![
        &case.number,
        case.version,
        &case.state,
        change.to,
        change.waiting,
        acts_at,
        at.0,
        due_at,
        moved.map(|moved| moved.branch_id.clone()),
        moved.map(|moved| moved.time.0.0),
        moved.map(|moved| moved.time.1.0),
        moved.and_then(|moved| moved.amount).map(|amount| amount.0)
    ];
    if tx.execute(sql, args).await? == 0 {
        return Ok(false);
    }
    let event = Event {
        from: Some(&case.state),
        reason: change.reason,
        detail: change.detail.clone(),
        ..Event::change(&case.number, change.action, change.to)
    };
    insert_event(tx, &event, change.actor).await?;
    insert_audit(tx, change.actor, change.action, &case.number, change.to).await?;
    Ok(true)
}

/// A case by its number if it is in this scope, whoever owns it: for staff and the system.
pub async fn find_case(conn: &mut Conn, scope: &Scope, number: &str) -> Result<Option<CaseLine>, Failure> {
    let mut args = args![number];
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!("SELECT {LINE} FROM cases k JOIN customers c ON c.id = k.customer_id WHERE k.number = $1 AND {scoped}");
    let row: Option<LineRow> = conn.fetch_optional(sqlx::AssertSqlSafe(sql), args).await?;
    row.map(LineRow::read).transpose()
}

pub async fn find_owned(conn: &mut Conn, customer_id: &str, number: &str) -> Result<Option<CaseLine>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {LINE} FROM cases k JOIN customers c ON c.id = k.customer_id WHERE k.number = $2 AND k.customer_id = $1"
    ));
    let row: Option<LineRow> = conn.fetch_optional(sql, args![customer_id, number]).await?;
    row.map(LineRow::read).transpose()
}

/// Reads a page with the statement of its listing: the cases in their order and the positions of the neighbours.
pub async fn read_page(
    conn: &mut Conn,
    listing: &Listing,
    (sql, args): (String, Vec<Arg>),
    start: &PageStart,
    most: usize,
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    let rows: Vec<LineRow> = conn.fetch_all(sqlx::AssertSqlSafe(sql), args).await?;
    let mut lines = rows.into_iter().map(LineRow::read).collect::<Result<Vec<_>, _>>()?;
    let position = |line: &CaseLine| ListPosition {
        at: match listing.column {
            CREATED => line.created_at,
            STARTS => line.time.map_or(line.due_at, |(start, _)| start),
            _ => line.due_at,
        },
        number: line.number.clone(),
    };
    lines.sort_by_key(position);
    if listing.is_descending(start) {
        lines.reverse();
    }
    Ok(start.page(lines, most, position))
}

/// The column that a customer's list is sorted by.
const CREATED: &str = "created_at";

/// The column that a list of appointments is sorted by.
pub const STARTS: &str = "starts_at";

/// The statement of a page of a customer's cases of these kinds, the newest first; `None` without a kind.
pub fn owned_statement(customer_id: &str, kinds: &[CaseKind], start: &PageStart, most: usize) -> Option<OwnedStatement> {
    let legs = kinds.iter().map(|kind| format!("kind = '{}'", kind.code())).collect();
    let listing = Listing { column: CREATED, latest_first: true, legs };
    let statement = listing.statement("customer_id = $1", args![customer_id], start, most)?;
    Some((listing, statement))
}

type OwnedStatement = (Listing, (String, Vec<Arg>));

pub async fn list_owned(
    conn: &mut Conn,
    customer_id: &str,
    kinds: &[CaseKind],
    start: &PageStart,
    most: usize,
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    match owned_statement(customer_id, kinds, start, most) {
        Some((listing, statement)) => read_page(conn, &listing, statement, start, most).await,
        None => Ok(Default::default()),
    }
}

/// The customer's cases whose time is not over, the next first.
pub async fn list_upcoming(conn: &mut Conn, customer_id: &str, now: At) -> Result<Vec<CaseLine>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {LINE} FROM cases k JOIN customers c ON c.id = k.customer_id \
         WHERE k.customer_id = $1 AND k.ends_at > $2 ORDER BY k.starts_at, k.number LIMIT 50"
    ));
    let rows: Vec<LineRow> = conn.fetch_all(sql, args![customer_id, now.0]).await?;
    rows.into_iter().map(LineRow::read).collect()
}

/// Whether the customer has an unanswered case of this kind (used by the recommendation gate for complaints).
pub async fn has_open_case(conn: &mut Conn, customer_id: &str, kind: &str) -> Result<bool, Failure> {
    let sql = "SELECT number FROM cases WHERE customer_id = $1 AND kind = $2 AND waiting = TRUE LIMIT 1";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![customer_id, kind]).await?;
    Ok(row.is_some())
}

/// Cases on which the system has to act by now, the earliest first.
pub async fn due_to_act(conn: &mut Conn, now: At) -> Result<Vec<String>, Failure> {
    let sql = "SELECT number FROM cases WHERE acts_at <= $1 ORDER BY acts_at, number LIMIT 500";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![now.0]).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// The number of answers promised for a time between two others.
pub async fn count_promised(conn: &mut Conn, from: At, until: At) -> Result<i64, Failure> {
    let mut count = 0;
    for kind in crate::KINDS {
        for state in kind.states().iter().filter(|state| state.phase == Phase::Waiting) {
            let sql = "SELECT COUNT(*) FROM cases WHERE kind = $1 AND state = $2 AND due_at >= $3 AND due_at < $4";
            let (found,): (i64,) = conn.fetch_one(sql, args![kind.case_kind().code(), state.code, from.0, until.0]).await?;
            count += found;
        }
    }
    Ok(count)
}

/// The number of cases of a branch that are not final.
pub async fn count_open(conn: &mut Conn, branch: &str) -> Result<i64, Failure> {
    let mut count = 0;
    for kind in crate::KINDS {
        let mut args = args![branch, kind.case_kind().code()];
        let mut places = Vec::new();
        for state in kind.states().iter().filter(|state| state.phase != Phase::Final) {
            args.push(state.code.into());
            places.push(format!("${}", args.len()));
        }
        let sql = format!("SELECT COUNT(*) FROM cases WHERE branch_id = $1 AND kind = $2 AND state IN ({})", places.join(", "));
        let (found,): (i64,) = conn.fetch_one(sqlx::AssertSqlSafe(sql), args).await?;
        count += found;
    }
    Ok(count)
}
