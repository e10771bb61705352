//! What is booked from a day on, for the preview of a change (docs/domain.md §12).

use sqlx::{AssertSqlSafe, FromRow};

use crate::args;
use crate::cases::{BookedTime, ParameterReach};
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::{Day, day_text, parse_day, parse_time};

/// A kind of capacity, with the table that holds what is reserved of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// Places of a slot.
    Places,
    /// Cash of a day, fen.
    Total,
    /// Notes of this denomination of a day, yuan.
    Notes(i64),
}

/// The largest reservation of a branch's day.
#[derive(Clone, Debug, FromRow)]
pub struct BookedDay {
    pub most: i64,
}

/// The last day of a reach, exclusive, as text; every stored day sorts before it if there is none.
fn until(reach: &ParameterReach<'_>) -> String {
    reach.until.map_or_else(|| "9999-12-31".to_owned(), day_text)
}

/// The booked days of the branches in reach.
pub async fn booked(conn: &mut Conn, of: Booked, reach: &ParameterReach<'_>) -> Result<Vec<BookedDay>, Failure> {
    let (table, condition) = match of {
        Booked::Places => ("cash_slots", ""),
        Booked::Total => ("cash_totals", ""),
        Booked::Notes(_) => ("cash_notes", " AND denomination = $4"),
    };
    let sql = format!(
        "SELECT MAX(reserved) AS most FROM {table} \
         WHERE branch_id = $1 AND day >= $2 AND day < $3 AND reserved > 0{condition} GROUP BY day"
    );
    let mut days = Vec::new();
    for branch in reach.branches {
        let mut args = args![branch, day_text(reach.from), until(reach)];
        if let Booked::Notes(denomination) = of {
            args.push(denomination.into());
        }
        let found: Vec<BookedDay> = conn.fetch_all(AssertSqlSafe(sql.clone()), args).await?;
        days.extend(found);
    }
    Ok(days)
}

/// The number of live bookings of the branches in reach.
pub async fn count_live(conn: &mut Conn, reach: &ParameterReach<'_>) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM cash_appointments WHERE branch_id = $1 AND day >= $2 AND day < $3 AND live";
    let mut count = 0;
    for branch in reach.branches {
        let (found,): (i64,) = conn.fetch_one(sql, args![branch, day_text(reach.from), until(reach)]).await?;
        count += found;
    }
    Ok(count)
}

#[derive(FromRow)]
struct TimeRow {
    branch_id: String,
    day: String,
    slot: String,
    count: i64,
}

/// The times of live bookings at a branch, or at all.
pub async fn booked_times(
    conn: &mut Conn,
    branch: Option<&str>,
    from: Day,
    until: Option<Day>,
) -> Result<Vec<BookedTime>, Failure> {
    let mut args = args![day_text(from), until.map_or_else(|| "9999-12-31".to_owned(), day_text)];
    let at = branch.map_or("", |branch| {
        args.push(branch.into());
        " AND b.id = $3"
    });
    // From the few branches, because the index of the days begins with the branch.
    let sql = format!(
        "SELECT a.branch_id, a.day, a.slot, COUNT(*) AS count FROM branches b CROSS JOIN cash_appointments a \
         WHERE a.branch_id = b.id AND a.day >= $1 AND a.day < $2 AND a.live{at} \
         GROUP BY a.branch_id, a.day, a.slot ORDER BY a.branch_id, a.day, a.slot"
    );
    let rows: Vec<TimeRow> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let read = |row: TimeRow| {
        Ok(BookedTime {
            day: parse_day(&row.day).ok_or_else(|| Failure::stored("cash_appointments.day", &row.day))?,
            slot: parse_time(&row.slot).ok_or_else(|| Failure::stored("cash_appointments.slot", &row.slot))?,
            branch_id: row.branch_id,
            count: row.count,
        })
    };
    rows.into_iter().map(read).collect()
}
