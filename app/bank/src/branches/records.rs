//! Rows of `branches`, `branch_hours`, `branch_closures`, `calendar_days` and `parameters`.

use std::sync::Arc;

use sqlx::FromRow;

use super::cache::{for_this_request, of_this_request};
use super::details::BankDetails;
use super::model::{Branch, ParameterLine, Reference, Tables};
use crate::args;
use crate::kernel::bank::Bank;
use crate::kernel::calendar::{CalendarRow, DayKind, WorkingCalendar};
use crate::kernel::database::{Conn, Engine, Part, PartRow, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::hours::{Hours, WeekHours, parse_spans, spans_text};
use crate::kernel::time::Day;

/// A new branch.
#[derive(Clone, Debug)]
pub struct NewBranch {
    pub branch: Branch,
    /// Position in the list, from 1.
    pub position: i64,
}

#[derive(FromRow)]
struct BranchRow {
    id: String,
    name_zh: String,
    name_en: String,
    address_zh: String,
    address_en: String,
    phone: String,
    cash_closed_until: Option<String>,
    closed_on: Option<String>,
}

#[derive(FromRow)]
pub(super) struct HoursRow {
    branch_id: String,
    weekday: i64,
    spans: String,
    effective_from: String,
}

#[derive(FromRow)]
struct ClosureRow {
    branch_id: String,
    day: String,
    reason: String,
}

#[derive(FromRow)]
struct DayRow {
    day: String,
    kind: String,
    name: String,
}

#[derive(FromRow)]
struct ParameterRow {
    name: String,
    branch_id: String,
    effective_from: String,
    value: String,
}

#[derive(FromRow)]
struct DetailsRow {
    name_zh: String,
    name_en: String,
    hotline: String,
    complaint_phone: String,
    complaint_address_zh: String,
    complaint_address_en: String,
    complaint_email: String,
}

impl From<DetailsRow> for BankDetails {
    fn from(row: DetailsRow) -> Self {
        Self {
            name_zh: row.name_zh,
            name_en: row.name_en,
            hotline: row.hotline,
            complaint_phone: row.complaint_phone,
            complaint_address_zh: row.complaint_address_zh,
            complaint_address_en: row.complaint_address_en,
            complaint_email: row.complaint_email,
        }
    }
}

pub(super) fn day(what: &'static str, text: &str) -> Result<Day, Failure> {
    text.parse().map_err(|e| Failure::stored(what, e))
}

/// The reference data, read at most once per request (ARCHITECTURE.md, Reference data). Takes a read connection: do not call
/// it while holding one, or the pool may deadlock.
pub async fn reference(bank: &Bank) -> Result<Reference, Failure> {
    if let Some(reference) = of_this_request() {
        return Ok(reference);
    }
    let mut conn = bank.read().await?;
    let version = reference_version(&mut conn).await?;
    reference_at(bank, &mut conn, version).await
}

/// The reference data if their version is already known: the value of [`REFERENCE_VERSION`] in an earlier statement of this
/// request on this connection.
pub(crate) async fn reference_at(bank: &Bank, conn: &mut Conn, version: i64) -> Result<Reference, Failure> {
    match of_this_request() {
        Some(reference) => Ok(reference),
        None => Ok(for_this_request(current(bank, conn, version).await?)),
    }
}

/// The cached data if the database still has their version; otherwise reads them again.
async fn current(bank: &Bank, conn: &mut Conn, mut version: i64) -> Result<Reference, Failure> {
    if let Some(reference) = bank.reference_cache().get(version) {
        return Ok(reference);
    }
    loop {
        let reference = Reference::new(read_tables(conn, version).await?);
        // The same version before and after: no change was committed between the reads.
        let after = reference_version(conn).await?;
        if after == version {
            bank.reference_cache().put(version, &reference);
            return Ok(reference);
        }
        version = after;
    }
}

/// The reference data as this connection sees them, not cached: for a transaction that decides on them.
pub(crate) async fn read_reference(conn: &mut Conn) -> Result<Reference, Failure> {
    let version = reference_version(conn).await?;
    Ok(Reference::new(read_tables(conn, version).await?))
}

/// The number of the advisory lock of [`hold_reference`].
macro_rules! reference_lock {
    () => {
        "125779835187827"
    };
}

/// A condition of PostgreSQL that is true as soon as the transaction shares the lock of [`hold_reference`].
pub(crate) const HOLDS_REFERENCE: &str = concat!("(SELECT pg_advisory_xact_lock_shared(", reference_lock!(), ")) IS NOT NULL");

/// Until the end of the transaction no case is opened elsewhere ([`HOLDS_REFERENCE`]): all that were opened before are committed,
/// and those that wait will find another [`version`]. On SQLite, write transactions run one after the other anyway.
pub(crate) async fn hold_reference(tx: &mut Tx) -> Result<(), Failure> {
    if tx.engine() == Engine::Postgres {
        tx.execute(concat!("SELECT pg_advisory_xact_lock(", reference_lock!(), ")"), Vec::new()).await?;
    }
    Ok(())
}

/// Shares the lock of [`hold_reference`] until the end of the transaction, for a transaction that decides on who is there. What it
/// reads afterwards is what the one that held the lock has committed.
pub(crate) async fn share_reference(tx: &mut Tx) -> Result<(), Failure> {
    if tx.engine() == Engine::Postgres {
        tx.execute(concat!("SELECT pg_advisory_xact_lock_shared(", reference_lock!(), ")"), Vec::new()).await?;
    }
    Ok(())
}

/// The version, to be compared in a transaction with that of the data it was prepared with.
pub(crate) fn version() -> Part<i64> {
    let sql = "SELECT NULL AS a, NULL AS b, version AS x, 0 AS y FROM reference_version";
    let read = |rows: Vec<PartRow>| Ok(rows.first().map_or(0, |row| row.x));
    Part::new(sql, Vec::new(), read)
}

/// The version as a column of another statement.
pub(crate) const REFERENCE_VERSION: &str = "(SELECT version FROM reference_version)";

/// The version, which triggers raise in every transaction that changes one of the tables.
async fn reference_version(conn: &mut Conn) -> Result<i64, Failure> {
    let (version,): (i64,) = conn.fetch_one("SELECT version FROM reference_version", Vec::new()).await?;
    Ok(version)
}

/// The bank's names and contacts as this process has read them last; `None` if it has read none. It asks no database, so that
/// an error page knows the hotline too; requests and the worker keep the cache current.
pub fn known_details(bank: &Bank) -> Option<Arc<BankDetails>> {
    bank.reference_cache().last().and_then(|reference| reference.details.clone())
}

/// Six small reads.
async fn read_tables(conn: &mut Conn, version: i64) -> Result<Tables, Failure> {
    let branches: Vec<BranchRow> = conn
        .fetch_all(
            "SELECT id, name_zh, name_en, address_zh, address_en, phone, cash_closed_until, closed_on FROM branches ORDER BY position",
            Vec::new(),
        )
        .await?;
    let hours: Vec<HoursRow> = conn
        .fetch_all("SELECT branch_id, weekday, spans, effective_from FROM branch_hours ORDER BY effective_from", Vec::new())
        .await?;
    let closures: Vec<ClosureRow> =
        conn.fetch_all("SELECT branch_id, day, reason FROM branch_closures ORDER BY day", Vec::new()).await?;
    let days: Vec<DayRow> = conn.fetch_all("SELECT day, kind, name FROM calendar_days ORDER BY day", Vec::new()).await?;
    let lines: Vec<ParameterRow> = conn
        .fetch_all(
            "SELECT name, branch_id, effective_from, value FROM parameters ORDER BY effective_from, branch_id, name",
            Vec::new(),
        )
        .await?;

    let details: Option<DetailsRow> = conn
        .fetch_optional(
            "SELECT name_zh, name_en, hotline, complaint_phone, complaint_address_zh, complaint_address_en, complaint_email \
             FROM bank_details",
            Vec::new(),
        )
        .await?;

    let (mut open, mut gone) = (Vec::new(), Vec::new());
    for row in branches {
        let list = if row.closed_on.is_some() { &mut gone } else { &mut open };
        let single = closures.iter().filter(|line| line.branch_id == row.id);
        let single = single.map(|line| Ok((day("branch_closures.day", &line.day)?, line.reason.clone())));
        let closed = single.collect::<Result<_, Failure>>()?;
        list.push(Branch {
            hours: Hours { closed, ..weeks(hours.iter().filter(|line| line.branch_id == row.id))? },
            cash_closed_until: row
                .cash_closed_until
                .as_deref()
                .map(|text| day("branches.cash_closed_until", text))
                .transpose()?,
            id: row.id,
            name_zh: row.name_zh,
            name_en: row.name_en,
            address_zh: row.address_zh,
            address_en: row.address_en,
            phone: row.phone,
        });
    }
    let days = days
        .into_iter()
        .map(|row| {
            let kind = DayKind::parse(&row.kind).ok_or_else(|| Failure::stored("calendar_days.kind", &row.kind))?;
            Ok(CalendarRow { day: day("calendar_days.day", &row.day)?, kind, name: row.name })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let lines = lines
        .into_iter()
        .map(|row| {
            let effective_from = day("parameters.effective_from", &row.effective_from)?;
            Ok(ParameterLine { name: row.name, branch_id: row.branch_id, effective_from, value: row.value })
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Tables {
        version,
        details: details.map(|row| Arc::new(row.into())),
        calendar: WorkingCalendar::from_rows(days),
        branches: open,
        closed: gone,
        lines,
    })
}

/// The rows of one branch, the earliest effective day first. Before that day its hours hold as well.
pub(super) fn weeks<'h>(lines: impl Iterator<Item = &'h HoursRow>) -> Result<Hours, Failure> {
    let mut weeks: Vec<(Day, WeekHours)> = Vec::new();
    for line in lines {
        let spans = parse_spans(&line.spans).ok_or_else(|| Failure::stored("branch_hours.spans", &line.spans))?;
        let from = day("branch_hours.effective_from", &line.effective_from)?;
        if weeks.last().is_none_or(|(last, _)| *last != from) {
            weeks.push((from, WeekHours::default()));
        }
        let Some((_, week)) = weeks.last_mut() else { continue };
        if let Some(day) = usize::try_from(line.weekday - 1).ok().and_then(|index| week.0.get_mut(index)) {
            *day = spans;
        }
    }
    let mut weeks = weeks.into_iter();
    Ok(Hours { first: weeks.next().map(|(_, week)| week).unwrap_or_default(), later: weeks.collect(), closed: Vec::new() })
}

/// Inserts a branch with its opening hours.
pub async fn insert_branch(tx: &mut Tx, new: &NewBranch) -> Result<(), Failure> {
    let branch = &new.branch;
    let sql = "INSERT INTO branches (id, position, name_zh, name_en, address_zh, address_en, phone, cash_closed_until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(
        sql,
        args![
            &branch.id,
            new.position,
            &branch.name_zh,
            &branch.name_en,
            &branch.address_zh,
            &branch.address_en,
            &branch.phone,
            branch.cash_closed_until.map(|day| day.to_string())
        ],
    )
    .await?;
    for (weekday, spans) in (1_i64..).zip(branch.hours.first.0.iter()).filter(|(_, spans)| !spans.is_empty()) {
        let sql = "INSERT INTO branch_hours (branch_id, weekday, spans) VALUES ($1, $2, $3)";
        tx.execute(sql, args![&branch.id, weekday, spans_text(spans)]).await?;
    }
    Ok(())
}

/// Inserts one day of the published calendar.
pub async fn insert_calendar_day(tx: &mut Tx, day: &CalendarRow) -> Result<(), Failure> {
    let sql = "INSERT INTO calendar_days (day, kind, name) VALUES ($1, $2, $3)";
    tx.execute(sql, args![day.day.to_string(), day.kind.code(), &day.name]).await?;
    Ok(())
}

/// Sets a parameter from a day on, after checking its name and value. An empty branch means the whole bank.
pub async fn insert_parameter(tx: &mut Tx, name: &str, branch_id: &str, from: Day, value: &str) -> Result<(), Failure> {
    let declared = crate::parameters().find(|declared| declared.name == name);
    let declared = declared.ok_or_else(|| Failure::stored("parameters.name", name))?;
    if !declared.accepts(value) {
        return Err(Failure::stored("parameters.value", format!("{name} cannot be {value}")));
    }
    let sql = "INSERT INTO parameters (name, branch_id, effective_from, value) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (name, branch_id, effective_from) DO UPDATE SET value = excluded.value";
    tx.execute(sql, args![name, branch_id, from.to_string(), value]).await?;
    Ok(())
}

/// The reason why a branch is closed on a day.
pub(super) async fn find_closure(conn: &mut Conn, branch: &str, day: Day) -> Result<Option<String>, Failure> {
    let sql = "SELECT reason FROM branch_closures WHERE branch_id = $1 AND day = $2";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![branch, day.to_string()]).await?;
    Ok(row.map(|(reason,)| reason))
}

/// Closes a branch on a day, or changes the reason.
pub(super) async fn put_closure(tx: &mut Tx, branch: &str, day: Day, reason: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO branch_closures (branch_id, day, reason) VALUES ($1, $2, $3) \
               ON CONFLICT (branch_id, day) DO UPDATE SET reason = excluded.reason";
    tx.execute(sql, args![branch, day.to_string(), reason]).await?;
    Ok(())
}

/// Opens a branch again on a day.
pub(super) async fn delete_closure(tx: &mut Tx, branch: &str, day: Day) -> Result<(), Failure> {
    tx.execute("DELETE FROM branch_closures WHERE branch_id = $1 AND day = $2", args![branch, day.to_string()]).await?;
    Ok(())
}

/// The values of a parameter in effect on a day, with their branches, the latest last.
pub(super) async fn list_parameter(conn: &mut Conn, name: &str, day: Day) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT branch_id, value FROM parameters WHERE name = $1 AND effective_from <= $2 ORDER BY effective_from";
    conn.fetch_all(sql, args![name, day.to_string()]).await
}

/// Inserts the bank's names and contacts, once.
pub(crate) async fn insert_bank_details(tx: &mut Tx, details: &BankDetails) -> Result<(), Failure> {
    let sql = "INSERT INTO bank_details (id, name_zh, name_en, hotline, complaint_phone, complaint_address_zh, complaint_address_en, \
               complaint_email) VALUES (1, $1, $2, $3, $4, $5, $6, $7)";
    tx.execute(
        sql,
        args![
            &details.name_zh,
            &details.name_en,
            &details.hotline,
            &details.complaint_phone,
            &details.complaint_address_zh,
            &details.complaint_address_en,
            &details.complaint_email
        ],
    )
    .await?;
    Ok(())
}
