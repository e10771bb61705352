//! What every branch has free: for the list of branches, before one is chosen, and to offer another branch when one is short.
//! The rules are those of the form ([`CashContext::nearest_slot`]).

use super::CashParameters;
use super::availability::{CashContext, CashLimits, Need, NotesNeed};
use super::offers::CashOffer;
use super::records::taken_everywhere;
use super::rules::ParsedCashForm;
use super::snapshot::availability;
use super::timing::Timing;
use crate::branches::{Branch, Reference};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, days_between};

/// The nearest free day of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeAt {
    /// Id of the branch.
    pub branch: String,
    pub day: Day,
    pub slot: Time,
    /// Free places of the day.
    pub places: i64,
}

/// A wish that a branch is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub need: Need,
    /// Nearest to this day; `None`: the earliest.
    pub day: Option<Day>,
    pub slot: Option<Time>,
}

impl Wish {
    /// The earliest day for any amount.
    pub const EARLIEST: Self = Self { need: Need { amount: None, notes: NotesNeed::Any }, day: None, slot: None };

    /// What a form asks for, as far as it is known.
    pub fn of(parsed: &ParsedCashForm, day: Option<Day>) -> Self {
        let notes = parsed.typed_notes.filter(|notes| !parsed.any_notes && Some(notes.value()) == parsed.amount);
        let need = Need { amount: parsed.amount, notes: notes.map_or(NotesNeed::Any, NotesNeed::Counted) };
        Self { need, day, slot: parsed.slot }
    }
}

/// The free day nearest to the wish, for each branch that has one, in the order of the branches. `context` holds the customer's
/// own appointments and limits; [`CashContext::of_nobody`] is a visitor's. One statement, whatever the number of branches.
pub async fn free_at_branches(
    bank: &Bank,
    reference: &Reference,
    context: &CashContext,
    wish: &Wish,
) -> Result<Vec<FreeAt>, Failure> {
    if context.blocked_until.is_some() {
        return Ok(Vec::new());
    }
    let now = context.now;
    let window = |branch: &Branch, parameters: &CashParameters| {
        Timing { calendar: &reference.calendar, hours: &branch.hours, parameters }.window(now)
    };
    let branches = reference.branches.iter().map(|branch| {
        let parameters: CashParameters = reference.parameters(&branch.id, now.day());
        let window = window(branch, &parameters);
        (branch, CashLimits::from(&parameters), window)
    });
    let branches: Vec<_> = branches.collect();
    let days = || branches.iter().flat_map(|(_, _, window)| window);
    let Some((first, last)) = days().min().zip(days().max()) else { return Ok(Vec::new()) };
    let mut taken = taken_everywhere(&mut bank.read().await?, *first, *last).await?;
    let free = branches.into_iter().filter_map(|(branch, limits, window)| {
        let taken = taken.remove(&branch.id).unwrap_or_default();
        let free = availability(reference, branch, now, &window, &taken);
        let free = match &context.own {
            Some(own) => own.given_back(&branch.id, free, None),
            None => free,
        };
        let there = CashContext { limits, availability: Some(free), ..context.clone() };
        let (day, slot) = there.nearest_slot(&wish.need, wish.day, wish.slot)?;
        let places = there.free_slots(there.availability.as_ref()?.on(day)?).map(|slot| slot.places).sum();
        Some(FreeAt { branch: branch.id.clone(), day, slot, places })
    });
    Ok(free.collect())
}

/// By when every branch will have answered a booking that is submitted now: the latest of their due times. `None` without a
/// branch.
pub fn answered_everywhere_by(reference: &Reference, now: At) -> Option<At> {
    let due = |branch: &Branch| {
        let parameters: CashParameters = reference.parameters(&branch.id, now.day());
        Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &parameters }.answer_due(now)
    };
    reference.branches.iter().map(due).max()
}

/// The offer of another branch for a refusal that names a shortage of the chosen one: the day nearest to the one wished for.
pub async fn other_branch(
    bank: &Bank,
    reference: &Reference,
    context: &CashContext,
    wish: &Wish,
    chosen: &str,
) -> Result<Option<CashOffer>, Failure> {
    let day = wish.day.unwrap_or_else(|| context.now.day());
    let mut free = free_at_branches(bank, reference, context, wish).await?;
    free.retain(|free| free.branch != chosen);
    let nearest = free.into_iter().min_by_key(|free| {
        let ahead = days_between(day, free.day);
        (ahead.abs(), ahead < 0)
    });
    Ok(nearest.map(|free| CashOffer::Branch { branch: free.branch, day: free.day, slot: free.slot }))
}

impl CashContext {
    /// A visitor's: nobody's appointments, no branch chosen.
    pub fn of_nobody(reference: &Reference, now: At) -> Self {
        let parameters: CashParameters = reference.parameters("", now.day());
        Self {
            now,
            limits: CashLimits::from(&parameters),
            corporate: false,
            risk_flag: false,
            accounts: Vec::new(),
            balances: Vec::new(),
            branches: Vec::new(),
            availability: None,
            booked: Vec::new(),
            busy: Vec::new(),
            blocked_until: None,
            open_left: Fen(i64::MAX),
            known_to: None,
            own: None,
        }
    }
}
