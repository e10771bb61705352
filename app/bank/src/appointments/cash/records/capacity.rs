//! Reserves and releases capacity of a branch's day: a place, cash, notes. Each reservation is one guarded statement: the
//! first booking inserts the row with the branch's capacity, later ones raise `reserved` only while it fits, and a CHECK
//! constraint backs it up. Rows are locked in one order (slot, cash total, notes 100 … 1), so that bookings cannot
//! deadlock. Values read earlier decide nothing here.

use std::collections::BTreeMap;

use crate::appointments::cash::model::{Denomination, Notes};
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

/// A part of what a booking holds.
#[derive(Clone, Copy, Debug)]
pub struct Hold<'p> {
    pub place: Place<'p>,
    /// The notes, with the cash that they are worth. Of two places on one day only one holds them.
    pub notes: Notes,
}

/// Reserves a place, the amount and the notes, in one round trip. On `Err(Shortage)` the caller must roll back.
pub async fn reserve(
    tx: &mut Tx,
    place: &Place<'_>,
    capacity: &DayCapacity,
    notes: &Notes,
) -> Result<Result<(), Shortage>, Failure> {
    swap(tx, &[], &[Hold { place: *place, notes: *notes }], capacity).await
}

/// Releases what a booking holds.
pub async fn release(tx: &mut Tx, held: &[Hold<'_>]) -> Result<(), Failure> {
    keep(tx, held, &[]).await
}

/// Releases what a booking holds besides `kept`, which is part of it.
pub async fn keep(tx: &mut Tx, held: &[Hold<'_>], kept: &[Hold<'_>]) -> Result<(), Failure> {
    // Nothing is taken, so no capacity is compared.
    let nothing = DayCapacity { places: 0, total: Fen::ZERO, stock: Notes::NONE };
    match swap(tx, held, kept, &nothing).await? {
        Ok(()) => Ok(()),
        Err(shortage) => Err(Failure::stored("capacity that is held", format!("{shortage:?}"))),
    }
}

/// Changes what a booking holds, in one round trip: takes what is wanted and not held, gives back what is held and not wanted.
/// Each row changes once, by the difference. Rows are locked in the order of a booking and within a table by branch, day and
/// slot, so that two bookings that change places cannot deadlock. Everything taken is on the day of this capacity. On
/// `Err(Shortage)` the caller must roll back.
pub async fn swap(
    tx: &mut Tx,
    held: &[Hold<'_>],
    wanted: &[Hold<'_>],
    capacity: &DayCapacity,
) -> Result<Result<(), Shortage>, Failure> {
    let (mut slots, mut days) = (BTreeMap::new(), BTreeMap::new());
    for (holds, sign) in [(held, -1), (wanted, 1)] {
        for Hold { place, notes } in holds {
            *slots.entry((place.branch, place.day, place.slot)).or_insert(0_i64) += sign;
            let changes = days.entry((place.branch, place.day)).or_insert([0_i64; Denomination::ALL.len()]);
            for (change, count) in changes.iter_mut().zip(notes.0) {
                *change += sign * count;
            }
        }
    }
    let mut steps = Vec::new();
    for ((branch, day, slot), change) in slots {
        let place = Place { branch, day, slot };
        match change.signum() {
            1 => steps.push((Some(Shortage::Slot), take_place(&place, capacity))),
            -1 => steps.push((None, give_place(&place))),
            _ => {}
        }
    }
    for ((branch, day), changes) in &days {
        let change = Notes(*changes).value();
        match change.0.signum() {
            1 => steps.push((Some(Shortage::Total), take_cash(branch, *day, capacity, change))),
            -1 => steps.push((None, give_cash(branch, *day, Fen(-change.0)))),
            _ => {}
        }
    }
    for note in Denomination::ALL {
        for ((branch, day), changes) in &days {
            let change = Notes(*changes).count(note);
            match change.signum() {
                1 => steps.push((Some(Shortage::Notes), take_notes(branch, *day, capacity, note, change))),
                -1 => steps.push((None, give_notes(branch, *day, note, -change))),
                _ => {}
            }
        }
    }
    all(tx, steps).await
}

/// Executes the steps in one round trip. The first that takes and changes no row tells what is short.
async fn all(tx: &mut Tx, steps: Vec<(Option<Shortage>, Statement)>) -> Result<Result<(), Shortage>, Failure> {
    let (shortages, statements): (Vec<_>, Vec<_>) = steps.into_iter().unzip();
    if statements.is_empty() {
        return Ok(Ok(()));
    }
    let changed = tx.execute_together(statements).await?;
    let short = changed.into_iter().zip(shortages).find_map(|(rows, shortage)| shortage.filter(|_| rows == 0));
    Ok(short.map_or(Ok(()), Err))
}

fn take_place(place: &Place<'_>, capacity: &DayCapacity) -> Statement {
    let sql = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) \
               SELECT $1, $2, $3, CAST($4 AS BIGINT), 1 WHERE CAST($4 AS BIGINT) >= 1 \
               ON CONFLICT (branch_id, day, slot) DO UPDATE SET reserved = cash_slots.reserved + 1 \
               WHERE cash_slots.reserved < cash_slots.capacity";
    Statement::new(sql, args![place.branch, day_text(place.day), hhmm(place.slot), capacity.places])
}

fn take_cash(branch: &str, day: Day, capacity: &DayCapacity, amount: Fen) -> Statement {
    let sql = "INSERT INTO cash_totals (branch_id, day, total, reserved) \
               SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) WHERE CAST($4 AS BIGINT) <= CAST($3 AS BIGINT) \
               ON CONFLICT (branch_id, day) DO UPDATE SET reserved = cash_totals.reserved + excluded.reserved \
               WHERE cash_totals.reserved + excluded.reserved <= cash_totals.total";
    Statement::new(sql, args![branch, day_text(day), capacity.total.0, amount.0])
}

fn take_notes(branch: &str, day: Day, capacity: &DayCapacity, note: Denomination, count: i64) -> Statement {
    let sql = "INSERT INTO cash_notes (branch_id, day, denomination, stock, reserved) \
               SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) \
               WHERE CAST($5 AS BIGINT) <= CAST($4 AS BIGINT) \
               ON CONFLICT (branch_id, day, denomination) DO UPDATE SET reserved = cash_notes.reserved + excluded.reserved \
               WHERE cash_notes.reserved + excluded.reserved <= cash_notes.stock";
    Statement::new(sql, args![branch, day_text(day), note.yuan(), capacity.stock.count(note), count])
}

fn give_place(place: &Place<'_>) -> Statement {
    let sql = "UPDATE cash_slots SET reserved = reserved - 1 WHERE branch_id = $1 AND day = $2 AND slot = $3";
    Statement::new(sql, args![place.branch, day_text(place.day), hhmm(place.slot)])
}

fn give_cash(branch: &str, day: Day, amount: Fen) -> Statement {
    let sql = "UPDATE cash_totals SET reserved = reserved - $3 WHERE branch_id = $1 AND day = $2";
    Statement::new(sql, args![branch, day_text(day), amount.0])
}

fn give_notes(branch: &str, day: Day, note: Denomination, count: i64) -> Statement {
    let sql = "UPDATE cash_notes SET reserved = reserved - $4 WHERE branch_id = $1 AND day = $2 AND denomination = $3";
    Statement::new(sql, args![branch, day_text(day), note.yuan(), count])
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
