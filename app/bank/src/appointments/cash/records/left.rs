//! Reads what is reserved on a branch's days and what a customer has booked, for pages and validation.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow};

use crate::appointments::cash::model::Denomination;
use crate::args;
use crate::kernel::database::Conn;
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

#[derive(FromRow)]
struct SlotRow {
    day: String,
    slot: String,
    places: i64,
}

#[derive(FromRow)]
struct TotalRow {
    day: String,
    cash: i64,
}

#[derive(FromRow)]
struct NotesRow {
    day: String,
    denomination: i64,
    notes: i64,
}

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

/// The days with bookings of a branch in a range of days: three reads.
pub async fn taken(conn: &mut Conn, branch: &str, from: Day, to: Day) -> Result<TakenDays, Failure> {
    let args = || args![branch, day_text(from), day_text(to)];
    let mut days = TakenDays::new();
    let sql = "SELECT day, slot, capacity - reserved AS places FROM cash_slots WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
    for row in conn.fetch_all::<SlotRow>(sql, args()).await? {
        let slot = parse_time(&row.slot).ok_or_else(|| Failure::stored("cash_slots.slot", &row.slot))?;
        days.entry(stored_day(&row.day)?).or_default().places.insert(slot, row.places);
    }
    let sql = "SELECT day, total - reserved AS cash FROM cash_totals WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
    for row in conn.fetch_all::<TotalRow>(sql, args()).await? {
        days.entry(stored_day(&row.day)?).or_default().cash = Some(Fen(row.cash));
    }
    let sql =
        "SELECT day, denomination, stock - reserved AS notes FROM cash_notes WHERE branch_id = $1 AND day BETWEEN $2 AND $3";
    for row in conn.fetch_all::<NotesRow>(sql, args()).await? {
        let note = Denomination::of_yuan(row.denomination)
            .ok_or_else(|| Failure::stored("cash_notes.denomination", row.denomination))?;
        days.entry(stored_day(&row.day)?).or_default().notes.insert(note, row.notes);
    }
    Ok(days)
}

/// Days from `today` on with a live booking of the customer.
pub async fn booked_days(conn: &mut Conn, customer_id: &str, today: Day) -> Result<Vec<Day>, Failure> {
    let sql = "SELECT day FROM cash_appointments WHERE customer_id = $1 AND day >= $2 AND live ORDER BY day";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![customer_id, day_text(today)]).await?;
    rows.iter().map(|(day,)| stored_day(day)).collect()
}

/// The amount that the customer can still book: `max` minus the sum of the live bookings.
pub async fn open_left(conn: &mut Conn, customer_id: &str, max: Fen) -> Result<Fen, Failure> {
    let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM cash_appointments WHERE customer_id = $1 AND live";
    let (booked,): (i64,) = conn.fetch_one(sql, args![customer_id]).await?;
    Ok(Fen((max.0 - booked).max(0)))
}

/// The customer's latest no-shows, the newest first.
pub async fn last_no_shows(conn: &mut Conn, customer_id: &str, most: i64) -> Result<Vec<At>, Failure> {
    let sql = "SELECT no_show_at FROM cash_appointments WHERE customer_id = $1 AND no_show_at IS NOT NULL \
               ORDER BY no_show_at DESC LIMIT $2";
    let rows: Vec<(i64,)> = conn.fetch_all(sql, args![customer_id, most]).await?;
    Ok(rows.into_iter().map(|(at,)| At(at)).collect())
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
