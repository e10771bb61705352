//! The day of a branch on the desk's list: the appointments that are agreed, by their time. What waits for an answer is not among
//! them. They are read by the index of appointment times, so the cost does not grow with history.

use super::model::BookedTime;
use super::records::list_booked;
use super::table::Phase;
use crate::branches::Reference;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day, shift};
use crate::sessions::Scope;

/// A list of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayList {
    /// All appointments of today that are agreed.
    Today,
    /// Those of today whose customer is at the branch.
    Present,
    /// Those of today and the next working day for which something has to be made ready.
    ToPrepare,
}

impl DayList {
    pub const ALL: [Self; 3] = [Self::Today, Self::Present, Self::ToPrepare];

    /// The code in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Present => "present",
            Self::ToPrepare => "prepare",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    /// Whether an agreed appointment belongs to the list.
    pub(super) fn admits(self, booked: &BookedTime, today: Day) -> bool {
        let (kind, state) = (booked.kind.registered(), booked.state.as_str());
        let is_today = booked.start.day() == today;
        match self {
            Self::Today => is_today,
            Self::Present => is_today && kind.present().contains(&state),
            Self::ToPrepare => kind.to_prepare().contains(&state),
        }
    }
}

/// The agreed appointments of these branches from today to the end of the next working day, in order of time.
pub(super) async fn list_agreed(
    conn: &mut Conn,
    scope: &Scope,
    branches: &[&str],
    reference: &Reference,
    now: At,
) -> Result<Vec<BookedTime>, Failure> {
    let today = now.day();
    let (from, until) = (At::midnight(today), At::midnight(shift(reference.calendar.next_working(today), 1)));
    let mut booked = list_booked(conn, scope, branches, from, Some(until)).await?;
    booked.retain(|time| time.kind.registered().phase(&time.state) == Some(Phase::Live));
    Ok(booked)
}
