//! Validates branch, day and slot against free capacity.

use super::{CashRefusal, DayOffer, Need, Offer, Reader};
use crate::appointments::cash::availability::NotesNeed;
use crate::kernel::time::{Day, parse_day, parse_time};

impl<'r> Reader<'r> {
    /// Parses branch, day and slot; returns the day's free capacity if the day can be booked.
    pub(super) fn read_when(&mut self, need: &Need) -> Option<&'r DayOffer> {
        if let Some(until) = self.context.blocked_until {
            self.refuse(CashRefusal::Blocked { until });
        }
        match self.get("branch") {
            None => self.miss("branch", || CashRefusal::BranchMissing),
            Some(branch) if self.context.branches.iter().any(|known| known == branch) => {
                self.reading.branch = Some(branch.to_owned());
            }
            Some(_) => self.refuse(CashRefusal::BranchUnknown),
        }
        let day_offer = self.read_day(need);
        self.read_slot(need, day_offer);
        day_offer
    }

    fn read_day(&mut self, need: &Need) -> Option<&'r DayOffer> {
        let slot = self.get("slot").and_then(parse_time);
        let Some(text) = self.get("day") else {
            let offers = self.elsewhere(need, None, slot);
            self.miss("day", || CashRefusal::DayMissing { offers });
            return None;
        };
        let Some(day) = parse_day(text) else {
            let offers = self.elsewhere(need, None, slot);
            self.refuse(CashRefusal::DayInvalid { offers });
            return None;
        };
        let Some(availability) = &self.context.availability else {
            self.reading.day = Some(day);
            return None;
        };
        let offers = self.elsewhere(need, Some(day), slot);
        let refusal = match availability.on(day) {
            Some(offer) if !offer.open => CashRefusal::BranchClosed { day, offers },
            Some(_) if self.context.booked.contains(&day) => CashRefusal::DayTaken { day, offers },
            Some(offer) if offer.is_full(self.context.limits.minimum) => CashRefusal::DayFull { day, offers },
            Some(offer) => {
                self.reading.day = Some(day);
                return Some(offer);
            }
            None => {
                // A day on which the branch is closed is neither the earliest nor the latest.
                let mut open = availability.days.iter().filter(|offer| offer.open).map(|offer| offer.day);
                let first = open.next();
                match (first, open.next_back().or(first)) {
                    (None, _) => CashRefusal::BranchClosed { day, offers },
                    (Some(earliest), _) if day < earliest => CashRefusal::DayTooEarly { earliest, offers },
                    (_, Some(latest)) if day > latest => CashRefusal::DayTooLate { latest, offers },
                    _ => CashRefusal::DayClosed { day, offers },
                }
            }
        };
        self.refuse(refusal);
        None
    }

    fn read_slot(&mut self, need: &Need, day_offer: Option<&DayOffer>) {
        let day: Option<Day> = day_offer.map(|offer| offer.day);
        let Some(text) = self.get("slot") else {
            let offers = self.elsewhere(need, day, None);
            self.miss("slot", || CashRefusal::SlotMissing { offers });
            return;
        };
        let slot = parse_time(text);
        let Some(offer) = day_offer else {
            // Without a day the slot cannot be validated; text that is not a time is refused in any case.
            self.reading.slot = slot;
            if slot.is_none() {
                self.refuse(CashRefusal::SlotUnknown { offers: Vec::new() });
            }
            return;
        };
        let mut offers = self.elsewhere(need, day, slot);
        if offers.is_empty() {
            // No day has the amount or the notes, which is refused separately; the slot can still be corrected.
            let nothing = Need { amount: None, notes: NotesNeed::Any };
            offers.extend(
                self.elsewhere(&nothing, day, slot)
                    .into_iter()
                    .filter(|found| matches!(found, Offer::When { day: near, .. } if Some(*near) == day)),
            );
        }
        let refusal = match slot.and_then(|slot| offer.slot(slot)) {
            None => CashRefusal::SlotUnknown { offers },
            Some(found) if found.places <= 0 => CashRefusal::SlotFull { day: offer.day, slot: found.slot, offers },
            Some(found) => {
                let Some(busy) = self.context.overlap(offer.day, found.slot) else {
                    self.reading.slot = Some(found.slot);
                    return;
                };
                CashRefusal::Overlap { from: busy.from, to: busy.to, offers }
            }
        };
        self.refuse(refusal);
    }
}
