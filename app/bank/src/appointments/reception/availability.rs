//! The data the rules decide on: the receptions open to a customer, with their free places.
//!
//! It holds only receptions of the customer's audience, so no rule and no page can show another. It is a snapshot: the
//! database enforces the capacity itself.

use serde::{Deserialize, Serialize};

use super::ReceptionParameters;
use super::model::Reception;
use super::offers::ReceptionOffer;
use crate::appointments::cash::Busy;
use crate::kernel::time::{At, Day, Time, days_between};

/// A slot of a reception with its free places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotPlaces {
    pub slot: Time,
    /// Free places.
    pub places: i64,
}

/// An upcoming reception for one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    pub reception: Reception,
    /// Its slots that have not begun, in chronological order.
    pub slots: Vec<SlotPlaces>,
    /// Whether this customer has a live application for it.
    pub applied: bool,
    /// The parameters of its branch on its day.
    pub limits: ReceptionLimits,
}

impl Upcoming {
    pub fn is_full(&self) -> bool {
        self.slots.iter().all(|slot| slot.places <= 0)
    }

    pub fn slot_end(&self, slot: Time) -> At {
        At::of(self.reception.day, slot).plus_minutes(self.limits.slot_minutes)
    }

    /// Whether this customer can get a place now.
    pub fn is_open(&self, now: At) -> bool {
        self.reception.is_registering(now) && !self.applied && !self.is_full()
    }
}

/// The parameters used by the rules of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionLimits {
    /// `reception_attendees_max`, people.
    pub attendees_max: i64,
    /// `reception_summary_max`, characters.
    pub summary_max: i64,
    /// `reception_hope_max`, characters.
    pub hope_max: i64,
    /// `reception_slot_minutes`.
    pub slot_minutes: i64,
}

impl From<&ReceptionParameters> for ReceptionLimits {
    fn from(parameters: &ReceptionParameters) -> Self {
        Self {
            attendees_max: parameters.reception_attendees_max,
            summary_max: parameters.reception_summary_max,
            hope_max: parameters.reception_hope_max,
            slot_minutes: parameters.reception_slot_minutes,
        }
    }
}

/// All data outside the form that the rules need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionContext {
    /// The bank's time.
    pub now: At,
    /// Parameters of the whole bank, used until a reception is chosen.
    pub limits: ReceptionLimits,
    /// Receptions of the customer's audience from today on, the earliest first.
    pub upcoming: Vec<Upcoming>,
    /// The customer's own appointments of every kind.
    pub busy: Vec<Busy>,
}

impl ReceptionContext {
    /// The receptions a page shows: those open for application, including full ones.
    pub fn shown(&self) -> impl Iterator<Item = &Upcoming> {
        self.upcoming.iter().filter(|upcoming| upcoming.reception.is_registering(self.now) && !upcoming.slots.is_empty())
    }

    pub fn on(&self, day: Day) -> impl Iterator<Item = &Upcoming> {
        self.upcoming.iter().filter(move |upcoming| upcoming.reception.day == day)
    }

    /// Whether several receptions are open that day, so that the day alone does not identify one.
    pub fn is_shared(&self, day: Day) -> bool {
        self.on(day).filter(|upcoming| upcoming.is_open(self.now)).nth(1).is_some()
    }

    /// The customer's own appointment that overlaps a slot of a reception, if any.
    pub fn overlap(&self, upcoming: &Upcoming, slot: Time) -> Option<Busy> {
        let (from, to) = (At::of(upcoming.reception.day, slot), upcoming.slot_end(slot));
        self.busy.iter().copied().find(|busy| At::of(busy.day, busy.from) < to && from < At::of(busy.day, busy.to))
    }

    /// The slots of a reception that the customer can choose: they have a place and do not overlap an appointment of their own.
    pub fn free_slots<'a>(&'a self, upcoming: &'a Upcoming) -> impl Iterator<Item = SlotPlaces> + 'a {
        upcoming.slots.iter().copied().filter(|slot| slot.places > 0 && self.overlap(upcoming, slot.slot).is_none())
    }

    /// Whether the customer can choose the reception.
    pub fn may_choose(&self, upcoming: &Upcoming) -> bool {
        upcoming.is_open(self.now) && self.free_slots(upcoming).next().is_some()
    }

    /// The nearest free place in a reception whose limits `admits`: nearest to `day` (the same reception first), then to
    /// `slot`, the later one on a tie. Without a day, the earliest.
    pub fn nearest(
        &self,
        wanted: Option<&Upcoming>,
        day: Option<Day>,
        slot: Option<Time>,
        admits: impl Fn(&ReceptionLimits) -> bool,
    ) -> Option<ReceptionOffer> {
        let day = day.or_else(|| self.upcoming.first().map(|upcoming| upcoming.reception.day))?;
        let mut open: Vec<&Upcoming> =
            self.upcoming.iter().filter(|upcoming| upcoming.is_open(self.now) && admits(&upcoming.limits)).collect();
        open.sort_by_key(|upcoming| {
            let ahead = days_between(day, upcoming.reception.day);
            let same = wanted.is_some_and(|wanted| wanted.reception.id == upcoming.reception.id);
            (ahead.abs(), ahead < 0, !same)
        });
        open.into_iter().find_map(|upcoming| self.slot_near(upcoming, slot).map(|slot| self.offer(upcoming, slot)))
    }

    fn offer(&self, upcoming: &Upcoming, slot: Time) -> ReceptionOffer {
        let reception = &upcoming.reception;
        // Included whenever the day has several receptions, so that it also replaces an earlier choice.
        let named = self.on(reception.day).nth(1).map(|_| reception.id.clone());
        ReceptionOffer::When { day: reception.day, slot, reception: named }
    }

    fn slot_near(&self, upcoming: &Upcoming, wanted: Option<Time>) -> Option<Time> {
        let distance = |slot: Time| {
            let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
            let ahead = wanted.map_or_else(|| minutes(slot), |wanted| minutes(slot) - minutes(wanted));
            (ahead.abs(), ahead < 0)
        };
        self.free_slots(upcoming).map(|slot| slot.slot).min_by_key(|slot| distance(*slot))
    }
}
