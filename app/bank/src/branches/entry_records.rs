//! Entries become rows of `branches`, `branch_hours` and `calendar_days`: inserted, or changed under their key.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::entry::{BranchEntry, CalendarEntry, HoursEntry};
use super::records::{HoursRow, day, weeks};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::hours::spans_text;
use crate::kernel::time::Day;

#[derive(FromRow)]
struct EntryRow {
    id: String,
    position: i64,
    name_zh: String,
    name_en: String,
    address_zh: String,
    address_en: String,
    phone: String,
    latitude: Option<i64>,
    longitude: Option<i64>,
    cash_closed_until: Option<String>,
}

const ENTRY: &str = "SELECT id, position, name_zh, name_en, address_zh, address_en, phone, latitude, longitude, cash_closed_until \
                     FROM branches WHERE id = $1";

/// The stored branch as an entry.
pub async fn find_branch_entry(conn: &mut Conn, branch: &str) -> Result<Option<BranchEntry>, Failure> {
    let row: Option<EntryRow> = conn.fetch_optional(ENTRY, args![branch]).await?;
    row.map(|row| {
        Ok(BranchEntry {
            branch: row.id,
            position: row.position,
            name_zh: row.name_zh,
            name_en: row.name_en,
            address_zh: row.address_zh,
            address_en: row.address_en,
            phone: row.phone,
            latitude: row.latitude,
            longitude: row.longitude,
            cash_closed_until: row
                .cash_closed_until
                .as_deref()
                .map(|text| day("branches.cash_closed_until", text))
                .transpose()?,
        })
    })
    .transpose()
}

/// Inserts or changes one branch; a position of another branch is refused.
pub async fn put_branch(tx: &mut Tx, entry: &BranchEntry) -> Result<Put, Rejected<Vec<EntryRefusal>>> {
    let puts = put_branches(tx, std::slice::from_ref(entry)).await;
    let puts = puts.map_err(|refused| refused.map(|refusals| refusals.into_iter().map(|(_, refusal)| refusal).collect()))?;
    Ok(puts.into_iter().next().unwrap_or(Put::Unchanged))
}

/// Inserts or changes branches, which may exchange their positions. Each refusal comes with the place of its
/// entry.
pub async fn put_branches(tx: &mut Tx, entries: &[BranchEntry]) -> Result<Vec<Put>, Rejected<Vec<(usize, EntryRefusal)>>> {
    let mut puts = Vec::with_capacity(entries.len());
    for entry in entries {
        let stored = find_branch_entry(tx, &entry.branch).await?;
        puts.push(match &stored {
            None => Put::Inserted,
            Some(stored) if stored == entry => Put::Unchanged,
            Some(_) => Put::Changed,
        });
        if stored.is_some_and(|stored| stored.position != entry.position) {
            // Makes room, so that the unique positions can be exchanged one after the other.
            tx.execute("UPDATE branches SET position = -position - 1 WHERE id = $1", args![&entry.branch]).await?;
        }
    }
    let (mut positions, mut refusals) = (BTreeSet::new(), Vec::new());
    for (place, (entry, put)) in entries.iter().zip(&puts).enumerate() {
        let taken = "SELECT id FROM branches WHERE position = $1 AND id <> $2";
        let other: Option<(String,)> = tx.fetch_optional(taken, args![entry.position, &entry.branch]).await?;
        if other.is_some() || !positions.insert(entry.position) {
            refusals.push((place, EntryRefusal { column: "position", rule: EntryRule::AlreadyUsed }));
        } else if *put != Put::Unchanged {
            upsert_branch(tx, entry).await?;
        }
    }
    if refusals.is_empty() { Ok(puts) } else { Err(Rejected::Refused(refusals)) }
}

