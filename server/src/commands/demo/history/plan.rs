//! How many cases of each kind fall on each day, which numbers they get, and the random choices. Everything follows from the
//! seed, so a day is generated alike however often and in whatever batch.

use bank::appointments::{cash, reception};
use bank::branches::{Branch, Reference};
use bank::cases::CaseKind;
use bank::customers::HolderIds;
use bank::kernel::ids::CaseNumber;
use bank::kernel::time::{At, Day, shift};

use super::people::Person;
use super::receptions::{PLANS, ReceptionPlan};

/// Days of the history: two years up to yesterday.
const DAYS: i64 = 730;

/// Shares of the finished cases, percent; the rest are suggestions. A branch has places for about thirty withdrawals and eight
/// visits a day, so there cannot be many more.
const CASH_PERCENT: usize = 20;
const RECEPTION_PERCENT: usize = 4;

/// Cases waiting for an answer, and appointments ahead that are confirmed; fewer in a small history.
const WAITING: usize = 5_000;
const AHEAD: usize = 400;

/// What is generated.
pub(super) struct Plan {
    seed: u64,
    pub as_of: At,
    pub reference: Reference,
    /// The generated customers.
    customers: Vec<HolderIds>,
    /// Number of cases that wait.
    pub waiting: usize,
    /// Number of appointments ahead.
    pub ahead: usize,
    /// Finished cases by kind.
    cash: usize,
    receptions: usize,
    suggestions: usize,
    first: Day,
    /// Number of open branches and of receptions of all days before each day, and of all days.
    branch_days: Vec<usize>,
    reception_days: Vec<usize>,
}

/// The cases of a kind that fall on one place of a day: their positions among all cases of the kind.
pub(super) type Share = std::ops::Range<usize>;

impl Plan {
    pub(super) fn new(cases: usize, seed: u64, as_of: At, reference: Reference, customers: Vec<HolderIds>) -> Self {
        let waiting = WAITING.min(cases / 2);
        let ahead = AHEAD.min(cases / 20);
        let past = cases - waiting - ahead;
        let (cash, receptions) = (past * CASH_PERCENT / 100, past * RECEPTION_PERCENT / 100);
        let first = shift(as_of.day(), -DAYS);
        let mut plan = Self {
            seed,
            as_of,
            reference,
            customers,
            waiting,
            ahead,
            cash,
            receptions,
            suggestions: past - cash - receptions,
            first,
            branch_days: vec![0],
            reception_days: vec![0],
        };
        let (mut branches, mut receptions) = (0, 0);
        for day in 0..plan.days() {
            branches += plan.open_branches(plan.day(day)).count();
            receptions += plan.receiving(plan.day(day)).count();
            plan.branch_days.push(branches);
            plan.reception_days.push(receptions);
        }
        plan
    }

    /// Number of finished cases.
    pub(super) fn past(&self) -> usize {
        self.cash + self.receptions + self.suggestions
    }

    /// Number of days.
    #[expect(clippy::unused_self, reason = "a property of every plan")]
    pub(super) fn days(&self) -> usize {
        usize::try_from(DAYS).unwrap_or_default()
    }

    pub(super) fn day(&self, place: usize) -> Day {
        shift(self.first, i64::try_from(place).unwrap_or_default())
    }

    /// The branches that are open on a day.
    pub(super) fn open_branches(&self, day: Day) -> impl Iterator<Item = &Branch> {
        let calendar = &self.reference.calendar;
        self.reference.branches.iter().filter(move |branch| !branch.hours.working(calendar, day).is_empty())
    }

