//! Bookings of the generated past of a demo bank, inserted many at a time: bookings, register, what is left of the days, and the
//! capacity and time that live bookings hold.

use super::capacity::{DayCapacity, Place, reserve};
use crate::appointments::cash::model::{Collector, Notes};
use crate::appointments::engagements;
use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::people::IdType;
use crate::kernel::seal::columns::CASH_PHONE;
use crate::kernel::time::{At, Day, Time, day_text, hhmm};

/// A booking of the past, collected by the account holder.
#[derive(Clone, Debug)]
pub struct PastBooking {
    pub number: String,
    pub customer_id: String,
    pub account_id: String,
    pub branch_id: String,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
    pub notes: Notes,
    pub purpose: Option<&'static str>,
    pub phone: String,
    pub cancel_until: At,
    /// User id of the clerk.
    pub confirmed_by: Option<String>,
    pub no_show_at: Option<At>,
    pub live: bool,
    pub payment: Option<PastPayment>,
}

/// The payment of a completed booking: exactly the booked notes.
#[derive(Clone, Debug)]
pub struct PastPayment {
    pub at: At,
    /// User id.
    pub teller: String,
    /// Name of the account holder.
    pub collected_by: String,
}

/// What the completed bookings of a day have used up.
#[derive(Clone, Debug)]
pub struct PastDay {
    pub branch_id: String,
    pub day: Day,
    pub capacity: DayCapacity,
    /// The slots with bookings and how many of them were completed.
    pub slots: Vec<(Time, i64)>,
    pub paid: Notes,
}

/// Inserts past bookings with their entries in the register.
pub async fn insert_past_bookings(tx: &mut Tx, bookings: &[PastBooking]) -> Result<(), Failure> {
    let seal = tx.seal();
    let (mut rows, mut register) = (Vec::new(), Vec::new());
    for booking in bookings {
        let [n100, n50, n20, n10, n5, n1] = booking.notes.0;
        let shown = booking.payment.as_ref().map(|_| IdType::ResidentId.code());
        rows.push(args![
            &booking.number,
            &booking.customer_id,
            &booking.account_id,
            &booking.branch_id,
            day_text(booking.day),
            hhmm(booking.slot),
            booking.notes.value().0,
            n100,
            n50,
            n20,
            n10,
            n5,
            n1,
            true,
            false,
            booking.purpose,
            Collector::MYSELF,
            seal.seal(&CASH_PHONE, &booking.number, &booking.phone)?,
            "",
            booking.cancel_until.0,
            booking.confirmed_by.clone(),
            shown,
            shown.map(|_| Collector::MYSELF),
            booking.no_show_at.map(|at| at.0),
            booking.live
        ]);
        if let Some(payment) = &booking.payment {
            register.push(args![
                &booking.number,
                payment.at.0,
                booking.notes.value().0,
                n100,
                n50,
                n20,
                n10,
                n5,
                n1,
                booking.purpose.unwrap_or_default(),
                Collector::MYSELF,
                &payment.collected_by,
                shown,
                &payment.teller
            ]);
        }
    }
    let into = "INSERT INTO cash_appointments (case_number, customer_id, account_id, branch_id, day, slot, amount, notes_100, notes_50, \
                notes_20, notes_10, notes_5, notes_1, any_notes, new_notes, purpose, collector, phone_sealed, remark, cancel_until, \
                confirmed_by, arrived_as, arrived_collector, no_show_at, live)";
    tx.insert_rows(into, &rows, "").await?;
    let into = "INSERT INTO cash_register (case_number, paid_at, amount, notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, \
                purpose, collector, collected_by, id_checked, teller)";
    tx.insert_rows(into, &register, "").await
}

/// Subtracts what the completed bookings of these days have used up.
pub async fn insert_past_days(tx: &mut Tx, days: &[PastDay]) -> Result<(), Failure> {
    let (mut slots, mut totals, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for past in days {
        let (branch, day) = (past.branch_id.as_str(), day_text(past.day));
        for (slot, completed) in &past.slots {
            slots.push(args![branch, &day, hhmm(*slot), past.capacity.places - completed, 0_i64]);
        }
        totals.push(args![branch, &day, past.capacity.total.0 - past.paid.value().0, 0_i64]);
        for (note, count) in past.paid.iter().filter(|(_, count)| *count > 0) {
            notes.push(args![branch, &day, note.yuan(), past.capacity.stock.count(note) - count, 0_i64]);
        }
    }
    // A day that exists already was booked by somebody else: it keeps the smaller rest.
    let into = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved)";
    let after = " ON CONFLICT (branch_id, day, slot) DO UPDATE SET capacity = excluded.capacity WHERE cash_slots.reserved <= excluded.capacity";
    tx.insert_rows(into, &slots, after).await?;
    let into = "INSERT INTO cash_totals (branch_id, day, total, reserved)";
    let after = " ON CONFLICT (branch_id, day) DO UPDATE SET total = excluded.total WHERE cash_totals.reserved <= excluded.total";
    tx.insert_rows(into, &totals, after).await?;
    let into = "INSERT INTO cash_notes (branch_id, day, denomination, stock, reserved)";
    let after = " ON CONFLICT (branch_id, day, denomination) DO UPDATE SET stock = excluded.stock WHERE cash_notes.reserved <= excluded.stock";
    tx.insert_rows(into, &notes, after).await
}

/// Whether a place, the cash and the notes are free.
async fn fits(tx: &mut Tx, place: &Place<'_>, capacity: &DayCapacity, notes: &Notes) -> Result<bool, Failure> {
    let day = day_text(place.day);
    let sql = "SELECT capacity - reserved FROM cash_slots WHERE branch_id = $1 AND day = $2 AND slot = $3";
    let places: Option<(i64,)> = tx.fetch_optional(sql, args![place.branch, &day, hhmm(place.slot)]).await?;
    let sql = "SELECT total - reserved FROM cash_totals WHERE branch_id = $1 AND day = $2";
    let total: Option<(i64,)> = tx.fetch_optional(sql, args![place.branch, &day]).await?;
    let sql = "SELECT denomination, stock - reserved FROM cash_notes WHERE branch_id = $1 AND day = $2";
    let left: Vec<(i64, i64)> = tx.fetch_all(sql, args![place.branch, &day]).await?;
    let left = |yuan: i64, stock: i64| left.iter().find(|(of, _)| *of == yuan).map_or(stock, |(_, left)| *left);
    let enough = notes.iter().all(|(note, count)| count <= left(note.yuan(), capacity.stock.count(note)));
    Ok(places.map_or(capacity.places, |(places,)| places) > 0
        && notes.value() <= total.map_or(capacity.total, |(total,)| Fen(total))
        && enough)
}

/// Reserves capacity and the customer's time for a live booking that fits; `false`, with nothing changed, if it does not.
pub async fn hold(tx: &mut Tx, place: &Place<'_>, capacity: &DayCapacity, notes: &Notes) -> Result<bool, Failure> {
    if !fits(tx, place, capacity, notes).await? {
        return Ok(false);
    }
    match reserve(tx, place, capacity, notes).await? {
        Ok(()) => Ok(true),
        Err(shortage) => Err(Failure::Host(format!("a booking that fitted did not: {shortage:?}"))),
    }
}

/// Records the customer's time of a live booking; its case exists.
pub async fn hold_time(tx: &mut Tx, customer_id: &str, number: &str, (start, end): (At, At)) -> Result<(), Failure> {
    if engagements::reserve_time(tx, customer_id, number, start, end).await? {
        return Ok(());
    }
    Err(Failure::Host("a customer of the generated past has two appointments at a time".to_owned()))
}
