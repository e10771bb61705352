//! Validates account, amount and notes against limits and stock.

use super::{CashOffer, CashRefusal, DayAvailability, Need, Parser};
use crate::appointments::cash::availability::{CashLimits, NotesNeed};
use crate::appointments::cash::form::OWN_NOTES;
use crate::appointments::cash::model::{Denomination, Notes};
use crate::appointments::cash::split::{nearest_amounts, nearest_split, propose_split, split_towards};
use crate::kernel::money::Fen;
use crate::kernel::text::whole_number;

/// A stock larger than any branch's, used while no day is chosen.
const UNBOUNDED: Notes = Notes([1_000_000_000; 6]);

/// Amount and notes as typed, before the day is known.
pub(super) struct Money {
    /// The parsed amount; `Err` with its possible meanings.
    amount: Option<Result<Fen, Vec<Fen>>>,
    /// The amount, if it is whole and within the limits.
    valid: Option<Fen>,
    notes: Typed,
    any: bool,
}

enum Typed {
    Absent,
    /// A count of this denomination is invalid; and the fields that were filled in.
    Wrong(Denomination, Notes),
    Given(Notes),
}

impl Money {
    /// What a day must have. Notes that do not add up to the amount will be changed, so any notes will do.
    pub(super) fn need(&self) -> Need {
        let notes = match (&self.notes, self.valid) {
            (Typed::Given(notes), Some(amount)) if notes.value() == amount => NotesNeed::Counted(*notes),
            _ => NotesNeed::Any,
        };
        Need { amount: self.valid, notes }
    }

    /// The counts typed; `None` if there are none or the branch chooses the notes.
    fn counts(&self) -> Option<Notes> {
        match self.notes {
            Typed::Given(notes) => Some(notes),
            _ => None,
        }
    }

    /// The counts that an offered amount replaces: those typed, or none if a page has asked for them and they are missing.
    /// `None` if the notes are chosen otherwise or not asked yet.
    fn replaced(&self, asked: bool) -> Option<Notes> {
        match self.notes {
            Typed::Given(notes) | Typed::Wrong(_, notes) => Some(notes),
            Typed::Absent => Some(Notes::NONE).filter(|_| asked && !self.any),
        }
    }
}

/// The bounds of an offered amount: the limits, what is left of a chosen day, and the balance.
struct Bounds {
    least: Fen,
    /// What can be booked.
    most: Fen,
    /// What is offered: not more than the balance, or than what the customer asked for.
    reach: Fen,
    stock: Notes,
}

impl Bounds {
    fn new(limits: &CashLimits, open_left: Fen, balance: Fen, typed: Option<Fen>, day: Option<&DayAvailability>) -> Self {
        let left = day.map_or(open_left, |day| day.cash_left.min(open_left));
        let most = Fen::from_yuan(limits.maximum.min(left).yuan());
        // An amount above the balance is accepted (docs/domain.md §3.1), so whoever typed one is led to the nearest amount. What is
        // beyond the limits anyway says nothing about what is meant.
        let asked = typed.map_or(Fen::ZERO, |typed| Fen::from_yuan(typed.yuan()));
        let asked = Some(asked).filter(|asked| (limits.minimum..=limits.maximum).contains(asked)).unwrap_or_default();
        let reach = most.min(Fen::from_yuan(balance.yuan()).max(asked));
        Self { least: limits.minimum, most, reach, stock: day.map_or(UNBOUNDED, |day| day.stock_left) }
    }

    /// Whether an amount that the customer has named can be booked, whatever the balance.
    fn hold(&self, amount: Fen) -> bool {
        (self.least..=self.most).contains(&amount)
    }

    /// This amount as an offer, if it is possible; with a split if the customer counts notes.
    fn exactly(&self, amount: Fen, counts: Option<Notes>) -> Option<CashOffer> {
        let notes = match counts {
            Some(typed) => Some((split_towards(amount.yuan(), &typed, &self.stock)?, typed)),
            None => propose_split(amount.yuan(), &self.stock).map(|_| None)?,
        };
        self.hold(amount).then_some(CashOffer::Amount { amount, notes })
    }

    /// The nearest possible amounts: the amount itself if possible, otherwise the ones below and above.
    fn near(&self, amount: Fen, counts: Option<Notes>) -> Vec<CashOffer> {
        if self.least > self.reach {
            return Vec::new();
        }
        let wanted = Fen::from_yuan(amount.clamp(self.least, self.reach).yuan());
        if let Some(offer) = self.exactly(wanted, counts) {
            return vec![offer];
        }
        let (below, above) = nearest_amounts(wanted.yuan(), &self.stock);
        let near = [below, above].into_iter().flatten().map(Fen::from_yuan).filter(|amount| *amount <= self.reach);
        near.filter_map(|amount| self.exactly(amount, counts)).collect()
    }
}

