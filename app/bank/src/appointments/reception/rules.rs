//! Parsing and validation of an application: raw values in, a [`ParsedReceptionForm`] with parsed values and all refusals out. The same
//! function runs when a page is shown and when the form is posted, with current data.
//!
//! A field is refused as missing only if a page has shown it. The day identifies the reception unless several are open on it;
//! then the field `reception` does, and a value of another day counts as not chosen.

use std::collections::BTreeSet;

use super::ReceptionRefusal;
use super::availability::{ReceptionContext, ReceptionLimits, Upcoming};
use super::form::FORM;
use super::model::{ReceptionRequest, Topic};
use super::offers::ReceptionOffer;
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::people::Phone;
use crate::kernel::text::{length, whole_number};
use crate::kernel::time::{Day, Time, parse_day, parse_time};

/// Units accepted after a number of people.
const PEOPLE: [&str; 2] = ["人", "位"];

/// A step of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    When,
    Subject,
    Check,
}

impl Step {
    pub const ALL: [Self; 3] = [Self::When, Self::Subject, Self::Check];

    /// The step of a field.
    pub fn of(field: &str) -> Self {
        FORM.step_of(field).and_then(|step| Self::parse(&step.name)).unwrap_or(Self::Check)
    }

    /// Its name in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::Subject => "matter",
            Self::Check => "check",
        }
    }

    /// Parses a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// A parsed form. A value is absent if it was missing or refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedReceptionForm {
    /// A day with a reception open for application.
    pub day: Option<Day>,
    /// Id of the reception.
    pub reception: Option<String>,
    pub slot: Option<Time>,
    pub topic: Option<Topic>,
    /// The subject in the customer's words.
    pub summary: Option<String>,
    /// The result hoped for.
    pub hope: Option<String>,
    /// Number of people, including the customer.
    pub attendees: Option<i64>,
    pub phone: Option<Phone>,
    /// Required fields without a value, shown or not.
    pub missing: Vec<&'static str>,
    /// All refusals in the order of the form.
    pub refusals: Vec<ReceptionRefusal>,
}

impl ParsedReceptionForm {
    /// The first step with a missing or refused field; the check step if there is none.
    pub fn first_open_step(&self) -> Step {
        let refused = self.refusals.iter().map(|refusal| Step::of(refusal.field()));
        self.missing.iter().map(|field| Step::of(field)).chain(refused).min().unwrap_or(Step::Check)
    }

    /// The refusals of one step's fields.
    pub fn refusals_of(&self, step: Step) -> impl Iterator<Item = &ReceptionRefusal> {
        self.refusals.iter().filter(move |refusal| Step::of(refusal.field()) == step)
    }

    /// The validated application, if nothing is missing or refused.
    pub fn request(&self) -> Option<ReceptionRequest> {
        if !self.missing.is_empty() || !self.refusals.is_empty() {
            return None;
        }
        Some(ReceptionRequest {
            reception: self.reception.clone()?,
            day: self.day?,
            slot: self.slot?,
            topic: self.topic?,
            summary: self.summary.clone()?,
            hope: self.hope.clone()?,
            attendees: self.attendees?,
            phone: self.phone.clone()?,
        })
    }
}

/// Parses and validates a form. `offered` are the fields some page has shown; only these can be refused as missing.
pub fn read_reception(values: &Values, offered: &BTreeSet<String>, context: &ReceptionContext) -> ParsedReceptionForm {
    let mut parser = Parser { values, offered, context, parsed: ParsedReceptionForm::default() };
    let chosen = parser.read_day();
    parser.read_slot(chosen);
    parser.read_subject(parser.limits(chosen));
    parser.parsed
}

/// The state of parsing: the values, the data they are validated with, and the result so far.
struct Parser<'r> {
    values: &'r Values,
    offered: &'r BTreeSet<String>,
    context: &'r ReceptionContext,
    parsed: ParsedReceptionForm,
}

