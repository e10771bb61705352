//! The part of a [`CashContext`] that is sent to the browser: enough to validate the current values and no more, as one
//! short line of text.
//!
//! It does not contain flags on the customer or capacity beyond the requested amount (docs/domain.md §13). Purpose, collector,
//! contact and the customer's remaining quota are validated on the server only.
//!
//! The derived serde format would need serde's visitors and jiff's date parser in the browser, some 40 kB of the 150 kB
//! budget, and the line is ten times shorter. Format: numbers and identifiers separated by spaces; a list is preceded by its
//! length; days count from 1970-01-01; times are minutes. Both ends are built from the same source, so there is no version.

use serde::{Deserialize, Serialize};

use super::availability::{Availability, Busy, CashContext, CashLimits, CutoffStatus, DayAvailability, SlotAvailability};
use super::model::{Denomination, Notes};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, days_between, shift};

/// Day 0 of the format.
const ZERO: Day = Day::constant(1970, 1, 1);

/// Marks an absent value.
const NONE: &str = "-";

/// A context reduced to what the browser may know; the only form in which it leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BrowserContext(CashContext);

/// The text is not a serialised [`BrowserContext`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cash context for the browser")]
pub struct InvalidBrowserContext;

impl CashContext {
    /// Reduces the context to what is needed for an amount: cash up to it, and of each note as many as it could use. An amount
    /// outside the limits, or no amount, is replaced by the nearest limit.
    pub fn for_browser(mut self, asked: Option<Fen>) -> BrowserContext {
        let least = self.limits.minimum;
        let asked = asked.unwrap_or(least).min(self.limits.maximum).max(least);
        for available in self.availability.iter_mut().flat_map(|availability| &mut availability.days) {
            available.cash_left = available.cash_left.min(asked);
            let most = Denomination::ALL.map(|note| asked.yuan() / note.yuan());
            available.stock_left = available.stock_left.at_most(&Notes(most));
        }
        self.risk_flag = false;
        self.balances.clear();
        self.open_left = self.limits.maximum;
        self.known_to = Some(asked);
        self.own = None;
        BrowserContext(self)
    }
}

impl BrowserContext {
    /// The context as far as it is known here.
    pub fn context(&self) -> &CashContext {
        &self.0
    }
}

impl From<BrowserContext> for String {
    fn from(browser_context: BrowserContext) -> Self {
        let mut writer = ContextWriter(Self::new());
        writer.context(&browser_context.0);
        writer.0
    }
}

impl TryFrom<String> for BrowserContext {
    type Error = InvalidBrowserContext;

    fn try_from(text: String) -> Result<Self, InvalidBrowserContext> {
        ContextReader(text.split(' ')).context().map(Self).ok_or(InvalidBrowserContext)
    }
}

struct ContextWriter(String);

impl ContextWriter {
    fn word(&mut self, word: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }

    fn number(&mut self, number: i64) {
        self.word(&number.to_string());
    }

    fn day(&mut self, day: Day) {
        self.number(days_between(ZERO, day));
    }

    fn time(&mut self, time: Time) {
        self.number(i64::from(time.hour()) * 60 + i64::from(time.minute()));
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(i64::try_from(items.len()).unwrap_or_default());
        for item in items {
            write(self, item);
        }
    }

    fn context(&mut self, context: &CashContext) {
        self.day(context.now.day());
        self.time(context.now.time());
        self.number(context.known_to.unwrap_or(Fen::ZERO).0);
        let limits = &context.limits;
        for number in [limits.minimum.0, limits.maximum.0, limits.purpose_from.0] {
            self.number(number);
        }
        for number in [limits.purpose_other_max, limits.remark_max] {
            self.number(number);
        }
        self.number(i64::from(context.corporate));
        self.list(&context.accounts, |writer, account| writer.word(account));
        self.list(&context.branches, |writer, branch| writer.word(branch));
        self.list(&context.booked, |writer, day| writer.day(*day));
        self.list(&context.busy, |writer, busy| {
            writer.day(busy.day);
            writer.time(busy.from);
            writer.time(busy.to);
        });
        match context.blocked_until {
            Some(until) => self.day(until),
            None => self.word(NONE),
        }
        match &context.availability {
            Some(availability) => {
                self.list(&availability.days, Self::day_availability);
                self.cutoff_status(availability.cutoff_status);
            }
            None => self.word(NONE),
        }
    }

