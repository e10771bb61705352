//! Parameters of large cash withdrawals and of no-shows (docs/domain.md §3).

use crate::kernel::money::Fen;
use crate::kernel::parameters::{clock, parameters};
use crate::kernel::time::Time;

parameters! {
    /// What decides about bookings at one branch on one day.
    pub struct CashParameters {
        /// Submitted before this time of a working day, the earliest day is the next working day.
        cash_cutoff: Time = clock(15), Clock, Practice(3);
        /// Bookable working days, from the earliest on.
        cash_window_days: i64 = 5, WorkingDays, Default(3);
        /// The least amount that can be booked.
        cash_minimum: Fen = Fen::from_yuan(50_000), Yuan, Practice(3);
        /// From here on a withdrawal must be booked.
        cash_mandatory_from: Fen = Fen::from_yuan(200_000), Yuan, Practice(3);
        /// The most that can be booked online, included.
        cash_online_maximum: Fen = Fen::from_yuan(1_000_000), Yuan, Practice(3);
        /// From here on the purpose is asked.
        cash_purpose_from: Fen = Fen::from_yuan(200_000), Yuan, Default(3);
        /// From here on the branch head approves.
        cash_approval_from: Fen = Fen::from_yuan(500_000), Yuan, Default(3);
        /// A wish that came before this time of a working day is answered the same day.
        cash_same_day_answer_before: Time = clock(15), Clock, Default(3);
        /// … and by this time, or the branch's closing, the earlier.
        cash_answer_until: Time = clock(17), Clock, Default(3);
        /// A later wish is answered by this time of the next working day.
        cash_next_day_answer_until: Time = clock(10), Clock, Default(3);
        /// Customers cancel until this time of the working day before.
        cash_cancel_until: Time = clock(15), Clock, Default(3);
        /// … or this long after submitting, if that is later.
        cash_cancel_grace_minutes: i64 = 30, Minutes, Default(3);
        /// … or this long after the bank's answer, if that is later.
        cash_cancel_answered_minutes: i64 = 60, Minutes, Default(3);
        /// An unanswered wish times out this long before its slot.
        cash_time_out_minutes: i64 = 60, Minutes, Default(3);
        /// Who has not come this long after the end of the slot is a no-show.
        cash_no_show_grace_minutes: i64 = 30, Minutes, Default(3);
        /// The length of a slot.
        cash_slot_minutes: i64 = 60, Minutes, Default(3);
        /// Bookings per branch, day and slot.
        cash_slot_places: i64 = 4, Bookings, Default(3);
        /// Cash a branch pays out on bookings per day.
        cash_day_total: Fen = Fen::from_yuan(2_000_000), Yuan, Default(3);
        /// Notes of 100 yuan a branch has for bookings of a day.
        cash_stock_100: i64 = 15_000, Notes, Default(3);
        /// … of 50 yuan.
        cash_stock_50: i64 = 8_000, Notes, Default(3);
        /// … of 20 yuan.
        cash_stock_20: i64 = 5_000, Notes, Default(3);
        /// … of 10 yuan.
        cash_stock_10: i64 = 5_000, Notes, Default(3);
        /// … of 5 yuan.
        cash_stock_5: i64 = 2_000, Notes, Default(3);
        /// … of 1 yuan.
        cash_stock_1: i64 = 2_000, Notes, Default(3);
        /// The most that one customer's live bookings may come to, at all branches.
        cash_open_max: Fen = Fen::from_yuan(1_000_000), Yuan, Default(3);
        /// The longest remark.
        cash_remark_max: i64 = 100, Characters, Practice(3);
        /// The longest free text of the purpose 其他.
        cash_purpose_other_max: i64 = 50, Characters, Default(3);
        /// No-shows that block online booking.
        no_show_count: i64 = 3, Bookings, Default(3);
        /// … when they fall within this many days.
        no_show_window_days: i64 = 90, Days, Default(3);
        /// … for this long.
        no_show_block_days: i64 = 30, Days, Default(3);
    }
}
