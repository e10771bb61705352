//! Appointments by branch and time, whatever their kind.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, FromRow};

use super::case::{LINE, LineRow};
use crate::args;
use crate::cases::kind::CaseKind;
use crate::cases::model::{BookedTime, CaseLine};
use crate::cases::table::Phase;
use crate::kernel::database::{Arg, Conn};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::Scope;

#[derive(FromRow)]
struct TimeRow {
    number: String,
    kind: String,
    state: String,
    branch_id: String,
    starts_at: i64,
    ends_at: i64,
}

/// Placeholders for values that are appended to `args`: `$3, $4`.
fn places<'v>(args: &mut Vec<Arg>, values: impl IntoIterator<Item = &'v str>) -> String {
    let mut text = String::new();
    for value in values {
        args.push(Arg::from(value));
        _ = write!(text, "{}${}", if text.is_empty() { "" } else { ", " }, args.len());
    }
    text
}

/// The live appointments at these branches, within the scope, that begin from `from` until `until` (exclusive), in order. Found by
/// the index `cases_times`.
pub(crate) async fn list_booked(
    conn: &mut Conn,
    scope: &Scope,
    branches: &[&str],
    from: At,
    until: Option<At>,
) -> Result<Vec<BookedTime>, Failure> {
    if branches.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = args![from.0, until.map_or(i64::MAX, |until| until.0)];
    let at = places(&mut args, branches.iter().copied());
    let scoped = scope.condition("branch_id", &mut args);
    let sql = format!(
        "SELECT number, kind, state, branch_id, starts_at, ends_at FROM cases \
         WHERE branch_id IN ({at}) AND starts_at >= $1 AND starts_at < $2 AND {scoped}"
    );
    let rows: Vec<TimeRow> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let mut booked = Vec::new();
    for row in rows {
        let kind = CaseKind::parse(&row.kind).ok_or_else(|| Failure::stored("cases.kind", &row.kind))?;
        if kind.registered().phase(&row.state).is_some_and(|phase| phase != Phase::Final) {
            let (start, end) = (At(row.starts_at), At(row.ends_at));
            booked.push(BookedTime { number: row.number, kind, state: row.state, branch_id: row.branch_id, start, end });
        }
    }
    booked.sort_unstable_by(|a, b| (a.start, &a.number).cmp(&(b.start, &b.number)));
    Ok(booked)
}

/// The cases with these numbers within the scope, in the order of their appointments.
pub(in crate::cases) async fn list_numbered(conn: &mut Conn, scope: &Scope, numbers: &[&str]) -> Result<Vec<CaseLine>, Failure> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = Vec::new();
    let among = places(&mut args, numbers.iter().copied());
    let scoped = scope.condition("k.branch_id", &mut args);
    // CROSS JOIN: SQLite joins in this order.
    let sql = format!(
        "SELECT {LINE} FROM cases k CROSS JOIN customers c WHERE k.number IN ({among}) AND c.id = k.customer_id AND {scoped}"
    );
    let rows: Vec<LineRow> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let mut lines = rows.into_iter().map(LineRow::read).collect::<Result<Vec<CaseLine>, Failure>>()?;
    lines.sort_unstable_by(|a, b| (a.time, &a.number).cmp(&(b.time, &b.number)));
    Ok(lines)
}
