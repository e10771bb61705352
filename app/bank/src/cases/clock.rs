//! Clocks of a case (docs/domain.md §1): when the bank owes an answer, and the alarms on the way, each given once. Alarms
//! count working time of the branch where the case has one. The first half is pure, the second are the rows of `case_clocks`.

use sqlx::FromRow;

use super::records::{Event, insert_event};
use crate::args;
use crate::branches::Reference;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::hours::WeekHours;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, shift};

/// The clock of the bank's own promise to answer.
pub(super) const SERVICE: &str = "service";

/// The longest run of days looked through.
const SEARCH_DAYS: i64 = 400;

/// The actions of the three alarms, in their order.
const ALARMS: [&str; 3] = ["warn", "breach", "escalate"];

/// Working time of a branch.
#[derive(Clone, Copy)]
struct Worked<'w> {
    calendar: &'w WorkingCalendar,
    hours: &'w WeekHours,
}

impl Worked<'_> {
    /// Spans of working time from a moment on, day by day.
    fn spans(&self, from: At) -> impl Iterator<Item = (At, At)> {
        let days = (0..SEARCH_DAYS).map(move |ahead| shift(from.day(), ahead));
        let spans = days.flat_map(|day| {
            self.hours.of_day(self.calendar, day).iter().map(move |span| (At::of(day, span.opens), At::of(day, span.closes)))
        });
        spans.filter(move |(_, closes)| *closes > from).map(move |(opens, closes)| (opens.max(from), closes))
    }

    /// Working time between two moments, ms.
    fn between(&self, from: At, to: At) -> i64 {
        let spans = self.spans(from).take_while(|(opens, _)| *opens < to);
        spans.map(|(opens, closes)| closes.min(to).ms_since(opens)).sum()
    }

    /// The moment after so much working time.
    fn after(&self, from: At, ms: i64) -> Option<At> {
        let mut left = ms;
        for (opens, closes) in self.spans(from) {
            let length = closes.ms_since(opens);
            if left <= length {
                return Some(opens.plus_ms(left));
            }
            left -= length;
        }
        None
    }
}

/// When to warn and when to escalate: at their share of the time between `started` and `due`, in working time where there
/// is any, else in natural time.
fn thresholds(worked: Option<Worked<'_>>, parameters: &Parameters, started: At, due: At) -> (At, At) {
    let share = |whole: i64, percent: i64| whole.saturating_mul(percent) / 100;
    let (warn, over) = (parameters.case_warn_percent, parameters.case_escalate_percent - 100);
    let natural = due.ms_since(started);
    let linear = (started.plus_ms(share(natural, warn)), due.plus_ms(share(natural, over)));
    let Some(worked) = worked else { return linear };
    let whole = worked.between(started, due);
    if whole <= 0 {
        return linear;
    }
    let warn_at = worked.after(started, share(whole, warn));
    let escalate_at = worked.after(due, share(whole, over));
    (warn_at.unwrap_or(linear.0), escalate_at.unwrap_or(linear.1))
}

/// Starts the service clock of a new case.
pub(super) async fn start(
    tx: &mut Tx,
    reference: &Reference,
    number: &str,
    branch_id: Option<&str>,
    due: At,
) -> Result<(), Failure> {
    let started = tx.now();
    let parameters = reference.parameters(branch_id.unwrap_or_default(), started.day());
    let branch = branch_id.and_then(|id| reference.branch(id));
    let worked = branch.map(|branch| Worked { calendar: &reference.calendar, hours: &branch.hours });
    let (warn, escalate) = thresholds(worked, &parameters, started, due);
    let sql = "INSERT INTO case_clocks (case_number, kind, started_at, due_at, warn_at, escalate_at, next_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $5)";
    tx.execute(sql, args![number, SERVICE, started.0, due.0, warn.0, escalate.0]).await?;
    Ok(())
}

/// Stops the service clock: the bank owes no answer any more.
pub(super) async fn stop(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    let sql = "UPDATE case_clocks SET stopped_at = $3, next_at = NULL WHERE case_number = $1 AND kind = $2 AND stopped_at IS NULL";
    let now = tx.now();
    tx.execute(sql, args![number, SERVICE, now.0]).await?;
    Ok(())
}

#[derive(FromRow)]
struct ClockRow {
    due_at: i64,
    warn_at: i64,
    escalate_at: i64,
    next_at: i64,
}

