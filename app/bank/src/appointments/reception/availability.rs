//! What is open to a customer, reception by reception: the snapshot an application is judged by.
//!
//! It holds only receptions of the customer's audience, so no rule and no page can show another. Not here: the guarantee
//! itself, which is the database's.

use serde::{Deserialize, Serialize};

use super::model::Reception;
use super::offers::Offer;
use crate::appointments::cash::Busy;
use crate::cases::QuotaFull;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::{At, Day, Time, days_between};

/// A slot of a reception and the places left in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotPlaces {
    /// Its beginning.
    pub slot: Time,
    /// Places left.
    pub places: i64,
}

/// A reception to come, as one customer finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// The reception.
    pub reception: Reception,
    /// Its slots that have not begun, in order.
    pub slots: Vec<SlotPlaces>,
    /// Whether this customer has a live application for it.
    pub applied: bool,
    /// The parameters of its branch on its day.
    pub limits: ReceptionLimits,
}

impl Upcoming {
    /// Whether every place is taken.
    pub fn is_full(&self) -> bool {
        self.slots.iter().all(|slot| slot.places <= 0)
    }

    /// When a slot ends.
    pub fn slot_end(&self, slot: Time) -> At {
        At::of(self.reception.day, slot).plus_minutes(self.limits.slot_minutes)
    }

    /// Whether this customer can get a place now.
    pub fn is_open(&self, now: At) -> bool {
        self.reception.is_registering(now) && !self.applied && !self.is_full()
    }
}

/// The parameters the rules of the form need.
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

impl From<&Parameters> for ReceptionLimits {
    fn from(parameters: &Parameters) -> Self {
        Self {
            attendees_max: parameters.reception_attendees_max,
            summary_max: parameters.reception_summary_max,
            hope_max: parameters.reception_hope_max,
            slot_minutes: parameters.reception_slot_minutes,
        }
    }
}

/// Everything outside the form that decides about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionContext {
    /// The bank's now.
    pub now: At,
    /// The parameters of the whole bank, until a reception is chosen.
    pub limits: ReceptionLimits,
    /// Receptions of the customer's audience from today on, the earliest first.
    pub upcoming: Vec<Upcoming>,
    /// The customer's own appointments of every kind.
    pub busy: Vec<Busy>,
    /// A quota of the customer that leaves no room for another case.
    pub quota_full: Option<QuotaFull>,
}

impl ReceptionContext {
    /// The receptions a page shows: those that take applications now, full ones included.
    pub fn shown(&self) -> impl Iterator<Item = &Upcoming> {
        self.upcoming.iter().filter(|upcoming| upcoming.reception.is_registering(self.now) && !upcoming.slots.is_empty())
    }

    /// The receptions of a day.
    pub fn on(&self, day: Day) -> impl Iterator<Item = &Upcoming> {
        self.upcoming.iter().filter(move |upcoming| upcoming.reception.day == day)
    }

    /// Whether the day alone does not say which reception is meant.
    pub fn is_shared(&self, day: Day) -> bool {
        self.on(day).filter(|upcoming| upcoming.is_open(self.now)).nth(1).is_some()
    }

    /// The customer's own appointment that overlaps a slot of a reception.
    pub fn overlap(&self, upcoming: &Upcoming, slot: Time) -> Option<Busy> {
        let (from, to) = (At::of(upcoming.reception.day, slot), upcoming.slot_end(slot));
        self.busy.iter().copied().find(|busy| At::of(busy.day, busy.from) < to && from < At::of(busy.day, busy.to))
    }

    /// The nearest place that would be given in a reception that admits the matter: as near as can be to `day` (there
    /// first in the same reception), then to `slot`, the later where two are equally near. Without a day, the earliest.
    pub fn nearest(
        &self,
        wanted: Option<&Upcoming>,
        day: Option<Day>,
        slot: Option<Time>,
        admits: impl Fn(&ReceptionLimits) -> bool,
    ) -> Option<Offer> {
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

    fn offer(&self, upcoming: &Upcoming, slot: Time) -> Offer {
        let reception = &upcoming.reception;
        // Named wherever the day has several, so that it also replaces one that was chosen before.
        let named = self.on(reception.day).nth(1).map(|_| reception.id.clone());
        Offer::When { day: reception.day, slot, reception: named }
    }

    fn slot_near(&self, upcoming: &Upcoming, wanted: Option<Time>) -> Option<Time> {
        let distance = |slot: Time| {
            let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
            let ahead = wanted.map_or_else(|| minutes(slot), |wanted| minutes(slot) - minutes(wanted));
            (ahead.abs(), ahead < 0)
        };
        let free = |slot: &&SlotPlaces| slot.places > 0 && self.overlap(upcoming, slot.slot).is_none();
        upcoming.slots.iter().filter(free).map(|slot| slot.slot).min_by_key(|slot| distance(*slot))
    }
}
