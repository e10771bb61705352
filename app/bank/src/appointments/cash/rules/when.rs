//! Validates branch, day and slot against free capacity.

use super::{CashOffer, CashRefusal, DayAvailability, Need, Parser};
use crate::appointments::cash::availability::NotesNeed;
use crate::kernel::time::{Day, parse_day, parse_time};

impl<'r> Parser<'r> {
    /// Parses branch, day and slot; returns the day's free capacity if the day can be booked.
    pub(super) fn read_when(&mut self, need: &Need) -> Option<&'r DayAvailability> {
        if let Some(until) = self.context.blocked_until {
            self.refuse(CashRefusal::Blocked { until });
        }
        match self.get("branch") {
            None => self.miss("branch", || CashRefusal::BranchMissing),
            Some(branch) if self.context.branches.iter().any(|known| known == branch) => {
                self.parsed.branch = Some(branch.to_owned());
            }
            Some(_) => self.refuse(CashRefusal::BranchUnknown),
        }
        let day_availability = self.read_day(need);
        self.read_slot(need, day_availability);
        day_availability
    }

    fn read_day(&mut self, need: &Need) -> Option<&'r DayAvailability> {
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
            self.parsed.day = Some(day);
            return None;
        };
        let offers = self.elsewhere(need, Some(day), slot);
        let refusal = match availability.on(day) {
            Some(available) if !available.open => CashRefusal::BranchClosed { day, offers },
            Some(_) if self.context.booked.contains(&day) => CashRefusal::DayTaken { day, offers },
            Some(available) if available.is_full(self.context.limits.minimum) => CashRefusal::DayFull { day, offers },
            Some(available) => {
                self.parsed.day = Some(day);
                return Some(available);
            }
            None => {
                // A day on which the branch is closed is neither the earliest nor the latest.
                let mut open = availability.days.iter().filter(|available| available.open).map(|available| available.day);
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

    fn read_slot(&mut self, need: &Need, day_availability: Option<&DayAvailability>) {
        let day: Option<Day> = day_availability.map(|available| available.day);
        let Some(text) = self.get("slot") else {
            if day_availability.is_none() {
                // There are no times to choose from yet.
                self.parsed.missing.push("slot");
                return;
            }
            let offers = self.elsewhere(need, day, None);
            self.miss("slot", || CashRefusal::SlotMissing { offers });
            return;
        };
        let slot = parse_time(text);
        let Some(available) = day_availability else {
            // Without a day the slot cannot be validated; text that is not a time is refused in any case.
            self.parsed.slot = slot;
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
                    .filter(|found| matches!(found, CashOffer::When { day: near, .. } if Some(*near) == day)),
            );
        }
        let refusal = match slot.and_then(|slot| available.slot(slot)) {
            None => CashRefusal::SlotUnknown { offers },
            Some(found) if found.places <= 0 => CashRefusal::SlotFull { day: available.day, slot: found.slot, offers },
            Some(found) => {
                let Some(busy) = self.context.overlap(available.day, found.slot) else {
                    self.parsed.slot = Some(found.slot);
                    return;
                };
                CashRefusal::Overlap { from: busy.from, to: busy.to, offers }
            }
        };
        self.refuse(refusal);
    }
}
