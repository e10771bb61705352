//! Parameters of large cash withdrawals and of no-shows (docs/domain.md §3).

use crate::kernel::money::Fen;
use crate::kernel::parameters::{clock, parameters};
use crate::kernel::time::Time;

parameters! {
    /// Parameters of bookings in force at one branch on one day.
    pub struct CashParameters {
        /// For bookings submitted before this time of a working day, the earliest day is the next working day.
        cash_cutoff: Time = clock(15), Clock, Practice(3);
        /// Number of bookable working days, starting with the earliest day.
        cash_window_days: i64 = 5, WorkingDays, Default(3), 1..=60;
        /// Minimum amount that can be booked.
        cash_minimum: Fen = Fen::from_yuan(50_000), Yuan, Practice(3), 1..=10_000_000;
        /// A withdrawal of this amount or more must be booked.
        cash_mandatory_from: Fen = Fen::from_yuan(200_000), Yuan, Practice(3), 1..=100_000_000;
        /// Maximum amount that can be booked online, inclusive.
        cash_online_maximum: Fen = Fen::from_yuan(1_000_000), Yuan, Practice(3), 1..=100_000_000;
        /// The purpose is required from this amount.
        cash_purpose_from: Fen = Fen::from_yuan(200_000), Yuan, Default(3), 50_000..=100_000_000;
        /// Approval of the branch head is required from this amount.
        cash_approval_from: Fen = Fen::from_yuan(500_000), Yuan, Default(3), 0..=100_000_000;
        /// A booking submitted before this time of a working day is answered the same day.
        cash_same_day_answer_before: Time = clock(15), Clock, Default(3);
        /// … by this time or the branch's closing time, whichever is earlier.
        cash_answer_until: Time = clock(17), Clock, Default(3);
        /// A later booking is answered by this time of the next working day.
        cash_next_day_answer_until: Time = clock(10), Clock, Default(3);
        /// Customers can cancel until this time of the previous working day.
        cash_cancel_until: Time = clock(15), Clock, Default(3);
        /// … or for this time after submitting, if that ends later.
        cash_cancel_grace_minutes: i64 = 30, Minutes, Default(3), 0..=1_440;
        /// … or for this time after the bank's answer, if that ends later.
        cash_cancel_answered_minutes: i64 = 60, Minutes, Default(3), 0..=1_440;
        /// An unanswered booking times out this long before its slot.
        cash_time_out_minutes: i64 = 60, Minutes, Default(3), 0..=1_440;
        /// A customer can answer a proposed other place for this time …
        cash_proposal_hours: i64 = 24, Hours, Default(3), 1..=168;
        /// … and until this time before the earlier of the two slots.
        cash_proposal_ahead_minutes: i64 = 60, Minutes, Default(3), 10..=1_440;
        /// A booking that is not collected this long after the end of its slot is a no-show.
        cash_no_show_grace_minutes: i64 = 30, Minutes, Default(3), 0..=480;
        /// Length of a slot.
        cash_slot_minutes: i64 = 60, Minutes, Default(3), 10..=480;
        /// Maximum number of bookings per branch, day and slot.
        cash_slot_places: i64 = 4, Bookings, Default(3), 0..=1_000;
        /// Cash that a branch pays out for bookings per day.
        cash_day_total: Fen = Fen::from_yuan(2_000_000), Yuan, Default(3), 0..=1_000_000_000;
        /// Number of 100-yuan notes that a branch has for the bookings of a day.
        cash_stock_100: i64 = 15_000, Notes, Default(3), 0..=10_000_000;
        /// … of 50 yuan.
        cash_stock_50: i64 = 8_000, Notes, Default(3), 0..=10_000_000;
        /// … of 20 yuan.
        cash_stock_20: i64 = 5_000, Notes, Default(3), 0..=10_000_000;
        /// … of 10 yuan.
        cash_stock_10: i64 = 5_000, Notes, Default(3), 0..=10_000_000;
        /// … of 5 yuan.
        cash_stock_5: i64 = 2_000, Notes, Default(3), 0..=10_000_000;
        /// … of 1 yuan.
        cash_stock_1: i64 = 2_000, Notes, Default(3), 0..=10_000_000;
        /// Maximum sum of one customer's live bookings, at all branches.
        cash_open_max: Fen = Fen::from_yuan(1_000_000), Yuan, Default(3), 1..=1_000_000_000;
        /// Maximum length of the remark.
        cash_remark_max: i64 = 100, Characters, Practice(3), 10..=1_000;
        /// Maximum length of the free text for the purpose 其他.
        cash_purpose_other_max: i64 = 50, Characters, Default(3), 10..=200;
        /// Number of no-shows that blocks online booking.
        no_show_count: i64 = 3, NoShows, Default(3), 1..=1_000;
        /// … if they occur within this many days.
        no_show_window_days: i64 = 90, Days, Default(3), 1..=730;
        /// … for this many days.
        no_show_block_days: i64 = 30, Days, Default(3), 0..=365;
    }
}

impl CashParameters {
    /// Whether a branch head has to approve an amount (docs/domain.md §3.5).
    pub fn needs_approval(&self, amount: Fen) -> bool {
        amount >= self.cash_approval_from
    }
}
