//! What is left at a branch, day by day, and what the rules know about the customer: the snapshot a wish is judged by.
//!
//! The server fills it from the database, once for the page and again inside the transaction; islands get the same. Not
//! here: the guarantee itself, which is the database's.

use serde::{Deserialize, Serialize};

use super::model::{Notes, purposes};
use super::split::propose_split;
use super::timing::Timing;
use crate::kernel::money::Fen;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day, Time, days_between};

/// A slot of a day and the places left in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotOffer {
    /// Its beginning.
    pub slot: Time,
    /// Places left.
    pub places: i64,
}

/// What is left on one working day of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOffer {
    /// The day.
    pub day: Day,
    /// Whether the branch pays out booked cash that day; if not, there are no slots.
    pub open: bool,
    /// Its slots in order.
    pub slots: Vec<SlotOffer>,
    /// How long each is: `cash_slot_minutes` of that day.
    pub slot_minutes: i64,
    /// What is left of the day's cash total.
    pub cash_left: Fen,
    /// What is left of the stock.
    pub stock_left: Notes,
}

impl DayOffer {
    /// The slot that begins then.
    pub fn slot(&self, slot: Time) -> Option<SlotOffer> {
        self.slots.iter().copied().find(|offer| offer.slot == slot)
    }

    /// Whether nothing more can be booked: no place, or less cash than the least amount.
    pub fn is_full(&self, minimum: Fen) -> bool {
        self.cash_left < minimum || self.slots.iter().all(|offer| offer.places <= 0)
    }

    /// Whether the day has the cash and the notes for this.
    pub fn holds(&self, need: &Need) -> bool {
        let Some(amount) = need.amount else { return true };
        let notes = match need.notes {
            NotesNeed::Any => propose_split(amount.yuan(), &self.stock_left).is_some(),
            NotesNeed::Counted(notes) => notes.fit(&self.stock_left),
        };
        amount <= self.cash_left && notes
    }
}

/// How a wish made now counts: why the earliest day is the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// Before today's cut-off.
    InTime(Time),
    /// After it.
    Late(Time),
    /// The branch does not work today.
    Closed,
}

impl Receipt {
    /// Of a wish made at this moment.
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

/// What a branch has left on every working day of the window, the earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The days; between the first and the last one, a day that is missing is not worked.
    pub days: Vec<DayOffer>,
    /// How a wish made now counts.
    pub receipt: Receipt,
}

impl Availability {
    /// The earliest day on which the branch pays out.
    pub fn earliest(&self) -> Option<Day> {
        self.days.iter().find(|offer| offer.open).map(|offer| offer.day)
    }

    /// What is left on a day of the window.
    pub fn on(&self, day: Day) -> Option<&DayOffer> {
        self.days.iter().find(|offer| offer.day == day)
    }
}

/// How the customer wants the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotesNeed {
    /// Any notes, or not said yet.
    Any,
    /// These notes.
    Counted(Notes),
}

/// What a day must hold for a wish, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The amount.
    pub amount: Option<Fen>,
    /// The notes.
    pub notes: NotesNeed,
}

/// An appointment the customer has already, of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// Its day.
    pub day: Day,
    /// From then.
    pub from: Time,
    /// To before then.
    pub to: Time,
}

/// The parameters the rules of the form need.
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

impl From<&Parameters> for CashLimits {
    fn from(parameters: &Parameters) -> Self {
        Self {
            minimum: parameters.cash_minimum,
            maximum: parameters.cash_online_maximum,
            purpose_from: parameters.cash_purpose_from,
            purpose_other_max: parameters.cash_purpose_other_max,
            remark_max: parameters.cash_remark_max,
        }
    }
}

/// Everything outside the form that decides about it. It never leaves the server; the browser gets a
/// [`super::Glance`] of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashContext {
    /// The bank's now.
    pub now: At,
    /// The parameters in force.
    pub limits: CashLimits,
    /// Whether the holder is a company.
    pub corporate: bool,
    /// Whether the customer carries a risk flag: the purpose is then always asked.
    pub risk_flag: bool,
    /// The customer's own active accounts, in their order.
    pub accounts: Vec<String>,
    /// Every branch.
    pub branches: Vec<String>,
    /// What the chosen branch has left; `None` until a branch is chosen.
    pub availability: Option<Availability>,
    /// Days on which the holder has a live large-cash booking.
    pub booked: Vec<Day>,
    /// The customer's own appointments.
    pub busy: Vec<Busy>,
    /// After too many no-shows, the first day on which booking online is possible again.
    pub blocked_until: Option<Day>,
    /// What `cash_open_max` leaves beside the holder's live bookings. Judged on the server only.
    pub open_left: Fen,
    /// The amount up to which cash and stock are known: what is left is told only as far as it was asked for. `None`:
    /// all of it, on the server.
    pub known_to: Option<Fen>,
}

