//! Rows of `case_clocks`: due times and alarms; each alarm is raised once (docs/domain.md §1). An alarm is an event without a
//! state change, so it makes no open page outdated.

use super::events::{Event, insert_event};
use crate::args;
use crate::branches::Reference;
use crate::cases::model::Alarm;
use crate::cases::term::{Counted, Term};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// The clock of the bank's service time. The existing kinds have no other clock.
pub(super) const SERVICE: &str = "service";

/// Starts the service clock of a new case of this branch. No existing kind pauses its clock.
pub fn start_clock(tx: &mut Tx, reference: &Reference, number: &str, branch_id: Option<&str>, promised: At) {
    let received = tx.now();
    let term = clock_term(reference, branch_id, received, promised);
    let sql = "INSERT INTO case_clocks (case_number, kind, started_at, due_at, warn_at, escalate_at, next_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $5)";
    tx.execute_later(sql, args![number, SERVICE, received.0, term.due.0, term.warn.0, term.escalate.0]);
}

/// The times of a clock of this branch that started at `received`.
pub(super) fn clock_term(reference: &Reference, branch_id: Option<&str>, received: At, promised: At) -> Term {
    let parameters = reference.parameters(branch_id.unwrap_or_default(), received.day());
    let branch = branch_id.and_then(|id| reference.branch(id));
    let counted = Counted { hours: branch.map(|branch| (&reference.calendar, &branch.hours)), pauses: &[] };
    counted.term(&parameters, received, promised)
}

/// Stops the service clock, because the case no longer waits for an answer of the bank.
pub async fn stop_clock(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    let sql =
        "UPDATE case_clocks SET stopped_at = $3, next_at = NULL WHERE case_number = $1 AND kind = $2 AND stopped_at IS NULL";
    let now = tx.now();
    tx.execute(sql, args![number, SERVICE, now.0]).await?;
    Ok(())
}

/// Removes the service clock of a case that is to be answered anew: what was promised before counts no more. Its alarms stay in
/// history.
pub async fn forget_clock(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM case_clocks WHERE case_number = $1 AND kind = $2", args![number, SERVICE]).await?;
    Ok(())
}

/// Cases with an alarm due before `now`, the earliest first.
pub async fn due_for_alarm(conn: &mut Conn, now: At) -> Result<Vec<String>, Failure> {
    let sql = "SELECT case_number FROM case_clocks WHERE next_at < $1 ORDER BY next_at, case_number LIMIT 500";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![now.0]).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// Raises the due alarms of a case; returns their number. The update takes the row lock, so that of two workers the second finds
/// nothing due.
pub async fn give_alarms(tx: &mut Tx, number: &str) -> Result<u32, Failure> {
    let now = tx.now();
    let mut given = 0;
    for alarm in Alarm::ALL {
        // The column of its time, and the time of the next alarm.
        let (column, next) = match alarm {
            Alarm::Warning => ("warned_at", "due_at"),
            Alarm::Breach => ("breached_at", "escalate_at"),
            Alarm::Escalation => ("escalated_at", "NULL"),
        };
        let sql = format!(
            "UPDATE case_clocks SET {column} = $3, next_at = {next} \
             WHERE case_number = $1 AND kind = $2 AND next_at < $3 AND {column} IS NULL"
        );
        if tx.execute(sqlx::AssertSqlSafe(sql), args![number, SERVICE, now.0]).await? == 1 {
            insert_event(tx, &Event::internal(number, alarm.code()), &Actor::system()).await?;
            insert_audit(tx, &Actor::system(), alarm.code(), number, "ok").await?;
            given += 1;
        }
    }
    Ok(given)
}