async fn upsert_branch(tx: &mut Tx, entry: &BranchEntry) -> Result<(), Failure> {
    let sql = "INSERT INTO branches (id, position, name_zh, name_en, address_zh, address_en, phone, latitude, longitude, \
               cash_closed_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (id) DO UPDATE SET position = excluded.position, name_zh = excluded.name_zh, \
               name_en = excluded.name_en, address_zh = excluded.address_zh, address_en = excluded.address_en, \
               phone = excluded.phone, latitude = excluded.latitude, longitude = excluded.longitude, \
               cash_closed_until = excluded.cash_closed_until";
    let args = args![
        &entry.branch,
        entry.position,
        &entry.name_zh,
        &entry.name_en,
        &entry.address_zh,
        &entry.address_en,
        &entry.phone,
        entry.latitude,
        entry.longitude,
        entry.cash_closed_until.map(|day| day.to_string())
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The hours of a branch in force on a day, as an entry; a branch without rows is closed all week. `None`: no such branch.
pub async fn find_hours_entry(conn: &mut Conn, branch: &str, on: Day) -> Result<Option<HoursEntry>, Failure> {
    if find_branch_entry(conn, branch).await?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT branch_id, weekday, spans, effective_from FROM branch_hours WHERE branch_id = $1 ORDER BY effective_from";
    let rows: Vec<HoursRow> = conn.fetch_all(sql, args![branch]).await?;
    Ok(Some(HoursEntry { branch: branch.to_owned(), week: weeks(rows.iter())?.week(on).clone() }))
}

/// Sets the hours of a branch from today on. `Inserted`: it had none.
pub async fn put_hours(tx: &mut Tx, entry: &HoursEntry) -> Result<Put, Rejected<Vec<EntryRefusal>>> {
    let today = tx.now().day();
    put_hours_from(tx, entry, today).await
}

/// Sets the hours of a branch from a day on, until a later week that stands already. The first hours of a branch hold for all
/// days before as well.
pub async fn put_hours_from(tx: &mut Tx, entry: &HoursEntry, from: Day) -> Result<Put, Rejected<Vec<EntryRefusal>>> {
    let Some(stored) = find_hours_entry(tx, &entry.branch, from).await? else {
        return Err(Rejected::Refused(vec![EntryRefusal { column: "branch", rule: EntryRule::UnknownReference }]));
    };
    let (rows,): (i64,) = tx.fetch_one("SELECT COUNT(*) FROM branch_hours WHERE branch_id = $1", args![&entry.branch]).await?;
    if stored == *entry {
        return Ok(Put::Unchanged);
    }
    for (weekday, spans) in (1_i64..).zip(&entry.week.0) {
        let sql = "INSERT INTO branch_hours (branch_id, weekday, spans, effective_from) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (branch_id, effective_from, weekday) DO UPDATE SET spans = excluded.spans";
        tx.execute(sql, args![&entry.branch, weekday, spans_text(spans), from.to_string()]).await?;
    }
    Ok(if rows == 0 { Put::Inserted } else { Put::Changed })
}

/// Inserts or changes a day of the calendar.
pub async fn put_calendar_day(tx: &mut Tx, CalendarEntry(row): &CalendarEntry) -> Result<Put, Failure> {
    let sql = "SELECT kind, name FROM calendar_days WHERE day = $1";
    let stored: Option<(String, String)> = tx.fetch_optional(sql, args![row.day.to_string()]).await?;
    let put = match &stored {
        None => Put::Inserted,
        Some((kind, name)) if kind == row.kind.code() && *name == row.name => return Ok(Put::Unchanged),
        Some(_) => Put::Changed,
    };
    let sql = "INSERT INTO calendar_days (day, kind, name) VALUES ($1, $2, $3) \
               ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name";
    tx.execute(sql, args![row.day.to_string(), row.kind.code(), &row.name]).await?;
    Ok(put)
}

/// The stored row of a day of the calendar.
pub(super) async fn find_calendar_day(conn: &mut Conn, on: Day) -> Result<Option<(String, String)>, Failure> {
    conn.fetch_optional("SELECT kind, name FROM calendar_days WHERE day = $1", args![on.to_string()]).await
}

/// Makes a day an ordinary one.
pub(super) async fn delete_calendar_day(tx: &mut Tx, on: Day) -> Result<(), Failure> {
    tx.execute("DELETE FROM calendar_days WHERE day = $1", args![on.to_string()]).await?;
    Ok(())
}

/// Closes a branch for good.
pub(super) async fn close_branch(tx: &mut Tx, branch: &str) -> Result<bool, Failure> {
    let today = tx.now().day().to_string();
    let sql = "UPDATE branches SET closed_on = $2 WHERE id = $1 AND closed_on IS NULL";
    Ok(tx.execute(sql, args![branch, today]).await? == 1)
}

/// The first free position at the end of the list.
pub(super) async fn next_position(conn: &mut Conn) -> Result<i64, Failure> {
    let (position,): (i64,) = conn.fetch_one("SELECT COALESCE(MAX(position), 0) + 1 FROM branches", Vec::new()).await?;
    Ok(position)
}
