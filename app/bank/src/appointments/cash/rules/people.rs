//! Validates purpose, collector, phone number and remark.

use super::{CashRefusal, Parser};
use crate::appointments::cash::model::{Collector, PURPOSE_OTHER, Purpose};
use crate::kernel::people::{IdType, Phone, read_name};
use crate::kernel::text::length;

impl Parser<'_> {
    pub(super) fn read_people(&mut self) {
        self.read_purpose();
        self.parsed.collector = self.read_collector();
        match self.get("phone").map(Phone::parse) {
            None => self.miss("phone", || CashRefusal::PhoneMissing),
            Some(None) => self.refuse(CashRefusal::PhoneInvalid),
            Some(phone) => self.parsed.phone = phone,
        }
        let (remark, max) = (self.get("remark").unwrap_or_default(), self.context.limits.remark_max);
        if length(remark) > max {
            self.refuse(CashRefusal::RemarkTooLong { max, length: length(remark) });
        }
        remark.clone_into(&mut self.parsed.remark);
    }

    fn read_purpose(&mut self) {
        self.parsed.purpose_asked = self.context.asks_purpose(self.parsed.amount);
        if !self.parsed.purpose_asked {
            return;
        }
        let words = self.get("purpose_other");
        let term = match self.get("purpose") {
            // A description implies the purpose 其他.
            None if words.is_some() => PURPOSE_OTHER,
            None => {
                let by_risk = self.parsed.amount.is_none_or(|amount| amount < self.context.limits.purpose_from);
                return self.miss("purpose", || CashRefusal::PurposeMissing { by_risk });
            }
            Some(term) if self.context.purposes().contains(&term) => term,
            Some(_) => return self.refuse(CashRefusal::PurposeUnknown),
        };
        let max = self.context.limits.purpose_other_max;
        match words {
            None if term == PURPOSE_OTHER => return self.miss("purpose_other", || CashRefusal::PurposeOtherMissing),
            Some(words) if length(words) > max => {
                return self.refuse(CashRefusal::PurposeOtherTooLong { max, length: length(words) });
            }
            _ => {}
        }
        self.parsed.purpose = Some(Purpose { term: term.to_owned(), other: words.map(str::to_owned) });
    }

    fn read_collector(&mut self) -> Option<Collector> {
        match self.get("collector") {
            // The name or number of an agent implies an agent.
            None if self.get("agent_name").or_else(|| self.get("agent_id")).is_some() => return self.read_agent(),
            None => self.miss("collector", || CashRefusal::CollectorMissing),
            Some("self") => return Some(Collector::Myself),
            Some("agent") => return self.read_agent(),
            Some(_) => self.refuse(CashRefusal::CollectorUnknown),
        }
        None
    }

    fn read_agent(&mut self) -> Option<Collector> {
        let name = match self.get("agent_name").map(read_name) {
            None => {
                self.miss("agent_name", || CashRefusal::AgentNameMissing);
                None
            }
            Some(Err(fault)) => {
                self.refuse(CashRefusal::AgentNameInvalid { fault });
                None
            }
            Some(Ok(name)) => Some(name),
        };
        let id_type = self.get("agent_id_type").map(IdType::parse);
        match id_type {
            None => self.miss("agent_id_type", || CashRefusal::AgentIdTypeMissing),
            Some(None) => self.refuse(CashRefusal::AgentIdTypeUnknown),
            Some(_) => {}
        }
        let Some(typed) = self.get("agent_id") else {
            self.miss("agent_id", || CashRefusal::AgentIdMissing);
            return None;
        };
        let id_type = id_type.flatten()?;
        let Some(id) = id_type.parse_number(typed, self.context.now.day()) else {
            self.refuse(CashRefusal::AgentIdInvalid);
            return None;
        };
        Some(Collector::Agent { name: name?, id_type, id })
    }
}
