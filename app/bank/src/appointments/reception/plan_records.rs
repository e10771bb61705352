//! Rows of `receptions` and `reception_slots` as an administrator plans them.

use sqlx::{AssertSqlSafe, FromRow};

use super::model::Reception;
use super::records::{COLUMNS, ReceptionRow, insert_reception, read_slot};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{Day, Time, day_text};

/// A planned reception day.
#[derive(Clone, Debug)]
pub struct PlannedReception {
    pub reception: Reception,
    /// Start and places of each slot, the earliest first.
    pub slots: Vec<(Time, i64)>,
    /// Places taken.
    pub booked: i64,
}

#[derive(FromRow)]
struct PlanSlotRow {
    reception_id: String,
    slot: String,
    capacity: i64,
    reserved: i64,
}

async fn with_slots(conn: &mut Conn, rows: Vec<ReceptionRow>) -> Result<Vec<PlannedReception>, Failure> {
    let mut planned = Vec::new();
    for row in rows {
        let reception = row.read()?;
        let sql = "SELECT reception_id, slot, capacity, reserved FROM reception_slots WHERE reception_id = $1 ORDER BY slot";
        let slots: Vec<PlanSlotRow> = conn.fetch_all(sql, args![&reception.id]).await?;
        let booked = slots.iter().filter(|slot| slot.reception_id == reception.id).map(|slot| slot.reserved).sum();
        let slots = slots.iter().map(|slot| Ok((read_slot(&slot.slot)?, slot.capacity))).collect::<Result<_, Failure>>()?;
        planned.push(PlannedReception { reception, slots, booked });
    }
    Ok(planned)
}

/// The reception days from a day on, the earliest first.
pub(super) async fn list_from(conn: &mut Conn, from: Day) -> Result<Vec<PlannedReception>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM receptions r WHERE r.day >= $1 ORDER BY r.day, r.branch_id LIMIT 200");
    let rows = conn.fetch_all(AssertSqlSafe(sql), args![day_text(from)]).await?;
    with_slots(conn, rows).await
}

/// A reception day.
pub(super) async fn find_planned(conn: &mut Conn, id: &str) -> Result<Option<PlannedReception>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM receptions r WHERE r.id = $1");
    let rows = conn.fetch_all(AssertSqlSafe(sql), args![id]).await?;
    Ok(with_slots(conn, rows).await?.into_iter().next())
}

/// The id of the reception of a branch on a day.
pub(super) async fn find_on(conn: &mut Conn, branch: &str, day: Day) -> Result<Option<String>, Failure> {
    let sql = "SELECT id FROM receptions WHERE branch_id = $1 AND day = $2";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![branch, day_text(day)]).await?;
    Ok(row.map(|(id,)| id))
}

/// The number of applications for a reception, ended ones included.
pub(super) async fn count_applications(conn: &mut Conn, id: &str) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM reception_applications WHERE reception_id = $1";
    let (count,): (i64,) = conn.fetch_one(sql, args![id]).await?;
    Ok(count)
}

/// Removes a reception for which nobody has applied; `false` if somebody has, also in this moment, and the caller must roll back.
/// An application locks the row of its slot: either the slots are removed after it is committed, and it is counted here, or it
/// finds no slot any more.
pub(super) async fn delete_unbooked(tx: &mut Tx, id: &str) -> Result<bool, Failure> {
    tx.execute("DELETE FROM reception_slots WHERE reception_id = $1", args![id]).await?;
    if count_applications(tx, id).await? > 0 {
        return Ok(false);
    }
    tx.execute("DELETE FROM receptions WHERE id = $1", args![id]).await?;
    Ok(true)
}

/// Plans a reception again under its id.
pub(super) async fn replace(tx: &mut Tx, new: &Reception, slots: &[(Time, i64)]) -> Result<bool, Failure> {
    Ok(delete_unbooked(tx, &new.id).await? && insert_reception(tx, new, slots).await?)
}

/// The number of receptions of a branch from a day on.
pub(super) async fn count_from(conn: &mut Conn, branch: &str, from: Day) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM receptions WHERE branch_id = $1 AND day >= $2";
    let (count,): (i64,) = conn.fetch_one(sql, args![branch, day_text(from)]).await?;
    Ok(count)
}