impl CashContext {
    /// Whether what is left is known well enough to judge an amount.
    pub fn knows(&self, amount: Fen) -> bool {
        self.known_to.is_none_or(|known| amount <= known)
    }

    /// The purposes this customer chooses from.
    pub fn purposes(&self) -> &'static [&'static str] {
        purposes(self.corporate)
    }

    /// Whether the purpose is asked for an amount.
    pub fn asks_purpose(&self, amount: Option<Fen>) -> bool {
        self.risk_flag || amount.is_some_and(|amount| amount >= self.limits.purpose_from)
    }

    /// The end of a slot; `None` for a day that cannot be booked.
    pub fn slot_end(&self, day: Day, slot: Time) -> Option<At> {
        let offer = self.availability.as_ref()?.days.iter().find(|offer| offer.day == day)?;
        Some(At::of(day, slot).plus_minutes(offer.slot_minutes))
    }

    /// The customer's own appointment that overlaps a slot.
    pub fn overlap(&self, day: Day, slot: Time) -> Option<Busy> {
        let (from, to) = (At::of(day, slot), self.slot_end(day, slot)?);
        self.busy.iter().copied().find(|busy| At::of(busy.day, busy.from) < to && from < At::of(busy.day, busy.to))
    }

    /// The nearest day and slot that would be accepted for a need: as near as can be to `day`, then to `slot`, the later
    /// where two are equally near. Without a day, the earliest.
    pub fn nearest_slot(&self, need: &Need, day: Option<Day>, slot: Option<Time>) -> Option<(Day, Time)> {
        let availability = self.availability.as_ref()?;
        let wanted = day.or_else(|| availability.days.first().map(|offer| offer.day))?;
        let mut days: Vec<&DayOffer> = availability.days.iter().filter(|offer| self.is_free(offer, need)).collect();
        days.sort_by_key(|offer| {
            let ahead = days_between(wanted, offer.day);
            (ahead.abs(), ahead < 0)
        });
        days.into_iter().find_map(|offer| self.slot_near(offer, slot).map(|slot| (offer.day, slot)))
    }

    /// The days on which the rules would accept a need, the earliest first.
    pub fn free_days(&self, need: &Need) -> Vec<Day> {
        if self.blocked_until.is_some() {
            return Vec::new();
        }
        let days = self.availability.iter().flat_map(|availability| &availability.days);
        let free = days.filter(|offer| self.is_free(offer, need) && self.slot_near(offer, None).is_some());
        free.map(|offer| offer.day).collect()
    }

    /// Whether a day can be chosen for a need, if one of its slots can.
    fn is_free(&self, offer: &DayOffer, need: &Need) -> bool {
        offer.open && !offer.is_full(self.limits.minimum) && !self.booked.contains(&offer.day) && offer.holds(need)
    }

    fn slot_near(&self, offer: &DayOffer, wanted: Option<Time>) -> Option<Time> {
        let distance = |slot: Time| {
            let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
            let ahead = wanted.map_or_else(|| minutes(slot), |wanted| minutes(slot) - minutes(wanted));
            (ahead.abs(), ahead < 0)
        };
        let free = |slot: &SlotOffer| slot.places > 0 && self.overlap(offer.day, slot.slot).is_none();
        offer.slots.iter().filter(|slot| free(slot)).map(|slot| slot.slot).min_by_key(|slot| distance(*slot))
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
        // Without cash; the vault closed; every place taken, and held by the customer's own appointments.
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
    fn appointments_that_only_touch_do_not_overlap() {
        let mut context = context();
        context.busy.push(Busy { day: day(0), from: hour(10), to: hour(11) });
        assert!(context.overlap(day(0), hour(9)).is_none());
        assert!(context.overlap(day(0), hour(10)).is_some());
        assert!(context.overlap(day(0), hour(11)).is_none());
        assert!(context.overlap(day(1), hour(10)).is_none());
    }
}
