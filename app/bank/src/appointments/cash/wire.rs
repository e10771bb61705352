//! A [`CashContext`] as one short line of text, the form in which pages and server functions carry it to the islands.
//!
//! Why not the derived form: reading it in the browser brings serde's visitors and the whole date parser of jiff, some
//! 40 kB of the 150 kB a page may load, and the line is a tenth as long. Numbers and identifiers follow each other,
//! separated by blanks, lists after their length; days count from 1970-01-01, times are minutes. Both ends are built
//! from the same source, so there is no version to carry.

use super::availability::{Availability, Busy, CashContext, CashLimits, DayOffer, SlotOffer};
use super::model::Notes;
use crate::kernel::money::Fen;
use crate::kernel::time::{Day, Time, days_between, shift};

/// The day counted from.
const ZERO: Day = Day::constant(1970, 1, 1);

/// Stands for what is not there.
const NONE: &str = "-";

/// A line that no [`CashContext`] was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cash context")]
pub struct NotAContext;

impl From<CashContext> for String {
    fn from(context: CashContext) -> Self {
        let mut line = Line(Self::new());
        line.context(&context);
        line.0
    }
}

impl TryFrom<String> for CashContext {
    type Error = NotAContext;

    fn try_from(text: String) -> Result<Self, NotAContext> {
        Words(text.split(' ')).context().ok_or(NotAContext)
    }
}

struct Line(String);

impl Line {
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
        self.day(context.today);
        let limits = &context.limits;
        for number in [limits.minimum.0, limits.maximum.0, limits.purpose_from.0] {
            self.number(number);
        }
        for number in [limits.purpose_other_max, limits.remark_max] {
            self.number(number);
        }
        self.number(i64::from(context.corporate));
        self.number(i64::from(context.risk_flag));
        self.list(&context.accounts, |line, account| line.word(account));
        self.list(&context.branches, |line, branch| line.word(branch));
        self.list(&context.booked, |line, day| line.day(*day));
        self.list(&context.busy, |line, busy| {
            line.day(busy.day);
            line.time(busy.from);
            line.time(busy.to);
        });
        match context.blocked_until {
            Some(until) => self.day(until),
            None => self.word(NONE),
        }
        match &context.availability {
            Some(availability) => self.list(&availability.days, Self::day_offer),
            None => self.word(NONE),
        }
    }

    fn day_offer(&mut self, offer: &DayOffer) {
        self.day(offer.day);
        self.number(i64::from(offer.open));
        self.number(offer.slot_minutes);
        self.number(offer.cash_left.0);
        for count in offer.stock_left.0 {
            self.number(count);
        }
        self.list(&offer.slots, |line, slot| {
            line.time(slot.slot);
            line.number(slot.places);
        });
    }
}

struct Words<'t>(std::str::Split<'t, char>);

impl<'t> Words<'t> {
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

    /// Whether the next word says that something is not there; it is then taken.
    fn is_absent(&mut self) -> bool {
        let mut ahead = Words(self.0.clone());
        let absent = ahead.word() == Some(NONE);
        if absent {
            *self = ahead;
        }
        absent
    }

    fn context(&mut self) -> Option<CashContext> {
        Some(CashContext {
            today: self.day()?,
            limits: CashLimits {
                minimum: Fen(self.number()?),
                maximum: Fen(self.number()?),
                purpose_from: Fen(self.number()?),
                purpose_other_max: self.number()?,
                remark_max: self.number()?,
            },
            corporate: self.flag()?,
            risk_flag: self.flag()?,
            accounts: self.list(|words| words.word().map(str::to_owned))?,
            branches: self.list(|words| words.word().map(str::to_owned))?,
            booked: self.list(Self::day)?,
            busy: self.list(|words| Some(Busy { day: words.day()?, from: words.time()?, to: words.time()? }))?,
            blocked_until: if self.is_absent() { None } else { Some(self.day()?) },
            availability: if self.is_absent() { None } else { Some(Availability { days: self.list(Self::day_offer)? }) },
        })
    }

    fn day_offer(&mut self) -> Option<DayOffer> {
        let (day, open, slot_minutes) = (self.day()?, self.flag()?, self.number()?);
        let cash_left = Fen(self.number()?);
        let mut stock_left = Notes::NONE;
        for count in &mut stock_left.0 {
            *count = self.number()?;
        }
        let slots = self.list(|words| Some(SlotOffer { slot: words.time()?, places: words.number()? }))?;
        Some(DayOffer { day, open, slots, slot_minutes, cash_left, stock_left })
    }
}

#[cfg(test)]
mod tests {
    use super::NotAContext;
    use crate::appointments::cash::availability::{Busy, CashContext};
    use crate::appointments::cash::rules::fixture::{context, day, hour};

    #[test]
    fn what_is_written_is_read_again() {
        let mut full = context();
        full.busy.push(Busy { day: day(1), from: hour(10), to: hour(11) });
        full.booked.push(day(2));
        full.blocked_until = Some(day(4));
        full.risk_flag = true;
        let mut bare = context();
        bare.availability = None;
        bare.accounts.clear();
        for context in [context(), full, bare] {
            let json = serde_json::to_string(&context).expect("json");
            assert!(json.len() < 1_000, "{json}");
            assert_eq!(serde_json::from_str::<CashContext>(&json).expect("a context"), context);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let whole = String::from(context());
        for text in ["", "1", "x", &whole[..whole.len() / 2], &whole.replace("b1", "")] {
            let read = CashContext::try_from(text.to_owned());
            assert!(read.is_err() || String::from(read.expect("a context")) != whole, "{text}");
        }
        assert_eq!(CashContext::try_from("7 x".to_owned()), Err(NotAContext));
    }
}