/// By how much an amount exceeds the balance of its account. It is said and never refused: the balance is not checked
/// (docs/domain.md §3.1), because money may still come in before the day.
pub fn above_balance(amount: Option<Fen>, balance: Option<Fen>) -> Option<Fen> {
    let (amount, balance) = (amount?, balance?);
    (amount > balance).then(|| Fen(amount.0 - balance.0))
}

impl Parser<'_> {
    /// Parses amount and notes as typed, without validating them.
    pub(super) fn read_money(&mut self) -> Money {
        let limits = &self.context.limits;
        let amount = self.get("amount").map(Fen::read_yuan);
        let valid = match amount {
            Some(Ok(fen)) if fen.is_whole_yuan() && (limits.minimum..=limits.maximum).contains(&fen) => Some(fen),
            _ => None,
        };
        let any = self.get("any_notes").is_some_and(|chosen| chosen != OWN_NOTES);
        let notes = if any { Typed::Absent } else { self.read_counts() };
        self.parsed.amount = valid;
        self.parsed.any_notes = any;
        self.parsed.new_notes = self.values.ticked("new_notes");
        let money = Money { amount, valid, notes, any };
        self.parsed.typed_notes = money.counts();
        money
    }

    fn read_counts(&self) -> Typed {
        let mut notes = Notes::NONE;
        let mut wrong = None;
        for note in Denomination::ALL {
            let Some(text) = self.get(note.field()) else { continue };
            match whole_number(text, &["张"]).filter(|count| *count <= UNBOUNDED.count(note)) {
                Some(count) => notes = notes.with(note, count),
                // It counts as filled in, so that an offer replaces it: `600.5` by 600 if the sum permits.
                None => {
                    wrong = wrong.or(Some(note));
                    let whole = text.split('.').next().and_then(|whole| whole_number(whole, &[]));
                    notes = notes.with(note, whole.filter(|count| (1..=UNBOUNDED.count(note)).contains(count)).unwrap_or(1));
                }
            }
        }
        match wrong {
            Some(note) => Typed::Wrong(note, notes),
            None if notes.is_empty() => Typed::Absent,
            None => Typed::Given(notes),
        }
    }

    fn read_account(&mut self) {
        let own = &self.context.accounts;
        match self.get("account") {
            None if own.is_empty() => self.miss("account", || CashRefusal::NoAccount),
            Some(_) if own.is_empty() => self.refuse(CashRefusal::NoAccount),
            None => self.miss("account", || CashRefusal::AccountMissing),
            Some(account) if own.iter().any(|known| known == account) => {
                self.parsed.account = Some(account.to_owned());
            }
            Some(_) => {
                let offers = own.iter().cloned().map(CashOffer::Account).collect();
                self.refuse(CashRefusal::AccountUnknown { offers });
            }
        }
    }

    /// Validates amount, account and notes, against the day's cash and stock if a day is chosen.
    pub(super) fn judge_money(&mut self, money: &Money, day: Option<&DayAvailability>) {
        // The browser does not receive capacity beyond the requested amount, so it does not validate larger amounts against it.
        let day = day.filter(|_| money.valid.is_none_or(|amount| self.context.knows(amount)));
        let balance = self.context.reach(self.get("account"));
        let typed = money.amount.as_ref().and_then(|typed| typed.as_ref().ok()).copied();
        let bounds = Bounds::new(&self.context.limits, self.context.open_left, balance, typed, day);
        self.judge_amount(money, &bounds, day);
        self.read_account();
        let affordable = money.valid.filter(|amount| *amount <= bounds.most);
        if money.any {
            self.judge_any(money, affordable, &bounds, day);
        } else {
            self.judge_counts(money, affordable, &bounds, day);
        }
    }

    fn judge_amount(&mut self, money: &Money, bounds: &Bounds, day: Option<&DayAvailability>) {
        let limits = &self.context.limits;
        let (minimum, maximum) = (limits.minimum, limits.maximum);
        let amount = match &money.amount {
            None => return self.miss("amount", || CashRefusal::AmountMissing),
            Some(Err(readings)) if readings.is_empty() => return self.refuse(CashRefusal::AmountInvalid),
            Some(Err(readings)) => {
                let whole = readings.iter().map(|reading| Fen::from_yuan(reading.yuan()));
                let mut offers: Vec<CashOffer> = whole.filter_map(|reading| bounds.exactly(reading, money.counts())).collect();
                offers.dedup();
                return self.refuse(CashRefusal::AmountUnclear { readings: readings.clone(), offers });
            }
            Some(Ok(amount)) => *amount,
        };
        let replaced = money.replaced(self.asks_notes());
        let near = |amount| bounds.near(amount, replaced);
        if amount < minimum {
            self.refuse(CashRefusal::AmountBelowMinimum { minimum, offers: near(minimum) });
        } else if amount > maximum {
            self.refuse(CashRefusal::AmountAboveMaximum { maximum, offers: near(maximum) });
        } else if !amount.is_whole_yuan() {
            let mut offers = near(amount);
            let above = near(Fen::from_yuan(amount.yuan() + 1));
            offers.extend(above.into_iter().filter(|offer| !offers.contains(offer)).collect::<Vec<_>>());
            self.refuse(CashRefusal::AmountNotWhole { offers });
        } else if amount > self.context.open_left {
            let left = self.context.open_left;
            self.refuse(CashRefusal::OpenCash { left, offers: near(left) });
        } else if let Some(day) = day.filter(|day| day.cash_left < amount) {
            // What keeps the amount comes first.
            let mut offers = self.elsewhere(&money.need(), Some(day.day), self.parsed.slot);
            offers.extend(near(day.cash_left));
            self.refuse(CashRefusal::CashShort { left: day.cash_left, offers });
        }
    }

    /// Whether a page has shown the fields of the notes.
    fn asks_notes(&self) -> bool {
        self.offered.contains("notes_100")
    }

    fn judge_any(&mut self, money: &Money, affordable: Option<Fen>, bounds: &Bounds, day: Option<&DayAvailability>) {
        let (Some(amount), Some(day)) = (affordable, day) else { return };
        self.parsed.notes = propose_split(amount.yuan(), &day.stock_left);
        if self.parsed.notes.is_none() {
            self.refuse_unsplittable(money, amount, bounds, day);
        }
    }

    /// The notes of the day cannot add up to the amount, whoever chooses them.
    fn refuse_unsplittable(&mut self, money: &Money, amount: Fen, bounds: &Bounds, day: &DayAvailability) {
        let mut offers = self.elsewhere(&money.need(), Some(day.day), self.parsed.slot);
        offers.extend(bounds.near(amount, money.replaced(self.asks_notes())));
        self.refuse(CashRefusal::NotesUnsplittable { offers });
    }

    fn judge_counts(&mut self, money: &Money, affordable: Option<Fen>, bounds: &Bounds, day: Option<&DayAvailability>) {
        let proposed = |typed: Notes| {
            let split = affordable.and_then(|amount| split_towards(amount.yuan(), &typed, &bounds.stock));
            split.map(|notes| CashOffer::Notes { notes, typed })
        };
        // Counts can only be corrected if some notes of the day add up to the amount.
        let hopeless = affordable.zip(day).filter(|(amount, day)| propose_split(amount.yuan(), &day.stock_left).is_none());
        let notes = match money.notes {
            Typed::Absent => {
                self.parsed.missing.push("notes_100");
                match hopeless {
                    _ if !self.asks_notes() => {}
                    Some((amount, day)) => self.refuse_unsplittable(money, amount, bounds, day),
                    None => {
                        let offers = proposed(Notes::NONE).into_iter().chain([CashOffer::AnyNotes]).collect();
                        self.refuse(CashRefusal::NotesMissing { offers });
                    }
                }
                return;
            }
            Typed::Wrong(denomination, readable) => {
                // Every filled-in field is replaced, otherwise the remaining counts would not add up.
                let offers = match hopeless {
                    Some((amount, _)) => bounds.near(amount, Some(readable)),
                    None => proposed(readable).into_iter().chain([CashOffer::AnyNotes]).collect(),
                };
                return self.refuse(CashRefusal::NotesInvalid { denomination, offers });
            }
            Typed::Given(notes) => notes,
        };
        let Some(amount) = money.valid else { return };
        let sum = notes.value();
        if sum != amount {
            let as_amount = notes.fit(&bounds.stock) && bounds.hold(sum);
            let as_amount = as_amount.then_some(CashOffer::Amount { amount: sum, notes: None });
            let mut offers: Vec<CashOffer> = proposed(notes).into_iter().chain(as_amount).collect();
            if let (Some((amount, _)), true) = (hopeless, offers.is_empty()) {
                offers = bounds.near(amount, Some(notes));
            }
            return self.refuse(CashRefusal::NotesDiffer { sum, amount, offers });
        }
        let Some(day) = day else { return };
        let Some(denomination) = notes.first_short(&day.stock_left) else {
            self.parsed.notes = Some(notes);
            return;
        };
        let split = affordable.and_then(|_| nearest_split(&notes, &day.stock_left));
        let mut offers: Vec<CashOffer> = split.map(|split| CashOffer::Notes { notes: split, typed: notes }).into_iter().collect();
        offers.extend(self.elsewhere(&money.need(), Some(day.day), self.parsed.slot));
        if let Some((amount, _)) = hopeless {
            offers.extend(bounds.near(amount, Some(notes)));
        }
        let (left, asked) = (day.stock_left.count(denomination), notes.count(denomination));
        self.refuse(CashRefusal::NotesShort { denomination, left, asked, offers });
    }
}