impl<'r> Parser<'r> {
    fn get(&self, field: &str) -> Option<&'r str> {
        self.values.filled(field)
    }

    fn refuse(&mut self, refusal: ReceptionRefusal) {
        self.parsed.refusals.push(refusal);
    }

    /// Records a required field without a value, and refuses it if a page has shown it.
    fn miss(&mut self, field: &'static str, refusal: ReceptionRefusal) {
        self.parsed.missing.push(field);
        if self.offered.contains(field) {
            self.refuse(refusal);
        }
    }

    fn elsewhere(&self, wanted: Option<&Upcoming>, day: Option<Day>, current: &ReceptionLimits) -> Vec<ReceptionOffer> {
        let slot = self.get("slot").and_then(parse_time);
        // A place is not offered if its branch's limits would refuse a typed value that is accepted here.
        let (here, typed) = (self.excess(current), |limits: &ReceptionLimits| self.excess(limits));
        let admits = |limits: &ReceptionLimits| typed(limits).into_iter().zip(here).all(|(there, here)| here || !there);
        self.context.nearest(wanted, day, slot, admits).into_iter().collect()
    }

    /// The limits of the chosen reception, otherwise those of the whole bank.
    fn limits(&self, chosen: Option<&'r Upcoming>) -> &'r ReceptionLimits {
        chosen.map_or(&self.context.limits, |chosen| &chosen.limits)
    }

    /// Whether attendees, summary and hope exceed these limits.
    fn excess(&self, limits: &ReceptionLimits) -> [bool; 3] {
        let people = self.get("attendees").and_then(|text| whole_number(text, &PEOPLE)).unwrap_or_default();
        let length = |field: &str| self.get(field).map_or(0, length);
        [people > limits.attendees_max, length("summary") > limits.summary_max, length("hope") > limits.hope_max]
    }

    /// Parses the day and, if it does not identify the reception, the field `reception`.
    fn read_day(&mut self) -> Option<&'r Upcoming> {
        let Some(text) = self.get("day") else {
            let offers = self.elsewhere(None, None, &self.context.limits);
            self.miss("day", ReceptionRefusal::DayMissing { offers });
            return None;
        };
        let Some(day) = parse_day(text) else {
            let offers = self.elsewhere(None, None, &self.context.limits);
            self.refuse(ReceptionRefusal::DayInvalid { offers });
            return None;
        };
        let named = self.get("reception").and_then(|id| self.context.on(day).find(|upcoming| upcoming.reception.id == id));
        if named.is_none() && self.context.is_shared(day) {
            self.parsed.day = Some(day);
            let offers = self.elsewhere(None, Some(day), &self.context.limits);
            self.miss("reception", ReceptionRefusal::ReceptionMissing { offers });
            return None;
        }
        let open = || self.context.on(day).find(|upcoming| upcoming.is_open(self.context.now));
        let Some(chosen) = named.or_else(open).or_else(|| self.context.on(day).next()) else {
            let offers = self.elsewhere(None, Some(day), &self.context.limits);
            self.refuse(ReceptionRefusal::NoReception { day, offers });
            return None;
        };
        if let Some(refusal) = self.judge(chosen, day) {
            self.refuse(refusal);
            return None;
        }
        self.parsed.day = Some(day);
        self.parsed.reception = Some(chosen.reception.id.clone());
        Some(chosen)
    }

    fn judge(&self, chosen: &Upcoming, day: Day) -> Option<ReceptionRefusal> {
        let offers = || self.elsewhere(Some(chosen), Some(day), &self.context.limits);
        let (now, reception) = (self.context.now, &chosen.reception);
        if chosen.applied {
            Some(ReceptionRefusal::AlreadyApplied { day, offers: offers() })
        } else if now < reception.registration_from {
            Some(ReceptionRefusal::RegistrationNotOpen { from: reception.registration_from, offers: offers() })
        } else if now >= reception.registration_until {
            Some(ReceptionRefusal::RegistrationClosed { until: reception.registration_until, offers: offers() })
        } else {
            // A reception that was full before a slot was chosen is refused as a full day, with the nearest day.
            let said = self.get("slot").and_then(parse_time).is_some();
            (chosen.is_full() && !said).then(|| ReceptionRefusal::DayFull { day, offers: offers() })
        }
    }

    fn read_slot(&mut self, chosen: Option<&Upcoming>) {
        let Some(text) = self.get("slot") else {
            if chosen.is_none() {
                // There are no times to choose from yet.
                self.parsed.missing.push("slot");
                return;
            }
            let offers = self.elsewhere(chosen, chosen.map(|chosen| chosen.reception.day), self.limits(chosen));
            self.miss("slot", ReceptionRefusal::SlotMissing { offers });
            return;
        };
        let slot = parse_time(text);
        let Some(chosen) = chosen else {
            // Without a reception the slot cannot be validated; text that is not a time is refused in any case.
            self.parsed.slot = slot;
            if slot.is_none() {
                self.refuse(ReceptionRefusal::SlotUnknown { offers: Vec::new() });
            }
            return;
        };
        let day = chosen.reception.day;
        let offers = self.elsewhere(Some(chosen), Some(day), &chosen.limits);
        let found = slot.and_then(|slot| chosen.slots.iter().find(|places| places.slot == slot));
        let refusal = match found {
            None => ReceptionRefusal::SlotUnknown { offers },
            Some(found) if found.places <= 0 => ReceptionRefusal::SlotFull { day, slot: found.slot, offers },
            Some(found) => {
                let Some(busy) = self.context.overlap(chosen, found.slot) else {
                    self.parsed.slot = Some(found.slot);
                    return;
                };
                ReceptionRefusal::Overlap { from: busy.from, to: busy.to, offers }
            }
        };
        self.refuse(refusal);
    }

    fn read_subject(&mut self, limits: &ReceptionLimits) {
        match self.get("topic").map(Topic::parse) {
            None => self.miss("topic", ReceptionRefusal::TopicMissing),
            Some(None) => self.refuse(ReceptionRefusal::TopicUnknown),
            Some(topic) => self.parsed.topic = topic,
        }
        match self.get("summary").map(|text| (text, length(text))) {
            None => self.miss("summary", ReceptionRefusal::SummaryMissing),
            Some((_, length)) if length > limits.summary_max => {
                self.refuse(ReceptionRefusal::SummaryTooLong { max: limits.summary_max, length });
            }
            Some((text, _)) => self.parsed.summary = Some(text.to_owned()),
        }
        match self.get("hope").map(|text| (text, length(text))) {
            None => self.miss("hope", ReceptionRefusal::HopeMissing),
            Some((_, length)) if length > limits.hope_max => {
                self.refuse(ReceptionRefusal::HopeTooLong { max: limits.hope_max, length });
            }
            Some((text, _)) => self.parsed.hope = Some(text.to_owned()),
        }
        let max = limits.attendees_max;
        match self.get("attendees").map(|text| whole_number(text, &PEOPLE)) {
            None => self.miss("attendees", ReceptionRefusal::AttendeesMissing),
            Some(Some(people)) if (1..=max).contains(&people) => self.parsed.attendees = Some(people),
            Some(Some(people)) if people > max => {
                self.refuse(ReceptionRefusal::AttendeesTooMany { max, offers: vec![ReceptionOffer::Attendees(max)] });
            }
            Some(_) => self.refuse(ReceptionRefusal::AttendeesInvalid { offers: vec![ReceptionOffer::Attendees(1)] }),
        }
        match self.get("phone").map(Phone::parse) {
            None => self.miss("phone", ReceptionRefusal::PhoneMissing),
            Some(None) => self.refuse(ReceptionRefusal::PhoneInvalid),
            Some(phone) => self.parsed.phone = phone,
        }
    }
}

#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod tests;
