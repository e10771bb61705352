//! Parsing and validation of a cash form: raw values in, a [`ParsedCashForm`] with parsed values and all refusals out. The same
//! function runs in the browser, when a form is posted, and inside the transaction with current data.
//!
//! A field is refused as missing only if a page has shown it; values that a choice makes irrelevant are ignored. Reading
//! order: here, then `when.rs` (branch, day, slot), `money.rs` (account, amount, notes), `people.rs` (purpose, collector,
//! contact).

use std::collections::BTreeSet;

use super::availability::{CashContext, DayAvailability, Need};
use super::form::FORM;
use super::model::{CashRequest, Collector, Notes, Purpose};
use super::offers::CashOffer;
use super::refusals::CashRefusal;
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::money::Fen;
use crate::kernel::people::Phone;
use crate::kernel::time::{Day, Time};

mod money;
mod people;
mod when;

pub use money::above_balance;

/// A step of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Where,
    HowMuch,
    Who,
    Check,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::Where, Self::HowMuch, Self::Who, Self::Check];

    /// The step of a field.
    pub fn of(field: &str) -> Self {
        FORM.step_of(field).and_then(|step| Self::parse(&step.name)).unwrap_or(Self::Check)
    }

    /// Its name in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::HowMuch => "how_much",
            Self::Who => "who",
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
pub struct ParsedCashForm {
    /// Id of an active account of the customer.
    pub account: Option<String>,
    pub branch: Option<String>,
    /// Validated only once the branch's availability is known.
    pub day: Option<Day>,
    pub slot: Option<Time>,
    pub amount: Option<Fen>,
    /// Whether the branch chooses the notes.
    pub any_notes: bool,
    /// The counts typed; `None` if the branch chooses the notes or a count is invalid.
    pub typed_notes: Option<Notes>,
    /// The notes to pay out: the customer's own, or the proposed split.
    pub notes: Option<Notes>,
    /// Whether new notes are preferred.
    pub new_notes: bool,
    /// Whether the purpose is required.
    pub purpose_asked: bool,
    pub purpose: Option<Purpose>,
    pub collector: Option<Collector>,
    pub phone: Option<Phone>,
    /// May be empty.
    pub remark: String,
    /// Required fields without a value, shown or not.
    pub missing: Vec<&'static str>,
    /// All refusals in the order of the form.
    pub refusals: Vec<CashRefusal>,
}

impl ParsedCashForm {
    /// The first step with a missing or refused field; the check step if there is none.
    pub fn first_open_step(&self) -> Step {
        let refused = self.refusals.iter().map(|refusal| Step::of(refusal.field()));
        self.missing.iter().map(|field| Step::of(field)).chain(refused).min().unwrap_or(Step::Check)
    }

    /// The refusals of one step's fields.
    pub fn refusals_of(&self, step: Step) -> impl Iterator<Item = &CashRefusal> {
        self.refusals.iter().filter(move |refusal| Step::of(refusal.field()) == step)
    }

    /// The validated booking, if nothing is missing or refused.
    pub fn request(&self) -> Option<CashRequest> {
        if !self.missing.is_empty() || !self.refusals.is_empty() {
            return None;
        }
        Some(CashRequest {
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

/// Parses and validates a form. `offered` are the fields some page has shown; only these can be refused as missing.
pub fn read_cash(values: &Values, offered: &BTreeSet<String>, context: &CashContext) -> ParsedCashForm {
    let mut parser = Parser { values, offered, context, parsed: ParsedCashForm::default() };
    parser.read_when_and_how_much();
    parser.read_people();
    parser.parsed
}

/// The part of [`read_cash`] that runs in the browser while amount and notes are typed; missing fields are not refused.
/// Purpose, collector and contact are validated on the server only, because the character tables their rules need would
/// take a quarter of the wasm budget.
pub fn read_how_much(values: &Values, context: &CashContext) -> ParsedCashForm {
    let offered = BTreeSet::new();
    let mut parser = Parser { values, offered: &offered, context, parsed: ParsedCashForm::default() };
    parser.read_when_and_how_much();
    parser.parsed
}

/// The state of parsing: the values, the data they are validated with, and the result so far.
struct Parser<'r> {
    values: &'r Values,
    offered: &'r BTreeSet<String>,
    context: &'r CashContext,
    parsed: ParsedCashForm,
}

impl<'r> Parser<'r> {
    fn read_when_and_how_much(&mut self) {
        let money = self.read_money();
        let day_availability = self.read_when(&money.need());
        self.judge_money(&money, day_availability);
    }

    fn get(&self, field: &str) -> Option<&'r str> {
        self.values.filled(field)
    }

    fn refuse(&mut self, refusal: CashRefusal) {
        self.parsed.refusals.push(refusal);
    }

    /// Records a required field without a value, and refuses it if a page has shown it.
    fn miss(&mut self, field: &'static str, refusal: impl FnOnce() -> CashRefusal) {
        self.parsed.missing.push(field);
        if self.offered.contains(field) {
            self.refuse(refusal());
        }
    }

    /// The nearest day and slot for a need, as an offer.
    fn elsewhere(&self, need: &Need, day: Option<Day>, slot: Option<Time>) -> Vec<CashOffer> {
        // Whoever moves a booking is not offered the place it has.
        let own = self.context.own.as_ref().filter(|own| self.get("branch") == Some(&own.branch));
        let nearest = self.context.nearest_slot_but(need, day, slot, own.map(|own| (own.day, own.slot)));
        nearest.map(|(day, slot)| CashOffer::When { day, slot }).into_iter().collect()
    }
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod tests;
