//! The times at which customers have appointments: one row per half hour of every live appointment of any kind. The primary
//! key forbids overlapping appointments of one person (docs/domain.md §3). Rows are written and deleted in the appointment's
//! own transaction.

use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day, MINUTE_MS, day_text, parse_day};

use super::cash::Busy;

/// Minutes per row.
const GRAIN: i64 = 30;

/// The half hours from `start` to `end`, counted from midnight.
fn half_hours(start: At, end: At) -> impl Iterator<Item = i64> {
    let midnight = At::midnight(start.day());
    let grain = GRAIN * MINUTE_MS;
    let first = start.ms_since(midnight).div_euclid(grain);
    let last = (end.ms_since(midnight) - 1).div_euclid(grain);
    first..=last
}

/// Inserts the time of an appointment; `false` if it overlaps another appointment of the same customer.
pub(crate) async fn reserve_time(tx: &mut Tx, customer_id: &str, number: &str, start: At, end: At) -> Result<bool, Failure> {
    let day = day_text(start.day());
    for half_hour in half_hours(start, end) {
        let sql = "INSERT INTO engagements (customer_id, day, half_hour, case_number) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (customer_id, day, half_hour) DO NOTHING";
        if tx.execute(sql, args![customer_id, &day, half_hour, number]).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Deletes the time of an appointment that has ended or was cancelled.
pub(crate) async fn release_time(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM engagements WHERE case_number = $1", args![number]).await?;
    Ok(())
}

/// The customer's own appointments from a day on.
pub(crate) async fn list_busy(conn: &mut Conn, customer_id: &str, from: Day) -> Result<Vec<Busy>, Failure> {
    let sql = "SELECT day, MIN(half_hour) AS first, MAX(half_hour) AS last FROM engagements WHERE customer_id = $1 AND day >= $2 \
               GROUP BY day, case_number ORDER BY day, first";
    let rows: Vec<(String, i64, i64)> = conn.fetch_all(sql, args![customer_id, day_text(from)]).await?;
    rows.into_iter()
        .map(|(day, first, last)| {
            let day = parse_day(&day).ok_or_else(|| Failure::stored("engagements.day", &day))?;
            let time = |half_hour: i64| At::midnight(day).plus_minutes(half_hour * GRAIN).time();
            Ok(Busy { day, from: time(first), to: time(last + 1) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::half_hours;
    use crate::kernel::time::At;

    #[test]
    fn an_hour_takes_two_half_hours_and_a_reception_one() {
        let ten = At::midnight("2026-12-02".parse().expect("a day")).plus_hours(10);
        assert_eq!(half_hours(ten, ten.plus_minutes(60)).collect::<Vec<_>>(), [20, 21]);
        assert_eq!(half_hours(ten.plus_minutes(30), ten.plus_minutes(60)).collect::<Vec<_>>(), [21]);
    }
}
