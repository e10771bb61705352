//! What has been taken of a branch's days, and what a customer has booked: read for the pages and for judging a wish.

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::appointments::cash::model::Denomination;
use crate::args;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, day_text, parse_day, parse_time};

/// What has been taken of one day; what is missing here is untouched.
#[derive(Clone, Debug, Default)]
pub struct TakenDay {
    /// Slot → places left.
    pub places: BTreeMap<Time, i64>,
    /// Cash left.
    pub cash: Option<Fen>,
    /// Note → notes left.
    pub notes: BTreeMap<Denomination, i64>,
}

/// Days of which something has been taken.
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

/// One line of a day's stock, for the desk.
#[derive(Clone, Debug, FromRow)]
pub struct StockRow {
    pub denomination: i64,
    pub stock: i64,
    pub reserved: i64,
}

fn stored_day(text: &str) -> Result<Day, Failure> {
    parse_day(text).ok_or_else(|| Failure::stored("day", text))
}

/// What has been taken of a branch from one day to another: three reads.
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

/// Days from `today` on for which the customer has a live booking.
pub async fn booked_days(conn: &mut Conn, customer_id: &str, today: Day) -> Result<Vec<Day>, Failure> {
    let sql = "SELECT day FROM cash_appointments WHERE customer_id = $1 AND day >= $2 AND live ORDER BY day";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![customer_id, day_text(today)]).await?;
    rows.iter().map(|(day,)| stored_day(day)).collect()
}

/// The customer's live bookings together.
pub async fn open_cash(conn: &mut Conn, customer_id: &str) -> Result<Fen, Failure> {
    let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM cash_appointments WHERE customer_id = $1 AND live";
    let (amount,): (i64,) = conn.fetch_one(sql, args![customer_id]).await?;
    Ok(Fen(amount))
}

/// The customer's last no-shows, the newest first.
pub async fn last_no_shows(conn: &mut Conn, customer_id: &str, most: i64) -> Result<Vec<At>, Failure> {
    let sql = "SELECT no_show_at FROM cash_appointments WHERE customer_id = $1 AND no_show_at IS NOT NULL \
               ORDER BY no_show_at DESC LIMIT $2";
    let rows: Vec<(i64,)> = conn.fetch_all(sql, args![customer_id, most]).await?;
    Ok(rows.into_iter().map(|(at,)| At(at)).collect())
}

/// The stock of a day as far as something has been taken of it.
pub async fn list_stock(conn: &mut Conn, branch: &str, day: Day) -> Result<Vec<StockRow>, Failure> {
    let sql = "SELECT denomination, stock, reserved FROM cash_notes WHERE branch_id = $1 AND day = $2 ORDER BY denomination DESC";
    conn.fetch_all(sql, args![branch, day_text(day)]).await
}