/// Cases with an alarm to be given by now, the earliest first.
pub(crate) async fn due_for_alarm(conn: &mut Conn, now: At) -> Result<Vec<String>, Failure> {
    let sql = "SELECT DISTINCT case_number, next_at FROM case_clocks WHERE next_at <= $1 ORDER BY next_at, case_number LIMIT 500";
    let rows: Vec<(String, i64)> = conn.fetch_all(sql, args![now.0]).await?;
    Ok(rows.into_iter().map(|(number, _)| number).collect())
}

/// Gives the alarms of a case whose moments have passed, each once; gives how many. The case's version stays: an alarm
/// outdates no open page.
pub(crate) async fn alarm(tx: &mut Tx, number: &str) -> Result<u32, Failure> {
    let now = tx.now();
    // Locks the clock; a worker that comes second finds nothing due.
    let sql = "UPDATE case_clocks SET next_at = next_at WHERE case_number = $1 AND kind = $2 AND next_at <= $3 \
               RETURNING due_at, warn_at, escalate_at, next_at";
    let row: Option<ClockRow> = tx.fetch_optional(sql, args![number, SERVICE, now.0]).await?;
    let Some(row) = row else { return Ok(0) };
    let moments = [row.warn_at, row.due_at, row.escalate_at];
    let given = |place: usize| moments[place] < row.next_at;
    let mut count = 0;
    for (place, action) in ALARMS.into_iter().enumerate().filter(|(place, _)| !given(*place)) {
        if moments[place] > now.0 {
            break;
        }
        let column = ["warned_at", "breached_at", "escalated_at"][place];
        let sql = format!("UPDATE case_clocks SET {column} = $3, next_at = $4 WHERE case_number = $1 AND kind = $2");
        let next = moments.get(place + 1).copied();
        tx.execute(sqlx::AssertSqlSafe(sql), args![number, SERVICE, now.0, next]).await?;
        insert_event(tx, &Event::internal(number, action), &Actor::system()).await?;
        insert_audit(tx, &Actor::system(), action, number, "ok").await?;
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::{Worked, thresholds};
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::hours::{WeekHours, parse_spans};
    use crate::kernel::parameters::Parameters;
    use crate::kernel::time::{At, day_text, hhmm, parse_day, parse_time};

    fn at(text: &str) -> At {
        let (day, time) = text.split_once(' ').expect("a day and a time");
        At::of(parse_day(day).expect("a day"), parse_time(time).expect("a time"))
    }

    fn text(at: At) -> String {
        format!("{} {}", day_text(at.day()), hhmm(at.time()))
    }

    #[test]
    fn alarms_count_the_working_time_of_the_branch() {
        let (calendar, hours) = (calendar_2026(), WeekHours::weekdays(&parse_spans("09:00-12:00,14:00-17:00").expect("hours")));
        let worked = Worked { calendar: &calendar, hours: &hours };
        let alarms = |started, due| {
            let (warn, escalate) = thresholds(Some(worked), &Parameters::default(), at(started), at(due));
            (text(warn), text(escalate))
        };
        // Five hours of work: 75 % are 3:45, 20 % an hour. 2026-11-23 is a Monday.
        assert_eq!(alarms("2026-11-23 10:00", "2026-11-23 17:00"), ("2026-11-23 15:45".into(), "2026-11-24 10:00".into()));
        // Over a weekend: one hour on Friday, one on Monday.
        assert_eq!(alarms("2026-11-27 16:00", "2026-11-30 10:00"), ("2026-11-30 09:30".into(), "2026-11-30 10:24".into()));
        // National day is not worked.
        assert_eq!(alarms("2026-09-30 16:00", "2026-10-08 10:00"), ("2026-10-08 09:30".into(), "2026-10-08 10:24".into()));
        // No working time at all: natural time.
        assert_eq!(alarms("2026-11-28 10:00", "2026-11-28 20:00"), ("2026-11-28 17:30".into(), "2026-11-28 22:00".into()));
    }

    #[test]
    fn without_a_branch_natural_time_counts() {
        let (warn, escalate) = thresholds(None, &Parameters::default(), at("2026-11-23 10:00"), at("2026-11-24 10:00"));
        assert_eq!((text(warn), text(escalate)), ("2026-11-24 04:00".to_owned(), "2026-11-24 14:48".to_owned()));
    }
}
