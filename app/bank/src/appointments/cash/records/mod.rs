//! Rows of cash bookings, private to this folder. Reading order: `capacity.rs` (reserving and releasing), `booking.rs` (the
//! booking itself), `moving.rs` (another place for it), `left.rs` (free capacity, for the rules), `touched.rs` (for the preview
//! of a change), `past.rs` (the generated past of a demo bank), `check.rs` (`lobby check`).

mod booking;
mod capacity;
mod check;
mod left;
mod moving;
mod past;
mod touched;

pub(super) use booking::{
    BoardRow, BookingRow, NewBooking, RegisterEntry, find_booking, insert_booking, insert_register, list_board, set_arrived,
    set_cancel_until, set_company_answer, set_confirmed_by, set_ended,
};
pub use capacity::{DayCapacity, Place};
pub(super) use capacity::{Hold, keep, pay_out, release, reserve, swap};
pub(super) use check::check;
pub(super) use left::{TakenDays, TakenParts, last_no_shows, list_stock, live_bookings, taken_everywhere};
pub(super) use moving::{accept_place, move_booking};
pub use past::{PastBooking, PastDay, PastPayment, hold, hold_time, insert_past_bookings, insert_past_days};
pub(super) use touched::{Booked as BookedCapacity, booked, count_live};
