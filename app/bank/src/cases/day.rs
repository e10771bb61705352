//! The appointments that are agreed, by their time: the day of a branch, and what is to come. What waits for an answer is not among
//! them. Their pages are read in the order of the index of appointment times (`records/times.rs`), their lengths are kept counts
//! by day, so neither grows with history.

use super::kind::CaseKind;
use super::model::{BookedTime, CaseLine};
use super::position::{ListPosition, Neighbours, PageStart};
use super::queue::{PAGE_SIZE, QueueFilter};
use super::records::{DayCount, TimeList, count_days, day_number, list_times};
use super::table::{Phase, State};
use crate::branches::Reference;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day, shift};
use crate::sessions::Scope;

/// A list of agreed appointments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayList {
    /// All appointments of today.
    Today,
    /// Those of today whose customer is at the branch.
    Present,
    /// Those of today and the next working day for which something has to be made ready.
    ToPrepare,
    /// All appointments after today.
    Ahead,
}

impl DayList {
    pub const ALL: [Self; 4] = [Self::Today, Self::Present, Self::ToPrepare, Self::Ahead];

    /// The code in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Present => "present",
            Self::ToPrepare => "prepare",
            Self::Ahead => "ahead",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// The first day of the list, and the day after its last; `None` if it has no end.
    fn days(self, calendar: &WorkingCalendar, today: Day) -> (Day, Option<Day>) {
        let tomorrow = shift(today, 1);
        match self {
            Self::Today | Self::Present => (today, Some(tomorrow)),
            Self::ToPrepare => (today, Some(shift(last_to_prepare(calendar, today), 1))),
            Self::Ahead => (tomorrow, None),
        }
    }

    /// The states of a kind whose appointments belong to it.
    fn states(self, kind: CaseKind) -> Vec<&'static str> {
        let kind = kind.registered();
        match self {
            Self::Today | Self::Ahead => {
                // What its customer may still accept or reject stands until then; it is not made ready, because nobody knows where.
                let agreed = |state: &&State| matches!(state.phase, Phase::Live | Phase::Proposed);
                kind.states().iter().filter(agreed).map(|state| state.code).collect()
            }
            Self::Present => kind.present().to_vec(),
            Self::ToPrepare => kind.to_prepare().to_vec(),
        }
    }
}

/// The last day for which things are made ready today: the next working day (docs/domain.md §13).
pub fn last_to_prepare(calendar: &WorkingCalendar, today: Day) -> Day {
    calendar.next_working(today)
}

/// The lengths of a list: of each kind.
pub(super) type DayLengths = Vec<(DayList, Vec<(CaseKind, i64)>)>;

/// The lengths of all lists at these branches.
pub(super) async fn count_agreed(
    conn: &mut Conn,
    scope: &Scope,
    branches: &[&str],
    reference: &Reference,
    now: At,
) -> Result<DayLengths, Failure> {
    let today = now.day();
    let counts = count_days(conn, scope, branches, today).await?;
    let lengths = |list: DayList| {
        let (from, until) = list.days(&reference.calendar, today);
        let (from, until) = (day_number(from), until.map_or(i64::MAX, day_number));
        let length = |kind: CaseKind| {
            let states = list.states(kind);
            let belongs = |count: &&DayCount| {
                (from..until).contains(&count.day) && count.kind == kind.code() && states.contains(&count.state.as_str())
            };
            counts.iter().filter(belongs).map(|count| count.cases).sum()
        };
        (list, CaseKind::all().map(|kind| (kind, length(kind))).collect())
    };
    Ok(DayList::ALL.map(lengths).into())
}

/// A page of a list at these branches.
pub(super) async fn list_agreed(
    conn: &mut Conn,
    scope: &Scope,
    list: DayList,
    branches: &[&str],
    filter: &QueueFilter,
    (reference, now): (&Reference, At),
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    let (from, until) = list.days(&reference.calendar, now.day());
    let kinds = CaseKind::all().filter(|kind| filter.kind.is_none_or(|wanted| wanted == *kind));
    let states = kinds.map(|kind| (kind, list.states(kind))).filter(|(_, states)| !states.is_empty()).collect();
    let times = TimeList { branches, from: At::midnight(from), until: until.map(At::midnight), states, part: None };
    list_times(conn, scope, &times, &filter.start, PAGE_SIZE).await
}

/// The first appointments from today on whose number contains this.
pub(super) async fn list_agreed_by_part(
    conn: &mut Conn,
    scope: &Scope,
    part: &str,
    branches: &[&str],
    now: At,
) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    let states =
        CaseKind::all().map(|kind| (kind, DayList::Ahead.states(kind))).filter(|(_, states)| !states.is_empty()).collect();
    let times = TimeList { branches, from: At::midnight(now.day()), until: None, states, part: Some(part) };
    list_times(conn, scope, &times, &PageStart::First, PAGE_SIZE).await
}

/// A page of appointments that were read whole, in their order: their numbers, and the positions of the neighbours.
pub(super) fn page_of(times: &[BookedTime], start: &PageStart) -> (Vec<String>, Neighbours) {
    let position = |time: &&BookedTime| ListPosition { at: time.start, number: time.number.clone() };
    let rows: Vec<&BookedTime> = match start {
        PageStart::First => times.iter().take(PAGE_SIZE + 1).collect(),
        PageStart::After(from) => times.iter().filter(|time| position(time) > *from).take(PAGE_SIZE + 1).collect(),
        PageStart::Before(from) => times.iter().rev().filter(|time| position(time) < *from).take(PAGE_SIZE + 1).collect(),
    };
    let (rows, neighbours) = start.page(rows, PAGE_SIZE, position);
    (rows.into_iter().map(|time| time.number.clone()).collect(), neighbours)
}
