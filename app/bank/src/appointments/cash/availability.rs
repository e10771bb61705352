//! The data the rules decide on: free capacity of a branch per day, and facts about the customer.
//!
//! The server reads it from the database for each page and again before each attempt to book; islands get a part of it
//! (`browser_context.rs`). It is a snapshot: the booking's transaction enforces the capacity itself.

use serde::{Deserialize, Serialize};

use super::CashParameters;
use super::model::{Notes, purposes};
use super::own::OwnBooking;
use super::split::propose_split;
use super::timing::Timing;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, days_between};

/// A slot of a day with its free places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotAvailability {
    pub slot: Time,
    /// Free places.
    pub places: i64,
}

/// Free capacity of one working day of the booking window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayAvailability {
    pub day: Day,
    /// Whether the branch pays out booked cash that day; if not, there are no slots.
    pub open: bool,
    /// In chronological order.
    pub slots: Vec<SlotAvailability>,
    /// Length of a slot, minutes: `cash_slot_minutes` of that day.
    pub slot_minutes: i64,
    /// Free part of the day's cash total.
    pub cash_left: Fen,
    /// Free part of the day's stock of notes.
    pub stock_left: Notes,
}

impl DayAvailability {
    /// The slot that begins at this time.
    pub fn slot(&self, slot: Time) -> Option<SlotAvailability> {
        self.slots.iter().copied().find(|available| available.slot == slot)
    }

    /// Whether nothing more can be booked: no free place, or less cash than the minimum amount.
    pub fn is_full(&self, minimum: Fen) -> bool {
        self.cash_left < minimum || self.slots.iter().all(|available| available.places <= 0)
    }

    /// Whether the day has enough cash and notes.
    pub fn holds(&self, need: &Need) -> bool {
        let Some(amount) = need.amount else { return true };
        let notes = match need.notes {
            NotesNeed::Any => propose_split(amount.yuan(), &self.stock_left).is_some(),
            NotesNeed::Counted(notes) => notes.fit(&self.stock_left),
        };
        amount <= self.cash_left && notes
    }
}

/// Whether a booking made now is before the cut-off, which decides the earliest day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutoffStatus {
    /// Before today's cut-off.
    InTime(Time),
    /// After today's cut-off.
    Late(Time),
    /// The branch does not work today.
    Closed,
}

impl CutoffStatus {
    /// For a booking made at `now`.
    pub fn at(timing: &Timing<'_>, now: At) -> Self {
        let cutoff = timing.cutoff(now.day());
        if timing.received_at(now) != now {
            Self::Closed
        } else if now.time() < cutoff {
            Self::InTime(cutoff)
        } else {
            Self::Late(cutoff)
        }
    }
}

/// Free capacity of a branch on every working day of the window, the earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// Days missing between the first and the last one are not working days.
    pub days: Vec<DayAvailability>,
    /// Whether a booking made now is before the cut-off.
    pub cutoff_status: CutoffStatus,
}

impl Availability {
    /// The earliest day on which the branch pays out.
    pub fn earliest(&self) -> Option<Day> {
        self.days.iter().find(|available| available.open).map(|available| available.day)
    }

    /// Free capacity of a day of the window.
    pub fn on(&self, day: Day) -> Option<&DayAvailability> {
        self.days.iter().find(|available| available.day == day)
    }
}

/// The customer's choice of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotesNeed {
    /// Any notes, or not chosen yet.
    Any,
    /// These notes.
    Counted(Notes),
}

/// What a day must have for a booking, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub amount: Option<Fen>,
    pub notes: NotesNeed,
}

/// An existing appointment of the customer, of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    pub day: Day,
    /// Start (inclusive).
    pub from: Time,
    /// End (exclusive).
    pub to: Time,
}

/// The parameters used by the rules of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashLimits {
    /// `cash_minimum`.
    pub minimum: Fen,
    /// `cash_online_maximum`.
    pub maximum: Fen,
    /// `cash_purpose_from`.
    pub purpose_from: Fen,
    /// `cash_purpose_other_max`, characters.
    pub purpose_other_max: i64,
    /// `cash_remark_max`, characters.
    pub remark_max: i64,
}

