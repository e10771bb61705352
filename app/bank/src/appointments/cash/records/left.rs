//! Reads what is reserved on a branch's days and what a customer has booked, for pages and validation.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use crate::appointments::cash::model::Denomination;
use crate::args;
use crate::kernel::database::{Conn, Part, PartRow, Reads, Rows, Slot};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, day_text, parse_day, parse_time};
use crate::sessions::Scope;

/// Free capacity of a day with bookings; absent entries have none.
#[derive(Clone, Debug, Default)]
pub struct TakenDay {
    /// Free places by slot.
    pub places: BTreeMap<Time, i64>,
    /// Free cash.
    pub cash: Option<Fen>,
    /// Free notes by denomination.
    pub notes: BTreeMap<Denomination, i64>,
}

/// Days with bookings.
pub type TakenDays = BTreeMap<Day, TakenDay>;

/// A line of a day's stock, for the desk.
#[derive(Clone, Debug)]
pub struct StockRow {
    pub denomination: i64,
    pub stock: i64,
    pub reserved: i64,
}

fn stored_day(text: &str) -> Result<Day, Failure> {
    parse_day(text).ok_or_else(|| Failure::stored("day", text))
}

/// The three parts of the days with bookings of a branch; [`TakenParts::take`] joins them.
pub struct TakenParts {
    places: Slot<Vec<(Day, Time, i64)>>,
    cash: Slot<Vec<(Day, Fen)>>,
    notes: Slot<Vec<(Day, Denomination, i64)>>,
}

impl TakenParts {
    /// Adds the reads of a branch in a range of days.
    pub fn add(reads: &mut Reads, branch: &str, from: Day, to: Day) -> Self {
        let args = || args![branch, day_text(from), day_text(to)];
        let places = "SELECT day AS a, slot AS b, capacity - reserved AS x, 0 AS y FROM cash_slots \
                      WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
        let cash = "SELECT day AS a, '' AS b, total - reserved AS x, 0 AS y FROM cash_totals \
                    WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
        let notes = "SELECT day AS a, '' AS b, denomination AS x, stock - reserved AS y FROM cash_notes \
                     WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
        Self {
            places: reads.add(Part::new(places, args(), |rows| {
                let slot = |row: &PartRow| parse_time(&row.b).ok_or_else(|| Failure::stored("cash_slots.slot", &row.b));
                rows.iter().map(|row| Ok((stored_day(&row.a)?, slot(row)?, row.x))).collect()
            })),
            cash: reads
                .add(Part::new(cash, args(), |rows| rows.iter().map(|row| Ok((stored_day(&row.a)?, Fen(row.x)))).collect())),
            notes: reads.add(Part::new(notes, args(), |rows| {
                let note =
                    |row: &PartRow| Denomination::of_yuan(row.x).ok_or_else(|| Failure::stored("cash_notes.denomination", row.x));
                rows.iter().map(|row| Ok((stored_day(&row.a)?, note(row)?, row.y))).collect()
            })),
        }
    }

    pub fn take(self, rows: &mut Rows) -> Result<TakenDays, Failure> {
        let mut days = TakenDays::new();
        for (day, slot, places) in rows.take(self.places)? {
            days.entry(day).or_default().places.insert(slot, places);
        }
        for (day, cash) in rows.take(self.cash)? {
            days.entry(day).or_default().cash = Some(cash);
        }
        for (day, note, notes) in rows.take(self.notes)? {
            days.entry(day).or_default().notes.insert(note, notes);
        }
        Ok(days)
    }
}

