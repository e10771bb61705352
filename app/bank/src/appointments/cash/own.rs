//! The booking that is being moved: what it holds itself is no obstacle to its new place, and it counts once in every limit
//! (docs/domain.md §3.5).

use super::availability::{Availability, Busy, DayAvailability, SlotAvailability};
use super::model::Notes;
use super::timing::Timing;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time};

/// What a booking holds, and for how long its customer may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnBooking {
    /// Id of the branch.
    pub branch: String,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
    pub amount: Fen,
    pub notes: Notes,
    /// The first submission.
    pub submitted_at: At,
    /// Until when it can be cancelled where it is.
    pub cancel_until: At,
    /// Whether the branch could still answer it where it is, so that it can stay there even if nobody could book its day any more.
    pub can_stay: bool,
    /// The place that is proposed for it, which it holds as well: branch, day, slot.
    pub proposed: Option<(String, Day, Time)>,
}

impl OwnBooking {
    /// Whether this is the time that the booking takes of the customer.
    pub fn is_at(&self, busy: &Busy) -> bool {
        busy.day == self.day && busy.from <= self.slot && self.slot < busy.to
    }

    /// Until when the customer can cancel it at a place: a move renews no time, and what stays where it is loses none.
    pub fn cancel_until_at(&self, timing: &Timing<'_>, branch: &str, day: Day, slot: Time) -> At {
        let until = timing.cancel_until(self.submitted_at, At::of(day, slot));
        let stays = branch == self.branch && (day, slot) == (self.day, self.slot);
        if stays { until.max(self.cancel_until) } else { until }
    }

    /// What is free at a branch for the customer who moves the booking: its place, cash and notes as well. `untouched` is its day
    /// without bookings: if the day can no longer be booked, nothing is free on it but what the booking holds.
    #[must_use]
    pub fn given_back(&self, branch: &str, mut free: Availability, untouched: Option<DayAvailability>) -> Availability {
        if let Some((_, day, slot)) = self.proposed.as_ref().filter(|(at, ..)| at == branch) {
            // On the day of the booking itself its cash is counted below.
            let money = branch != self.branch || *day != self.day;
            free.give_back(*day, *slot, if money { (self.amount, self.notes) } else { (Fen::ZERO, Notes::NONE) });
        }
        if branch != self.branch {
            return free;
        }
        if free.give_back(self.day, self.slot, (self.amount, self.notes)) {
            return free;
        }
        if let Some(day) = untouched.filter(|day| self.can_stay && day.slot(self.slot).is_some()) {
            let slots = vec![SlotAvailability { slot: self.slot, places: 1 }];
            let held = DayAvailability { slots, cash_left: self.amount, stock_left: self.notes, ..day };
            let place = free.days.partition_point(|free| free.day < self.day);
            free.days.insert(place, held);
        }
        free
    }
}

