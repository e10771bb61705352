//! A cash form read and judged: raw values in, what they mean and every refusal out. The same function runs in the browser,
//! when a form is posted, and inside the transaction with what is left then.
//!
//! A field is missing only where the page has offered it; what a choice makes needless is ignored. Reading order: here,
//! then `when.rs` (branch, day, slot), `money.rs` (account, amount, notes), `people.rs` (purpose, collector, contact).

use std::collections::BTreeSet;

use super::availability::{CashContext, DayOffer, Need};
use super::form::FORM;
use super::model::{CashWish, Collector, Notes, Purpose};
use super::offers::Offer;
use super::refusals::CashRefusal;
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::money::Fen;
use crate::kernel::people::Phone;
use crate::kernel::time::{Day, Time};

mod money;
mod people;
mod when;

/// A page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Where and when.
    Where,
    /// How much and in which notes.
    HowMuch,
    /// Who collects.
    Who,
    /// Check your answers.
    Check,
}

impl Step {
    /// Every step in order.
    pub const ALL: [Self; 4] = [Self::Where, Self::HowMuch, Self::Who, Self::Check];

    /// The page a field stands on.
    pub fn of(field: &str) -> Self {
        FORM.step_of(field).and_then(|step| Self::parse(&step.name)).unwrap_or(Self::Check)
    }

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::HowMuch => "how_much",
            Self::Who => "who",
            Self::Check => "check",
        }
    }

    /// From an address.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// A form as it was understood. A part that is absent was missing or refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// An own active account.
    pub account: Option<String>,
    /// A branch that exists.
    pub branch: Option<String>,
    /// A day; judged only when the branch's availability is known.
    pub day: Option<Day>,
    /// A slot of it.
    pub slot: Option<Time>,
    /// An amount within the limits.
    pub amount: Option<Fen>,
    /// Whether the notes are left to the branch.
    pub any_notes: bool,
    /// The counts typed; `None` when they are left to the branch or one is not a count.
    pub typed_notes: Option<Notes>,
    /// The notes to draw: the customer's own or, with any, the proposed split.
    pub notes: Option<Notes>,
    /// Whether new notes are wished for.
    pub new_notes: bool,
    /// Whether the purpose is asked.
    pub purpose_asked: bool,
    /// The purpose, where it is asked.
    pub purpose: Option<Purpose>,
    /// Who collects.
    pub collector: Option<Collector>,
    /// A mainland mobile number.
    pub phone: Option<Phone>,
    /// The remark, maybe empty.
    pub remark: String,
    /// Required fields without a value, offered or not.
    pub missing: Vec<&'static str>,
    /// Everything that is refused, in the order of the form.
    pub refusals: Vec<CashRefusal>,
}

impl Reading {
    /// The first step with something missing or refused; the check when there is none.
    pub fn first_open_step(&self) -> Step {
        let refused = self.refusals.iter().map(|refusal| Step::of(refusal.field()));
        self.missing.iter().map(|field| Step::of(field)).chain(refused).min().unwrap_or(Step::Check)
    }

    /// The refusals of one step's fields.
    pub fn refusals_of(&self, step: Step) -> impl Iterator<Item = &CashRefusal> {
        self.refusals.iter().filter(move |refusal| Step::of(refusal.field()) == step)
    }

    /// The wish, once nothing is missing and nothing refused.
    pub fn wish(&self) -> Option<CashWish> {
        if !self.missing.is_empty() || !self.refusals.is_empty() {
            return None;
        }
        Some(CashWish {
            account: self.account.clone()?,
            branch: self.branch.clone()?,
            day: self.day?,
            slot: self.slot?,
            amount: self.amount?,
            notes: self.notes?,
            any_notes: self.any_notes,
            new_notes: self.new_notes,
            purpose: self.purpose.clone(),
            collector: self.collector.clone()?,
            phone: self.phone.clone()?,
            remark: self.remark.clone(),
        })
    }
}

/// Reads a form. `offered` are the fields some page has shown: only these can be refused as missing.
pub fn read_cash(values: &Values, offered: &BTreeSet<String>, context: &CashContext) -> Reading {
    let mut reader = Reader { values, offered, context, reading: Reading::default() };
    reader.read_when_and_how_much();
    reader.read_people();
    reader.reading
}

/// The part of [`read_cash`] that the browser runs while amount and notes are typed; nothing is missing yet. Purpose,
/// collector and contact are left to the server, because the character tables their rules need weigh a quarter of what a
/// page may load.
pub fn read_how_much(values: &Values, context: &CashContext) -> Reading {
    let offered = BTreeSet::new();
    let mut reader = Reader { values, offered: &offered, context, reading: Reading::default() };
    reader.read_when_and_how_much();
    reader.reading
}

/// A form being read: what was typed, what decides, and what has been understood so far.
struct Reader<'r> {
    values: &'r Values,
    offered: &'r BTreeSet<String>,
    context: &'r CashContext,
    reading: Reading,
}

impl<'r> Reader<'r> {
    fn read_when_and_how_much(&mut self) {
        let money = self.read_money();
        let day_offer = self.read_when(&money.need());
        self.read_account();
        self.judge_money(&money, day_offer);
    }

    fn get(&self, field: &str) -> Option<&'r str> {
        self.values.filled(field)
    }

    fn refuse(&mut self, refusal: CashRefusal) {
        self.reading.refusals.push(refusal);
    }

    /// Notes a required field without a value, and refuses it if a page has offered it.
    fn miss(&mut self, field: &'static str, refusal: impl FnOnce() -> CashRefusal) {
        self.reading.missing.push(field);
        if self.offered.contains(field) {
            self.refuse(refusal());
        }
    }

    /// The nearest day and slot for a need, as an offer.
    fn elsewhere(&self, need: &Need, day: Option<Day>, slot: Option<Time>) -> Vec<Offer> {
        let nearest = self.context.nearest_slot(need, day, slot);
        nearest.map(|(day, slot)| Offer::When { day, slot }).into_iter().collect()
    }
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod tests;
