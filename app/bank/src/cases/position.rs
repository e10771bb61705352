//! A place in a list of cases, from which a page begins. It consists of the values that the list is sorted by, so it stays valid
//! whatever arrives or leaves meanwhile, even if its own case has left.

use std::fmt;
use std::str::FromStr;

use crate::kernel::ids::CaseNumber;
use crate::kernel::time::At;

/// The sort key of a case: on the desk its due time, in a customer's list the time it was created; then the number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListPosition {
    pub at: At,
    pub number: String,
}

impl ListPosition {
    fn read(text: &str) -> Option<Self> {
        let (at, number) = text.split_once('.')?;
        let number = CaseNumber::parse(number).ok()?;
        Some(Self { at: At(at.parse().ok()?), number: number.as_str().to_owned() })
    }
}

/// The text is no position of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a position of a list")]
pub struct NotAPosition;

impl FromStr for ListPosition {
    type Err = NotAPosition;

    /// Parses the text of an address.
    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        Self::read(text).ok_or(NotAPosition)
    }
}

impl fmt::Display for ListPosition {
    /// The text for an address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.0, self.number)
    }
}

/// Where a page of a list begins. Other lists than that of cases have a position of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PageStart<P = ListPosition> {
    #[default]
    First,
    /// The rows that follow this position.
    After(P),
    /// The rows that precede this position, the nearest ones.
    Before(P),
}

/// The positions of the neighbouring pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours<P = ListPosition> {
    /// The page before this one ends before this position.
    pub previous: Option<P>,
    /// The page after this one begins after this position.
    pub next: Option<P>,
}

impl<P> Default for Neighbours<P> {
    fn default() -> Self {
        Self { previous: None, next: None }
    }
}

impl<P> PageStart<P> {
    /// Whether the rows are read against the order of the list.
    pub(crate) fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// The position it begins at.
    pub(crate) fn position(&self) -> Option<&P> {
        match self {
            Self::First => None,
            Self::After(position) | Self::Before(position) => Some(position),
        }
    }

    /// Cuts the rows that were read, one more than `most` if there are that many, to a page in the order of the list.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>, most: usize, position: impl Fn(&T) -> P) -> (Vec<T>, Neighbours<P>) {
        let more = rows.len() > most;
        rows.truncate(most);
        if self.is_backward() {
            rows.reverse();
        }
        let (first, last) = (rows.first().map(&position), rows.last().map(&position));
        let neighbours = match self {
            Self::First => Neighbours { previous: None, next: last.filter(|_| more) },
            Self::After(_) => Neighbours { previous: first, next: last.filter(|_| more) },
            Self::Before(_) => Neighbours { previous: first.filter(|_| more), next: last },
        };
        (rows, neighbours)
    }
}

#[cfg(test)]
mod tests {
    use super::{At, CaseNumber, ListPosition, PageStart};

    fn at(at: i64) -> ListPosition {
        ListPosition { at: At(at), number: "x".to_owned() }
    }

    #[test]
    fn a_position_is_read_as_it_was_written_and_nothing_else_is_one() {
        let number = CaseNumber::generate("QK", &[7; 8]).as_str().to_owned();
        let position = ListPosition { at: At(1_764_000_000_000), number: number.clone() };
        assert_eq!(position.to_string().parse(), Ok(position));
        for broken in ["", ".", "12", &number, &format!("x.{number}"), &format!("{number}.12"), "12.hello", "12.QK7-3M9D-X4X"] {
            assert!(broken.parse::<ListPosition>().is_err(), "{broken}");
        }
    }

    #[test]
    fn neighbours_are_named_where_there_are_any() {
        let page = |start: PageStart, rows: &[i64]| {
            let (rows, neighbours) = start.page(rows.to_vec(), 2, |row| at(*row));
            let at = |position: Option<ListPosition>| position.map(|position| position.at.0);
            (rows, at(neighbours.previous), at(neighbours.next))
        };
        assert_eq!(page(PageStart::First, &[1, 2]), (vec![1, 2], None, None));
        assert_eq!(page(PageStart::First, &[1, 2, 3]), (vec![1, 2], None, Some(2)));
        assert_eq!(page(PageStart::After(at(2)), &[3, 4, 5]), (vec![3, 4], Some(3), Some(4)));
        assert_eq!(page(PageStart::After(at(2)), &[3]), (vec![3], Some(3), None));
        assert_eq!(page(PageStart::Before(at(5)), &[4, 3, 2]), (vec![3, 4], Some(3), Some(4)));
        assert_eq!(page(PageStart::Before(at(3)), &[2, 1]), (vec![1, 2], None, Some(2)));
        assert_eq!(page(PageStart::Before(at(1)), &[]), (vec![], None, None));
    }
}
