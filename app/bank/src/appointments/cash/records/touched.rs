//! What is booked from a day on, for the preview of a change (docs/domain.md §12).

use sqlx::{AssertSqlSafe, FromRow};

use crate::args;
use crate::cases::ParameterReach;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::day_text;

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
