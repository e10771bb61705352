//! Reserves and releases capacity of a branch's day: a place, cash, notes. Each reservation is one guarded statement: the
//! first booking inserts the row with the branch's capacity, later ones raise `reserved` only while it fits, and a CHECK
//! constraint backs it up. Rows are locked in one order (slot, cash total, notes 100 … 1), so that bookings cannot
//! deadlock. Values read earlier decide nothing here.

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

/// Reserves a place, the amount and the notes, in one round trip. On `Err(Shortage)` the caller must roll back.
pub async fn reserve(
    tx: &mut Tx,
    place: &Place<'_>,
    capacity: &DayCapacity,
    notes: &Notes,
) -> Result<Result<(), Shortage>, Failure> {
    let mut steps =
        vec![(Shortage::Slot, take_place(place, capacity)), (Shortage::Total, take_cash(place, capacity, notes.value()))];
    let counts = notes.iter().filter(|(_, count)| *count > 0);
    steps.extend(counts.map(|(note, count)| (Shortage::Notes, take_notes(place, capacity, note, count))));
    all(tx, steps).await
}

/// Moves a reservation, in one round trip: takes what the new place needs and gives back what the old one held. On the same day
/// the cash and the notes of both are one row, which changes by the difference; in the same slot the place stays. Rows are locked
/// in the order of [`reserve`] and within a table by branch and day, so that two bookings that change places cannot deadlock. On
/// `Err(Shortage)` the caller must roll back.
pub async fn swap(
    tx: &mut Tx,
    (old, held): (&Place<'_>, &Notes),
    (new, wanted): (&Place<'_>, &Notes),
    capacity: &DayCapacity,
) -> Result<Result<(), Shortage>, Failure> {
    let same_day = (old.branch, old.day) == (new.branch, new.day);
    let new_first = (new.branch, new.day, new.slot) < (old.branch, old.day, old.slot);
    let ordered = |shortage, take: Option<Statement>, give: Option<Statement>| {
        let both = if new_first { [take, give] } else { [give, take] };
        both.into_iter().flatten().map(move |statement| (shortage, statement))
    };
    // What is taken and what is given back: on one day the difference.
    let parts = |was: i64, is: i64| if same_day { ((is - was).max(0), (was - is).max(0)) } else { (is, was) };
    let is_elsewhere = !same_day || old.slot != new.slot;
    let (take, give) = (is_elsewhere.then(|| take_place(new, capacity)), is_elsewhere.then(|| give_place(old)));
    let mut steps: Vec<_> = ordered(Shortage::Slot, take, give).collect();
    let (take, give) = parts(held.value().0, wanted.value().0);
    let take = (take > 0).then(|| take_cash(new, capacity, Fen(take)));
    steps.extend(ordered(Shortage::Total, take, (give > 0).then(|| give_cash(old, Fen(give)))));
    for (note, count) in wanted.iter() {
        let (take, give) = parts(held.count(note), count);
        let take = (take > 0).then(|| take_notes(new, capacity, note, take));
        steps.extend(ordered(Shortage::Notes, take, (give > 0).then(|| give_notes(old, note, give))));
    }
    all(tx, steps).await
}

/// Executes the steps in one round trip. Each changes one row; the first that does not tells what is short.
async fn all(tx: &mut Tx, steps: Vec<(Shortage, Statement)>) -> Result<Result<(), Shortage>, Failure> {
    let (shortages, statements): (Vec<_>, Vec<_>) = steps.into_iter().unzip();
    if statements.is_empty() {
        return Ok(Ok(()));
    }
    let changed = tx.execute_together(statements).await?;
    let short = changed.into_iter().zip(shortages).find(|(rows, _)| *rows == 0);
    Ok(short.map_or(Ok(()), |(_, shortage)| Err(shortage)))
}

fn take_place(place: &Place<'_>, capacity: &DayCapacity) -> Statement {
    let sql = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) \
               SELECT $1, $2, $3, CAST($4 AS BIGINT), 1 WHERE CAST($4 AS BIGINT) >= 1 \
               ON CONFLICT (branch_id, day, slot) DO UPDATE SET reserved = cash_slots.reserved + 1 \
               WHERE cash_slots.reserved < cash_slots.capacity";
    Statement::new(sql, args![place.branch, day_text(place.day), hhmm(place.slot), capacity.places])
}

fn take_cash(place: &Place<'_>, capacity: &DayCapacity, amount: Fen) -> Statement {
    let sql = "INSERT INTO cash_totals (branch_id, day, total, reserved) \
               SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) WHERE CAST($4 AS BIGINT) <= CAST($3 AS BIGINT) \
               ON CONFLICT (branch_id, day) DO UPDATE SET reserved = cash_totals.reserved + excluded.reserved \
               WHERE cash_totals.reserved + excluded.reserved <= cash_totals.total";
    Statement::new(sql, args![place.branch, day_text(place.day), capacity.total.0, amount.0])
}

fn take_notes(place: &Place<'_>, capacity: &DayCapacity, note: Denomination, count: i64) -> Statement {
    let sql = "INSERT INTO cash_notes (branch_id, day, denomination, stock, reserved) \
               SELECT $1, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) \
               WHERE CAST($5 AS BIGINT) <= CAST($4 AS BIGINT) \
               ON CONFLICT (branch_id, day, denomination) DO UPDATE SET reserved = cash_notes.reserved + excluded.reserved \
               WHERE cash_notes.reserved + excluded.reserved <= cash_notes.stock";
    Statement::new(sql, args![place.branch, day_text(place.day), note.yuan(), capacity.stock.count(note), count])
}

fn give_place(place: &Place<'_>) -> Statement {
    let sql = "UPDATE cash_slots SET reserved = reserved - 1 WHERE branch_id = $1 AND day = $2 AND slot = $3";
    Statement::new(sql, args![place.branch, day_text(place.day), hhmm(place.slot)])
}

fn give_cash(place: &Place<'_>, amount: Fen) -> Statement {
    let sql = "UPDATE cash_totals SET reserved = reserved - $3 WHERE branch_id = $1 AND day = $2";
    Statement::new(sql, args![place.branch, day_text(place.day), amount.0])
}

fn give_notes(place: &Place<'_>, note: Denomination, count: i64) -> Statement {
    let sql = "UPDATE cash_notes SET reserved = reserved - $4 WHERE branch_id = $1 AND day = $2 AND denomination = $3";
    Statement::new(sql, args![place.branch, day_text(place.day), note.yuan(), count])
}

/// Releases a reservation.
pub async fn release(tx: &mut Tx, place: &Place<'_>, notes: &Notes) -> Result<(), Failure> {
    let mut statements = vec![give_place(place), give_cash(place, notes.value())];
    let counts = notes.iter().filter(|(_, count)| *count > 0);
    statements.extend(counts.map(|(note, count)| give_notes(place, note, count)));
    tx.execute_together(statements).await?;
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
