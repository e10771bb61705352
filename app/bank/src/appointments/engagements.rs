//! The times at which customers have appointments: one row per half hour of every live appointment of any kind. The primary
//! key forbids overlapping appointments of one person (docs/domain.md §3). Rows are written and deleted in the appointment's
//! own transaction.

use crate::args;
use crate::cases::{CaseKind, live};
use crate::kernel::check::{Checking, Examination};
use crate::kernel::database::{Part, PartRow, Statement, Tx};
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
    let inserted = tx.execute_together(time_of(customer_id, number, start, end)).await?;
    Ok(inserted.into_iter().all(|row| row == 1))
}

/// The statements of [`reserve_time`], to be sent together with others: each must insert a row.
pub(crate) fn time_of(customer_id: &str, number: &str, start: At, end: At) -> Vec<Statement> {
    let day = day_text(start.day());
    let sql = "INSERT INTO engagements (customer_id, day, half_hour, case_number) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (customer_id, day, half_hour) DO NOTHING";
    half_hours(start, end).map(|half_hour| Statement::new(sql, args![customer_id, &day, half_hour, number])).collect()
}

/// Deletes the time of an appointment that has ended or was cancelled.
pub(crate) async fn release_time(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM engagements WHERE case_number = $1", args![number]).await?;
    Ok(())
}

/// The customer's own appointments from a day on, in order.
pub(crate) fn list_busy(customer_id: &str, from: Day) -> Part<Vec<Busy>> {
    let sql = "SELECT day AS a, '' AS b, MIN(half_hour) AS x, MAX(half_hour) AS y FROM engagements \
               WHERE customer_id = $1 AND day >= $2 GROUP BY day, case_number";
    Part::new(sql, args![customer_id, day_text(from)], |rows| {
        let busy = |row: &PartRow| {
            let day = parse_day(&row.a).ok_or_else(|| Failure::stored("engagements.day", &row.a))?;
            let time = |half_hour: i64| At::midnight(day).plus_minutes(half_hour * GRAIN).time();
            Ok(Busy { day, from: time(row.x), to: time(row.y + 1) })
        };
        let mut all = rows.iter().map(busy).collect::<Result<Vec<Busy>, Failure>>()?;
        all.sort_unstable_by_key(|busy| (busy.day, busy.from));
        Ok(all)
    })
}

/// What `lobby check` verifies: live appointments, and only they, hold the half hours between their start and end.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let timed: Vec<String> =
            CaseKind::all().filter(|kind| kind.registered().takes_time()).map(|kind| format!("'{}'", kind.code())).collect();
        let holds = format!("k.kind IN ({}) AND {}", timed.join(", "), live());
        let others = format!(
            "SELECT e.customer_id || '/' || e.day || '/' || CAST(e.half_hour AS TEXT) FROM engagements e \
             JOIN cases k ON k.number = e.case_number WHERE NOT ({holds}) OR k.customer_id <> e.customer_id"
        );
        exam.none("engagements", "the half hour belongs to no live appointment of the customer", others).await?;
        let grain = GRAIN * MINUTE_MS;
        // Bank days begin at a full half hour, so that half hours can be counted from any point in time.
        let missing = format!(
            "SELECT k.number FROM cases k WHERE {holds} AND (k.ends_at - 1) / {grain} - k.starts_at / {grain} + 1 <> \
             (SELECT COUNT(*) FROM engagements e WHERE e.case_number = k.number)"
        );
        exam.none("engagements", "the live appointment does not hold its half hours", missing).await
    })
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