    /// The receptions of a day.
    pub(super) fn receiving(&self, day: Day) -> impl Iterator<Item = &'static ReceptionPlan> {
        let working = self.reference.calendar.is_working(day);
        PLANS.iter().filter(move |plan| working && plan.weekday == day.weekday())
    }

    /// The bookings at the open branches of a day.
    pub(super) fn bookings(&self, day: usize) -> Vec<Share> {
        shares(&self.branch_days, day, self.cash)
    }

    /// The applications for the receptions of a day.
    pub(super) fn applications(&self, day: usize) -> Vec<Share> {
        shares(&self.reception_days, day, self.receptions)
    }

    /// The suggestions of a day.
    pub(super) fn filed(&self, day: usize) -> Share {
        share(day, self.days(), self.suggestions)
    }

    /// The customers in turn.
    pub(super) fn person(&self, turn: usize) -> Person<'_> {
        let place = turn % self.customers.len();
        Person { number: u32::try_from(place).unwrap_or_default() + 1, ids: &self.customers[place] }
    }

    /// The positions of cases that are not finished: behind the finished ones of their kind.
    pub(super) fn open(&self, kind: CaseKind) -> std::ops::RangeFrom<usize> {
        if kind == cash::KIND {
            self.cash..
        } else if kind == reception::KIND {
            self.receptions..
        } else {
            self.suggestions..
        }
    }

    /// The number of a case by its position among the cases of its kind. The step and the number of numbers, 23⁷, have no common
    /// divisor, so that no number comes twice.
    pub(super) fn number(&self, kind: CaseKind, place: usize) -> String {
        const NUMBERS: u64 = 23_u64.pow(7);
        const STEP: u64 = 2_104_297_851;
        let first = Random::of(self.seed, kind.code(), 0).next() % NUMBERS;
        let value = (first + u64::try_from(place).unwrap_or_default() * STEP) % NUMBERS;
        CaseNumber::generate(kind.prefix(), &value.to_be_bytes()).to_string()
    }

    /// The random numbers of one day of a kind.
    pub(super) fn random(&self, kind: CaseKind, day: usize) -> Random {
        Random::of(self.seed, kind.code(), day + 1)
    }
}

/// The shares of the places of a day of `total` things; `until` counts the places before each day.
fn shares(until: &[usize], day: usize, total: usize) -> Vec<Share> {
    let places = until.last().copied().unwrap_or_default();
    let (from, to) = (until.get(day).copied().unwrap_or_default(), until.get(day + 1).copied().unwrap_or_default());
    (from..to).map(|place| share(place, places, total)).collect()
}

/// The part of `total` things that falls on one of some places, evenly.
fn share(place: usize, places: usize, total: usize) -> Share {
    let places = places.max(1);
    place * total / places..(place + 1) * total / places
}

/// Random numbers (`SplitMix64`).
pub(super) struct Random(u64);

impl Random {
    fn of(seed: u64, name: &str, part: usize) -> Self {
        let part = u64::try_from(part).unwrap_or_default();
        let mixed =
            name.bytes().fold(seed ^ part.rotate_left(32), |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `most`, inclusive.
    pub(super) fn upto(&mut self, most: i64) -> i64 {
        let sides = u64::try_from(most.max(0)).unwrap_or_default() + 1;
        i64::try_from(self.next() % sides).unwrap_or_default()
    }

    /// Whether an event of this probability happens.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.upto(99) < percent
    }

    /// One of these values; there is at least one.
    pub(super) fn of_these<T: Copy>(&mut self, values: &[T]) -> T {
        let last = i64::try_from(values.len()).unwrap_or(1) - 1;
        values[usize::try_from(self.upto(last)).unwrap_or_default()]
    }

    /// A time between two times.
    pub(super) fn between(&mut self, from: At, to: At) -> At {
        from.plus_ms(self.upto(to.ms_since(from)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, share, shares};

    #[test]
    fn shares_cover_everything_once() {
        let until = [0, 3, 3, 8];
        let all: Vec<usize> = (0..3).flat_map(|day| shares(&until, day, 1_001)).flatten().collect();
        assert_eq!(all, (0..1_001).collect::<Vec<_>>());
        assert_eq!((0..7).flat_map(|day| share(day, 7, 3)).count(), 3);
    }

    #[test]
    fn a_seed_gives_the_same_numbers_every_time() {
        let draw = |seed, part| {
            let mut random = Random::of(seed, "cash", part);
            (0..5).map(|_| random.upto(999)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 3), draw(1, 3));
        assert_ne!(draw(1, 3), draw(1, 4));
        assert_ne!(draw(1, 3), draw(2, 3));
    }
}