impl From<&CashParameters> for CashLimits {
    fn from(parameters: &CashParameters) -> Self {
        Self {
            minimum: parameters.cash_minimum,
            maximum: parameters.cash_online_maximum,
            purpose_from: parameters.cash_purpose_from,
            purpose_other_max: parameters.cash_purpose_other_max,
            remark_max: parameters.cash_remark_max,
        }
    }
}

/// The most amounts that are offered on buttons.
const QUICK_AMOUNTS: usize = 4;

impl CashContext {
    /// Round amounts (1, 2, 5 and their tens) that can be booked, the smallest first, for buttons beside the amount.
    pub fn quick_amounts(&self) -> Vec<Fen> {
        let most = self.limits.maximum.min(self.open_left).min(self.reach(None));
        let tens = (0..15).map(|power| 10_i64.pow(power));
        let round = tens.flat_map(|ten| [1, 2, 5].map(|digit| Fen::from_yuan(digit * ten)));
        round.filter(|amount| (self.limits.minimum..=most).contains(amount)).take(QUICK_AMOUNTS).collect()
    }
}

/// All data outside the form that the rules need. It never leaves the server; the browser gets a [`super::BrowserContext`] of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashContext {
    /// The bank's time.
    pub now: At,
    /// The parameters in force.
    pub limits: CashLimits,
    /// Whether the holder is a company.
    pub corporate: bool,
    /// Whether the customer has a risk flag, so that the purpose is always asked.
    pub risk_flag: bool,
    /// Ids of the customer's active accounts, in order.
    pub accounts: Vec<String>,
    /// Their balances, in the same order. Only offers are kept within them, on the server; an amount above the balance is not
    /// refused (docs/domain.md §3.1).
    pub balances: Vec<Fen>,
    /// Ids of all branches.
    pub branches: Vec<String>,
    /// Free capacity of the chosen branch; `None` until one is chosen.
    pub availability: Option<Availability>,
    /// Days on which the account holder has a live cash booking.
    pub booked: Vec<Day>,
    /// The customer's own appointments of every kind.
    pub busy: Vec<Busy>,
    /// The first day on which online booking is possible again after too many no-shows.
    pub blocked_until: Option<Day>,
    /// The rest of `cash_open_max` after the account holder's live bookings. Validated on the server only.
    pub open_left: Fen,
    /// The amount up to which free cash and notes are known: the browser receives only what its amount requires. `None` on the
    /// server: all of it.
    pub known_to: Option<Fen>,
    /// The booking that is being moved, which the values above leave out of account. It never leaves the server.
    pub own: Option<OwnBooking>,
}

impl CashContext {
    /// Whether free capacity is known well enough to validate this amount.
    pub fn knows(&self, amount: Fen) -> bool {
        self.known_to.is_none_or(|known| amount <= known)
    }

    /// The most that is offered from this account: its balance; without one, the largest balance of the customer's accounts.
    pub fn reach(&self, account: Option<&str>) -> Fen {
        let known = self.accounts.iter().zip(&self.balances);
        let of = |id: &str| known.clone().find(|(account, _)| *account == id).map(|(_, balance)| *balance);
        let largest = || self.balances.iter().max().copied();
        account.and_then(of).or_else(largest).unwrap_or(Fen(i64::MAX))
    }

