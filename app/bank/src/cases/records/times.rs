//! Appointments by branch and time, whatever their kind. All are found by the index `cases_times`.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, FromRow};

use super::case::{LINE, LineRow, STARTS, read_page};
use super::listing::Listing;
use crate::args;
use crate::cases::kind::CaseKind;
use crate::cases::model::{BookedTime, CaseLine};
use crate::cases::position::{Neighbours, PageStart};
use crate::cases::table::Phase;
use crate::kernel::database::{Arg, Conn};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day, shift};
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
pub(super) fn places<'v>(args: &mut Vec<Arg>, values: impl IntoIterator<Item = &'v str>) -> String {
    let mut text = String::new();
    for value in values {
        args.push(Arg::from(value));
        _ = write!(text, "{}${}", if text.is_empty() { "" } else { ", " }, args.len());
    }
    text
}

/// The live appointments at these branches, within the scope, that begin from `from` until `until` (exclusive), in order.
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
pub(in crate::cases) async fn list_numbered(
    conn: &mut Conn,
    scope: &Scope,
    numbers: &[String],
) -> Result<Vec<CaseLine>, Failure> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = Vec::new();
    let among = places(&mut args, numbers.iter().map(String::as_str));
    let scoped = scope.condition("k.branch_id", &mut args);
    // CROSS JOIN: SQLite joins in this order.
    let sql = format!(
        "SELECT {LINE} FROM cases k CROSS JOIN customers c WHERE k.number IN ({among}) AND c.id = k.customer_id AND {scoped}"
    );
    in_order(conn.fetch_all(AssertSqlSafe(sql), args).await?)
}

/// The cases of a branch with a time on this day within the scope, in its order.
pub(in crate::cases) async fn list_day(conn: &mut Conn, scope: &Scope, branch: &str, day: Day) -> Result<Vec<CaseLine>, Failure> {
    let mut args = args![branch, At::midnight(day).0, At::midnight(shift(day, 1)).0];
    let scoped = scope.condition("k.branch_id", &mut args);
    // CROSS JOIN: SQLite joins in this order.
    let sql = format!(
        "SELECT {LINE} FROM cases k CROSS JOIN customers c WHERE k.branch_id = $1 AND k.starts_at >= $2 AND k.starts_at < $3 \
         AND c.id = k.customer_id AND {scoped}"
    );
    in_order(conn.fetch_all(AssertSqlSafe(sql), args).await?)
}

/// The cases in the order of their appointments.
fn in_order(rows: Vec<LineRow>) -> Result<Vec<CaseLine>, Failure> {
    let mut lines = rows.into_iter().map(LineRow::read).collect::<Result<Vec<CaseLine>, Failure>>()?;
    lines.sort_unstable_by(|a, b| (a.time, &a.number).cmp(&(b.time, &b.number)));
    Ok(lines)
}

/// A list of appointments in the order of their time.
pub(in crate::cases) struct TimeList<'l> {
    pub branches: &'l [&'l str],
    pub from: At,
    /// Exclusive; `None`: without an end.
    pub until: Option<At>,
    /// The states that belong to it, by kind.
    pub states: Vec<(CaseKind, Vec<&'static str>)>,
    /// Part of the number.
    pub part: Option<&'l str>,
}

/// The condition that the number of a case contains this.
pub(in crate::cases) fn part_condition(part: &str, args: &mut Vec<Arg>) -> String {
    args.push(Arg::from(format!("%{part}%")));
    format!("REPLACE(number, '-', '') LIKE ${}", args.len())
}

/// A page of a list within the scope: one sorted leg for each branch. Kinds and states are constants of the code.
pub(in crate::cases) async fn list_times(
    conn: &mut Conn,
    scope: &Scope,
    times: &TimeList<'_>,
    start: &PageStart,
    most: usize,
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    if times.states.is_empty() {
        return Ok(Default::default());
    }
    // A page reads from its position on, not from the beginning of the list.
    let (mut from, mut until) = (times.from.0, times.until.map_or(i64::MAX, |until| until.0));
    match start {
        PageStart::First => {}
        PageStart::After(position) => from = from.max(position.at.0),
        PageStart::Before(position) => until = until.min(position.at.0.saturating_add(1)),
    }
    let mut args = args![from, until];
    let leg = |branch: &&str| {
        args.push(Arg::from(*branch));
        format!("branch_id = ${}", args.len())
    };
    let legs = times.branches.iter().map(leg).collect();
    let quoted = |(kind, states): &(CaseKind, Vec<&str>)| {
        let states: Vec<String> = states.iter().map(|state| format!("'{state}'")).collect();
        format!("(kind = '{}' AND state IN ({}))", kind.code(), states.join(", "))
    };
    let states = times.states.iter().map(quoted).collect::<Vec<_>>().join(" OR ");
    let scoped = scope.condition("branch_id", &mut args);
    let mut narrowed = format!("starts_at >= $1 AND starts_at < $2 AND ({states}) AND {scoped}");
    if let Some(part) = times.part {
        _ = write!(narrowed, " AND {}", part_condition(part, &mut args));
    }
    let listing = Listing { column: STARTS, latest_first: false, legs };
    match listing.statement(&narrowed, args, start, most) {
        Some(statement) => read_page(conn, &listing, statement, start, most).await,
        None => Ok(Default::default()),
    }
}