    fn cutoff_status(&mut self, cutoff_status: CutoffStatus) {
        let (kind, cutoff) = match cutoff_status {
            CutoffStatus::Closed => (0, Time::midnight()),
            CutoffStatus::InTime(cutoff) => (1, cutoff),
            CutoffStatus::Late(cutoff) => (2, cutoff),
        };
        self.number(kind);
        self.time(cutoff);
    }

    fn day_availability(&mut self, available: &DayAvailability) {
        self.day(available.day);
        self.number(i64::from(available.open));
        self.number(available.slot_minutes);
        self.number(available.cash_left.0);
        for count in available.stock_left.0 {
            self.number(count);
        }
        self.list(&available.slots, |writer, slot| {
            writer.time(slot.slot);
            writer.number(slot.places);
        });
    }
}

struct ContextReader<'t>(std::str::Split<'t, char>);

impl<'t> ContextReader<'t> {
    fn word(&mut self) -> Option<&'t str> {
        self.0.next()
    }

    fn number(&mut self) -> Option<i64> {
        self.word()?.parse().ok()
    }

    fn flag(&mut self) -> Option<bool> {
        self.number().map(|number| number != 0)
    }

    fn day(&mut self) -> Option<Day> {
        self.number().map(|days| shift(ZERO, days))
    }

    fn time(&mut self) -> Option<Time> {
        let minutes = self.number()?;
        Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.number()?;
        (0..length).map(|_| read(self)).collect()
    }

    /// Whether the next word marks an absent value; if so it is consumed.
    fn is_absent(&mut self) -> bool {
        let mut ahead = ContextReader(self.0.clone());
        let absent = ahead.word() == Some(NONE);
        if absent {
            *self = ahead;
        }
        absent
    }

    fn context(&mut self) -> Option<CashContext> {
        let now = At::of(self.day()?, self.time()?);
        let known_to = Some(Fen(self.number()?));
        let limits = CashLimits {
            minimum: Fen(self.number()?),
            maximum: Fen(self.number()?),
            purpose_from: Fen(self.number()?),
            purpose_other_max: self.number()?,
            remark_max: self.number()?,
        };
        Some(CashContext {
            now,
            known_to,
            own: None,
            open_left: limits.maximum,
            limits,
            corporate: self.flag()?,
            risk_flag: false,
            accounts: self.list(|reader| reader.word().map(str::to_owned))?,
            balances: Vec::new(),
            branches: self.list(|reader| reader.word().map(str::to_owned))?,
            booked: self.list(Self::day)?,
            busy: self.list(|reader| Some(Busy { day: reader.day()?, from: reader.time()?, to: reader.time()? }))?,
            blocked_until: if self.is_absent() { None } else { Some(self.day()?) },
            availability: if self.is_absent() {
                None
            } else {
                Some(Availability { days: self.list(Self::day_availability)?, cutoff_status: self.cutoff_status()? })
            },
        })
    }

    fn cutoff_status(&mut self) -> Option<CutoffStatus> {
        let (kind, cutoff) = (self.number()?, self.time()?);
        match kind {
            0 => Some(CutoffStatus::Closed),
            1 => Some(CutoffStatus::InTime(cutoff)),
            2 => Some(CutoffStatus::Late(cutoff)),
            _ => None,
        }
    }

    fn day_availability(&mut self) -> Option<DayAvailability> {
        let (day, open, slot_minutes) = (self.day()?, self.flag()?, self.number()?);
        let cash_left = Fen(self.number()?);
        let mut stock_left = Notes::NONE;
        for count in &mut stock_left.0 {
            *count = self.number()?;
        }
        let slots = self.list(|reader| Some(SlotAvailability { slot: reader.time()?, places: reader.number()? }))?;
        Some(DayAvailability { day, open, slots, slot_minutes, cash_left, stock_left })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BrowserContext, InvalidBrowserContext};
    use crate::appointments::cash::availability::{Availability, Busy, CashContext, CutoffStatus};
    use crate::appointments::cash::model::Notes;
    use crate::appointments::cash::rules::fixture::{context, day, hour, with};
    use crate::appointments::cash::rules::{read_cash, read_how_much};
    use crate::kernel::forms::Refusal;
    use crate::kernel::money::Fen;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut full = context();
        full.busy.push(Busy { day: day(1), from: hour(10), to: hour(11) });
        full.booked.push(day(2));
        full.blocked_until = Some(day(4));
        full.corporate = true;
        let mut bare = context();
        bare.availability = None;
        bare.accounts.clear();
        let with = |cutoff_status| {
            let mut context = context();
            context.availability = Some(Availability { days: Vec::new(), cutoff_status });
            context
        };
        for context in [context(), full, bare, with(CutoffStatus::Closed), with(CutoffStatus::Late(hour(15)))] {
            let browser_context = context.for_browser(Some(Fen::from_yuan(60_000)));
            let json = serde_json::to_string(&browser_context).expect("json");
            assert!(json.len() < 1_000, "{json}");
            assert_eq!(serde_json::from_str::<BrowserContext>(&json).expect("a context"), browser_context);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let whole = String::from(context().for_browser(None));
        for text in ["", "1", "x", &whole[..whole.len() / 2], &whole.replace("b1", "")] {
            let read = BrowserContext::try_from(text.to_owned());
            assert!(read.is_err() || String::from(read.expect("a context")) != whole, "{text}");
        }
        assert_eq!(BrowserContext::try_from("7 x".to_owned()), Err(InvalidBrowserContext));
    }

    /// A branch with more capacity than the browser may receive, and a customer with a flag.
    fn rich() -> CashContext {
        let mut context = context();
        context.risk_flag = true;
        for day in &mut context.availability.as_mut().expect("a branch").days {
            day.cash_left = Fen::from_yuan(7_777_777);
            day.stock_left = Notes([77_777; 6]);
        }
        context
    }

    #[test]
    fn nothing_beyond_the_amount_asked_for_and_no_mark_is_told() {
        for (asked, most) in [(None, 50_000), (Some(60_000), 60_000), (Some(9_000_000), 1_000_000), (Some(1), 50_000)] {
            let asked = asked.map(Fen::from_yuan);
            let browser_context = rich().for_browser(asked);
            let known = browser_context.context().availability.as_ref().expect("a branch");
            for day in &known.days {
                assert_eq!(day.cash_left, Fen::from_yuan(most));
                assert!(day.stock_left.iter().all(|(note, count)| count * note.yuan() <= most), "{:?}", day.stock_left);
            }
            assert!(!browser_context.context().risk_flag);
            let mut unmarked = rich();
            unmarked.risk_flag = false;
            assert_eq!(
                String::from(browser_context),
                String::from(unmarked.for_browser(asked)),
                "the mark cannot be told from the line"
            );
        }
    }

    #[test]
    fn an_amount_beyond_what_is_known_is_not_judged_by_what_is_left() {
        let browser_context = rich().for_browser(Some(Fen::from_yuan(60_000)));
        let form = with(&[("amount", "90000"), ("notes_100", "900")]);
        assert_eq!(read_how_much(&form, browser_context.context()).refusals, []);
        assert_eq!(read_how_much(&form, rich().for_browser(Some(Fen::from_yuan(90_000))).context()).refusals, []);
    }

    proptest! {
        #[test]
        fn the_browser_judges_the_amount_asked_for_as_the_server_does(
            cash in 0_i64..120_000, stock in prop::array::uniform6(0_i64..900), yuan in 45_000_i64..110_000, hundreds in 0_i64..1_100,
            any in any::<bool>(),
        ) {
            let mut context = context();
            for day in &mut context.availability.as_mut().expect("a branch").days {
                day.cash_left = Fen::from_yuan(cash);
                day.stock_left = Notes(stock);
            }
            let (amount, hundreds) = (yuan.to_string(), hundreds.to_string());
            let mut form = with(&[("amount", &amount), ("notes_100", &hundreds)]);
            if any {
                form.set("any_notes", "on");
            }
            let browser_context = context.clone().for_browser(Some(Fen::from_yuan(yuan)));
            let (here, there) = (read_how_much(&form, browser_context.context()), read_cash(&form, &BTreeSet::new(), &context));
            prop_assert_eq!(here.notes, there.notes);
            let codes = |parsed: &crate::appointments::cash::ParsedCashForm| {
                parsed.refusals.iter().map(|refusal| refusal.code().to_owned()).collect::<Vec<_>>()
            };
            prop_assert_eq!(codes(&here), codes(&there));
        }
    }
}