impl Availability {
    /// Adds a place, cash and notes to a day; `false` if it is not in the window.
    fn give_back(&mut self, day: Day, slot: Time, (cash, notes): (Fen, Notes)) -> bool {
        let Some(day) = self.days.iter_mut().find(|free| free.day == day) else { return false };
        for slot in day.slots.iter_mut().filter(|free| free.slot == slot) {
            slot.places += 1;
        }
        day.cash_left = Fen(day.cash_left.0 + cash.0);
        day.stock_left = day.stock_left.plus(&notes);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::OwnBooking;
    use crate::appointments::cash::CashParameters;
    use crate::appointments::cash::availability::{Busy, CashContext};
    use crate::appointments::cash::model::Notes;
    use crate::appointments::cash::rules::fixture::{context, day, hour, read, with};
    use crate::appointments::cash::timing::Timing;
    use crate::kernel::calendar::calendar_2026;
    use crate::kernel::forms::Refusal;
    use crate::kernel::hours::{Hours, WeekHours, parse_spans};
    use crate::kernel::money::Fen;
    use crate::kernel::time::At;

    fn own() -> OwnBooking {
        OwnBooking {
            branch: "b1".to_owned(),
            day: day(1),
            slot: hour(10),
            amount: Fen::from_yuan(60_000),
            notes: Notes([600, 0, 0, 0, 0, 0]),
            submitted_at: At::of(day(0), hour(9)),
            cancel_until: At::of(day(0), hour(17)),
            can_stay: true,
            proposed: None,
        }
    }

    #[test]
    fn only_its_own_branch_and_day_get_back_what_it_holds() {
        let free = context().availability.expect("a branch");
        assert_eq!(own().given_back("b2", free.clone(), None), free);
        let back = own().given_back("b1", free.clone(), None);
        for (place, (before, after)) in free.days.iter().zip(&back.days).enumerate() {
            if place != 1 {
                assert_eq!(before, after);
                continue;
            }
            assert_eq!(after.cash_left, Fen(before.cash_left.0 + 6_000_000));
            assert_eq!(after.stock_left.minus(&before.stock_left), Some(own().notes));
            let places =
                |of: &crate::appointments::cash::DayAvailability| of.slots.iter().map(|slot| slot.places).collect::<Vec<_>>();
            assert_eq!((places(before), places(after)), (vec![4; 6], vec![4, 5, 4, 4, 4, 4]));
        }
    }

    #[test]
    fn a_place_proposed_for_it_is_free_for_it_and_its_cash_is_counted_once() {
        let free = context().availability.expect("a branch");
        let at =
            |branch: &str, number, slot| OwnBooking { proposed: Some((branch.to_owned(), day(number), hour(slot))), ..own() };
        let gained = |own: OwnBooking, branch: &str| {
            let back = own.given_back(branch, free.clone(), None);
            let places = |of: &crate::appointments::cash::DayAvailability| of.slots.iter().map(|slot| slot.places).sum::<i64>();
            let days = free.days.iter().zip(&back.days);
            days.map(|(before, after)| (places(after) - places(before), after.cash_left.0 - before.cash_left.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(gained(at("b1", 1, 14), "b1")[..3], [(0, 0), (2, 6_000_000), (0, 0)], "on its day the cash is held once");
        assert_eq!(gained(at("b1", 2, 14), "b1")[..3], [(0, 0), (1, 6_000_000), (1, 6_000_000)]);
        assert_eq!(gained(at("b2", 1, 10), "b1")[..3], [(0, 0), (1, 6_000_000), (0, 0)]);
        assert_eq!(gained(at("b2", 1, 10), "b2")[..3], [(0, 0), (1, 6_000_000), (0, 0)]);
        assert_eq!(gained(at("b2", 2, 10), "b3")[..3], [(0, 0); 3]);
    }

    #[test]
    fn it_is_known_by_its_time_among_the_customers_appointments() {
        let busy = |from, to| Busy { day: day(1), from: hour(from), to: hour(to) };
        assert!(own().is_at(&busy(10, 11)));
        assert!(!own().is_at(&busy(9, 10)) && !own().is_at(&busy(11, 12)));
        assert!(!own().is_at(&Busy { day: day(2), ..busy(10, 11) }));
    }

    /// A context in which the day of the booking has left the window.
    fn too_late(own: OwnBooking) -> CashContext {
        let mut context = context();
        let free = context.availability.as_mut().expect("a branch");
        let untouched = free.days.remove(1);
        let free = context.availability.take().expect("a branch");
        context.availability = Some(own.given_back("b1", free, Some(untouched)));
        context.own = Some(own);
        context
    }

    #[test]
    fn where_it_is_it_can_stay_after_the_lead_time_with_what_it_holds_and_no_more() {
        let refused = |context: &CashContext, fields: &[(&str, &str)]| {
            read(&with(fields), context).refusals.iter().map(|refusal| refusal.code().to_owned()).collect::<Vec<_>>()
        };
        let context = too_late(own());
        assert_eq!(refused(&context, &[("remark", "晚一点到")]), [""; 0]);
        assert_eq!(refused(&context, &[("slot", "11:00")]), ["slot_unknown"]);
        assert_eq!(refused(&context, &[("amount", "70000"), ("any_notes", "on")]), ["cash_short"]);
        assert_eq!(refused(&context, &[("notes_100", "500"), ("notes_50", "200")]), ["notes_short"]);
        assert_eq!(refused(&context, &[("day", "2026-12-04"), ("slot", "11:00")]), [""; 0]);
        // The branch could not answer it any more.
        let unanswered = too_late(OwnBooking { can_stay: false, ..own() });
        assert_eq!(refused(&unanswered, &[("remark", "晚一点到")]), ["day_closed"]);
    }

    #[test]
    fn only_what_stays_keeps_the_time_in_which_it_can_be_cancelled() {
        let (calendar, hours) = (calendar_2026(), Hours::from(WeekHours::weekdays(&parse_spans("09:00-17:00").expect("spans"))));
        let parameters = CashParameters::default();
        let timing = Timing { calendar: &calendar, hours: &hours, parameters: &parameters };
        let own = own();
        let until = |branch, slot| own.cancel_until_at(&timing, branch, day(1), hour(slot));
        assert_eq!(until("b1", 10), own.cancel_until);
        assert_eq!((until("b1", 11), until("b2", 10)), (At::of(day(0), hour(15)), At::of(day(0), hour(15))));
    }
}
