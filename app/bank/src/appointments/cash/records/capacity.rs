//! Reserves and releases capacity of a branch's day: a place, cash, notes. Each reservation is one guarded statement: the
//! first booking inserts the row with the branch's capacity, later ones raise `reserved` only while it fits, and a CHECK
//! constraint backs it up. Rows are locked in one order (slot, cash total, notes 100 … 1), so that bookings cannot
//! deadlock. Values read earlier decide nothing here.

use crate::appointments::cash::model::Notes;
use crate::args;
use crate::kernel::database::{Statement, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{Day, Time, day_text, hhmm};

/// Branch, day and slot of a reservation.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    pub branch: &'p str,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
}

/// The capacity of a branch's day without bookings.
#[derive(Clone, Copy, Debug)]
pub struct DayCapacity {
    /// Places per slot.
    pub places: i64,
    /// Cash of the day.
    pub total: Fen,
    /// Notes of the day.
    pub stock: Notes,
}

/// The capacity that was short; the transaction is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    Slot,
    Total,
    /// Notes of a denomination.
    Notes,
}

/// Reserves a place, the amount and the notes, in one round trip. On `Err(Shortage)` the caller must roll back.
pub async fn reserve(
    tx: &mut Tx,
    place: &Place<'_>,
    capacity: &DayCapacity,
    notes: &Notes,
) -> Result<Result<(), Shortage>, Failure> {
    let day = day_text(place.day);
    let slot = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) \
                SELECT $1, $2, $3, CAST($4 AS BIGINT), 1 WHERE CAST($4 AS BIGINT) >= 1 \
                ON CONFLICT (branch_id, day, slot) DO UPDATE SET reserved = cash_slots.reserved + 1 \
                WHERE cash_slots.reserved < cash_slots.capacity";
    let total = "INSERT INTO cash_totals (branch_id, day, total, reserved) \
                 SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) WHERE CAST($4 AS BIGINT) <= CAST($3 AS BIGINT) \
                 ON CONFLICT (branch_id, day) DO UPDATE SET reserved = cash_totals.reserved + excluded.reserved \
                 WHERE cash_totals.reserved + excluded.reserved <= cash_totals.total";
    let note = "INSERT INTO cash_notes (branch_id, day, denomination, stock, reserved) \
                SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) \
                WHERE CAST($5 AS BIGINT) <= CAST($4 AS BIGINT) \
                ON CONFLICT (branch_id, day, denomination) DO UPDATE SET reserved = cash_notes.reserved + excluded.reserved \
                WHERE cash_notes.reserved + excluded.reserved <= cash_notes.stock";
    let mut statements = vec![
        Statement::new(slot, args![place.branch, &day, hhmm(place.slot), capacity.places]),
        Statement::new(total, args![place.branch, &day, capacity.total.0, notes.value().0]),
    ];
    for (denomination, count) in notes.iter().filter(|(_, count)| *count > 0) {
        let stock = capacity.stock.count(denomination);
        statements.push(Statement::new(note, args![place.branch, &day, denomination.yuan(), stock, count]));
    }
    let short = tx.execute_together(statements).await?.into_iter().position(|reserved| reserved == 0);
    Ok(match short {
        None => Ok(()),
        Some(0) => Err(Shortage::Slot),
        Some(1) => Err(Shortage::Total),
        Some(_) => Err(Shortage::Notes),
    })
}

/// Releases a reservation.
pub async fn release(tx: &mut Tx, place: &Place<'_>, notes: &Notes) -> Result<(), Failure> {
    let day = day_text(place.day);
    let sql = "UPDATE cash_slots SET reserved = reserved - 1 WHERE branch_id = $1 AND day = $2 AND slot = $3";
    tx.execute(sql, args![place.branch, &day, hhmm(place.slot)]).await?;
    let sql = "UPDATE cash_totals SET reserved = reserved - $3 WHERE branch_id = $1 AND day = $2";
    tx.execute(sql, args![place.branch, &day, notes.value().0]).await?;
    for (note, count) in notes.iter().filter(|(_, count)| *count > 0) {
        let sql = "UPDATE cash_notes SET reserved = reserved - $4 WHERE branch_id = $1 AND day = $2 AND denomination = $3";
        tx.execute(sql, args![place.branch, &day, note.yuan(), count]).await?;
    }
    Ok(())
}

/// Pays out: total capacity and reservation both decrease by the payment, the rest is released, and the place stays taken
/// (the slot has one place fewer).
pub async fn pay_out(tx: &mut Tx, place: &Place<'_>, booked: &Notes, paid: &Notes) -> Result<(), Failure> {
    let day = day_text(place.day);
    let sql =
        "UPDATE cash_slots SET reserved = reserved - 1, capacity = capacity - 1 WHERE branch_id = $1 AND day = $2 AND slot = $3";
    tx.execute(sql, args![place.branch, &day, hhmm(place.slot)]).await?;
    let sql = "UPDATE cash_totals SET reserved = reserved - $3, total = total - $4 WHERE branch_id = $1 AND day = $2";
    tx.execute(sql, args![place.branch, &day, booked.value().0, paid.value().0]).await?;
    for (note, count) in booked.iter().filter(|(_, count)| *count > 0) {
        let sql = "UPDATE cash_notes SET reserved = reserved - $4, stock = stock - $5 \
                   WHERE branch_id = $1 AND day = $2 AND denomination = $3";
        tx.execute(sql, args![place.branch, &day, note.yuan(), count, paid.count(note)]).await?;
    }
    Ok(())
}