    /// The purposes this customer can choose from.
    pub fn purposes(&self) -> &'static [&'static str] {
        purposes(self.corporate)
    }

    /// Whether the purpose is asked for this amount.
    pub fn asks_purpose(&self, amount: Option<Fen>) -> bool {
        self.risk_flag || amount.is_some_and(|amount| amount >= self.limits.purpose_from)
    }

    /// The end of a slot; `None` for a day that cannot be booked.
    pub fn slot_end(&self, day: Day, slot: Time) -> Option<At> {
        let available = self.availability.as_ref()?.days.iter().find(|available| available.day == day)?;
        Some(At::of(day, slot).plus_minutes(available.slot_minutes))
    }

    /// The customer's own appointment that overlaps this slot, if any.
    pub fn overlap(&self, day: Day, slot: Time) -> Option<Busy> {
        let (from, to) = (At::of(day, slot), self.slot_end(day, slot)?);
        self.busy.iter().copied().find(|busy| At::of(busy.day, busy.from) < to && from < At::of(busy.day, busy.to))
    }

    /// The nearest day and slot that would be accepted: nearest to `day`, then to `slot`, the later one on a tie. Without a
    /// day, the earliest.
    pub fn nearest_slot(&self, need: &Need, day: Option<Day>, slot: Option<Time>) -> Option<(Day, Time)> {
        self.nearest_slot_but(need, day, slot, None)
    }

    /// The same, but not this day and slot.
    pub fn nearest_slot_but(
        &self,
        need: &Need,
        day: Option<Day>,
        slot: Option<Time>,
        but: Option<(Day, Time)>,
    ) -> Option<(Day, Time)> {
        let availability = self.availability.as_ref()?;
        let wanted = day.or_else(|| availability.days.first().map(|available| available.day))?;
        let mut days: Vec<&DayAvailability> =
            availability.days.iter().filter(|available| self.is_free(available, need)).collect();
        days.sort_by_key(|available| {
            let ahead = days_between(wanted, available.day);
            (ahead.abs(), ahead < 0)
        });
        days.into_iter().find_map(|available| self.slot_near(available, slot, but).map(|slot| (available.day, slot)))
    }

    /// The days on which the rules would accept the need, the earliest first.
    pub fn free_days(&self, need: &Need) -> Vec<Day> {
        if self.blocked_until.is_some() {
            return Vec::new();
        }
        let days = self.availability.iter().flat_map(|availability| &availability.days);
        let free = days.filter(|available| self.is_free(available, need) && self.slot_near(available, None, None).is_some());
        free.map(|available| available.day).collect()
    }

    /// The slots of a day that the customer can choose: they have a place and do not overlap an appointment of their own.
    pub fn free_slots<'a>(&'a self, available: &'a DayAvailability) -> impl Iterator<Item = SlotAvailability> + 'a {
        let free = |slot: &SlotAvailability| slot.places > 0 && self.overlap(available.day, slot.slot).is_none();
        available.slots.iter().copied().filter(free)
    }

    /// Whether the customer can choose the day, whatever the amount.
    pub fn may_choose(&self, available: &DayAvailability) -> bool {
        let need = Need { amount: None, notes: NotesNeed::Any };
        self.is_free(available, &need) && self.free_slots(available).next().is_some()
    }

    /// Whether the day can be chosen, provided that one of its slots can.
    fn is_free(&self, available: &DayAvailability, need: &Need) -> bool {
        available.open
            && !available.is_full(self.limits.minimum)
            && !self.booked.contains(&available.day)
            && available.holds(need)
    }

    fn slot_near(&self, available: &DayAvailability, wanted: Option<Time>, but: Option<(Day, Time)>) -> Option<Time> {
        let distance = |slot: Time| {
            let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
            let ahead = wanted.map_or_else(|| minutes(slot), |wanted| minutes(slot) - minutes(wanted));
            (ahead.abs(), ahead < 0)
        };
        let free = self.free_slots(available).map(|slot| slot.slot).filter(|slot| but != Some((available.day, *slot)));
        free.min_by_key(|slot| distance(*slot))
    }
}

#[cfg(test)]
mod tests {
    use super::{Busy, Need, NotesNeed};
    use crate::appointments::cash::model::Notes;
    use crate::appointments::cash::rules::fixture::{context, day, hour};
    use crate::kernel::money::Fen;

    const NOTHING: Need = Need { amount: None, notes: NotesNeed::Any };