/// What is reserved at every branch in a range of days, by branch.
pub async fn taken_everywhere(conn: &mut Conn, from: Day, to: Day) -> Result<BTreeMap<String, TakenDays>, Failure> {
    let args = || args![day_text(from), day_text(to)];
    let places = "SELECT t.branch_id AS a, t.day || ' ' || t.slot AS b, t.capacity - t.reserved AS x, 0 AS y \
                  FROM branches b CROSS JOIN cash_slots t WHERE t.branch_id = b.id AND t.day BETWEEN $1 AND $2";
    let cash = "SELECT t.branch_id AS a, t.day AS b, t.total - t.reserved AS x, 0 AS y \
                FROM branches b CROSS JOIN cash_totals t WHERE t.branch_id = b.id AND t.day BETWEEN $1 AND $2";
    let notes = "SELECT t.branch_id AS a, t.day AS b, t.denomination AS x, t.stock - t.reserved AS y \
                 FROM branches b CROSS JOIN cash_notes t WHERE t.branch_id = b.id AND t.day BETWEEN $1 AND $2";
    let mut reads = Reads::default();
    let places = reads.add(Part::new(places, args(), Ok));
    let cash = reads.add(Part::new(cash, args(), Ok));
    let notes = reads.add(Part::new(notes, args(), Ok));
    let mut rows = reads.fetch(conn).await?;
    let mut taken: BTreeMap<String, TakenDays> = BTreeMap::new();
    for row in rows.take(places)? {
        let (day, slot) = row.b.split_once(' ').unwrap_or_default();
        let slot = parse_time(slot).ok_or_else(|| Failure::stored("cash_slots.slot", &row.b))?;
        let (day, places) = (stored_day(day)?, row.x);
        taken.entry(row.a).or_default().entry(day).or_default().places.insert(slot, places);
    }
    for row in rows.take(cash)? {
        let (day, cash) = (stored_day(&row.b)?, Fen(row.x));
        taken.entry(row.a).or_default().entry(day).or_default().cash = Some(cash);
    }
    for row in rows.take(notes)? {
        let note = Denomination::of_yuan(row.x).ok_or_else(|| Failure::stored("cash_notes.denomination", row.x))?;
        let (day, count) = (stored_day(&row.b)?, row.y);
        taken.entry(row.a).or_default().entry(day).or_default().notes.insert(note, count);
    }
    Ok(taken)
}

/// The day and the amount of each of the customer's live bookings, by day.
pub fn live_bookings(customer_id: &str) -> Part<Vec<(Day, Fen)>> {
    let sql = "SELECT day AS a, '' AS b, amount AS x, 0 AS y FROM cash_appointments WHERE customer_id = $1 AND live";
    Part::new(sql, args![customer_id], |rows| {
        let bookings = rows.iter().map(|row| Ok((stored_day(&row.a)?, Fen(row.x))));
        let mut bookings = bookings.collect::<Result<Vec<_>, Failure>>()?;
        bookings.sort_unstable_by_key(|(day, _)| *day);
        Ok(bookings)
    })
}

/// The customer's latest no-shows, the newest first.
pub fn last_no_shows(customer_id: &str, most: i64) -> Part<Vec<At>> {
    let sql = "SELECT '' AS a, '' AS b, no_show_at AS x, 0 AS y FROM cash_appointments \
               WHERE customer_id = $1 AND no_show_at IS NOT NULL ORDER BY no_show_at DESC LIMIT $2";
    Part::new(sql, args![customer_id, most], |rows| {
        let mut times: Vec<At> = rows.iter().map(|row| At(row.x)).collect();
        times.sort_unstable_by_key(|at| std::cmp::Reverse(at.0));
        Ok(times)
    })
}

/// The rows of a day's stock that have reservations; `None` for a branch out of scope.
pub async fn list_stock(conn: &mut Conn, scope: &Scope, branch: &str, day: Day) -> Result<Option<Vec<StockRow>>, Failure> {
    let mut args = args![branch, day_text(day)];
    let scoped = scope.condition("b.id", &mut args);
    let sql = format!(
        "SELECT n.denomination, n.stock, n.reserved FROM branches b LEFT JOIN cash_notes n ON n.branch_id = b.id AND n.day = $2 \
         WHERE b.id = $1 AND {scoped}"
    );
    let rows: Vec<(Option<i64>, Option<i64>, Option<i64>)> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let row =
        |(denomination, stock, reserved)| Some(StockRow { denomination: denomination?, stock: stock?, reserved: reserved? });
    Ok((!rows.is_empty()).then(|| rows.into_iter().filter_map(row).collect()))
}