    #[test]
    fn the_nearest_slot_is_on_the_same_day_first_and_the_later_of_two() {
        let mut context = context();
        let days = &mut context.availability.as_mut().expect("a branch").days;
        days[1].slots[2].places = 0;
        assert_eq!(context.nearest_slot(&NOTHING, Some(day(1)), Some(hour(11))), Some((day(1), hour(10))));
        let days = &mut context.availability.as_mut().expect("a branch").days;
        days[1].slots.iter_mut().for_each(|slot| slot.places = 0);
        assert_eq!(context.nearest_slot(&NOTHING, Some(day(1)), Some(hour(11))), Some((day(2), hour(11))));
        context.booked.push(day(2));
        assert_eq!(context.nearest_slot(&NOTHING, Some(day(1)), Some(hour(11))), Some((day(0), hour(11))));
        context.busy.push(Busy { day: day(0), from: hour(11), to: hour(12) });
        assert_eq!(context.nearest_slot(&NOTHING, Some(day(1)), Some(hour(11))), Some((day(0), hour(10))));
    }

    #[test]
    fn a_day_without_the_cash_or_the_notes_is_not_offered() {
        let mut context = context();
        let need = |notes| Need { amount: Some(Fen::from_yuan(200_000)), notes };
        let days = &mut context.availability.as_mut().expect("a branch").days;
        days[0].cash_left = Fen::from_yuan(199_999);
        days[1].stock_left = Notes([1_500, 1_000, 0, 0, 0, 0]);
        let hundreds = NotesNeed::Counted(Notes([2_000, 0, 0, 0, 0, 0]));
        assert_eq!(context.nearest_slot(&need(NotesNeed::Any), None, None), Some((day(1), hour(9))));
        assert_eq!(context.nearest_slot(&need(hundreds), None, None), Some((day(2), hour(9))));
    }

    #[test]
    fn a_day_is_free_only_where_the_rules_would_accept_the_wish() {
        let mut context = context();
        let need = Need { amount: Some(Fen::from_yuan(200_000)), notes: NotesNeed::Any };
        let days = &mut context.availability.as_mut().expect("a branch").days;
        // Without cash; vault closed; all places reserved, or overlapping the customer's own appointments.
        days[0].cash_left = Fen::from_yuan(199_999);
        days[1].open = false;
        days[2].slots.iter_mut().for_each(|slot| slot.places = 0);
        days[3].slots.truncate(1);
        context.busy.push(Busy { day: day(3), from: hour(9), to: hour(10) });
        assert_eq!(context.free_days(&need), [day(4)]);
        context.booked.push(day(4));
        assert_eq!(context.free_days(&need), []);
        context.booked.clear();
        context.blocked_until = Some(day(4));
        assert_eq!(context.free_days(&need), []);
    }

    #[test]
    fn a_day_can_be_chosen_only_with_a_slot_that_can_be_chosen() {
        let mut context = context();
        let days = &mut context.availability.as_mut().expect("a branch").days;
        // Taken by their own booking; full; vault closed; its only free slot overlaps another appointment of theirs.
        days[1].slots.iter_mut().for_each(|slot| slot.places = 0);
        days[2].open = false;
        days[3].slots.iter_mut().skip(1).for_each(|slot| slot.places = 0);
        context.booked.push(day(0));
        context.busy.push(Busy { day: day(3), from: hour(9), to: hour(10) });
        let days = context.availability.clone().expect("a branch").days;
        let chosen: Vec<_> =
            days.iter().filter(|available| context.may_choose(available)).map(|available| available.day).collect();
        assert_eq!(chosen, [day(4)]);
        let slots: Vec<_> = context.free_slots(&days[4]).map(|slot| slot.slot).collect();
        assert_eq!(slots, [9, 10, 11, 14, 15, 16].map(hour));
        assert!(context.free_slots(&days[3]).next().is_none());
    }

    #[test]
    fn appointments_that_only_touch_do_not_overlap() {
        let mut context = context();
        context.busy.push(Busy { day: day(0), from: hour(10), to: hour(11) });
        assert!(context.overlap(day(0), hour(9)).is_none());
        assert!(context.overlap(day(0), hour(10)).is_some());
        assert!(context.overlap(day(0), hour(11)).is_none());
        assert!(context.overlap(day(1), hour(10)).is_none());
    }
}
