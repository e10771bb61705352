//! What a change of the calendar or of hours leaves in closed time, for its preview (docs/domain.md §2).

use std::collections::BTreeMap;

use crate::administration::Touch;
use crate::cases::BookedTime;

/// How many case numbers a preview names.
const NAMED: usize = 20;

/// The number of appointments, and for each branch its own with the first case numbers, at most [`NAMED`] in all.
pub(super) fn stranded(booked: &[BookedTime]) -> Vec<Touch> {
    let number = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let mut touches = vec![Touch::Stranded { count: number(booked.len()) }];
    let mut branches: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for time in booked {
        branches.entry(&time.branch_id).or_default().push(&time.number);
    }
    let mut left = NAMED;
    for (branch, cases) in branches {
        let numbers: Vec<String> = cases.iter().take(left).map(|&number| number.to_owned()).collect();
        left -= numbers.len();
        touches.push(Touch::StrandedAt { branch: branch.to_owned(), count: number(cases.len()), numbers });
    }
    touches
}

#[cfg(test)]
mod tests {
    use super::{NAMED, Touch, stranded};
    use crate::cases::{BookedTime, CaseKind};
    use crate::kernel::time::At;

    #[test]
    fn every_branch_is_counted_and_few_cases_are_named() {
        let booked = |branch: &str, number: usize| BookedTime {
            number: format!("N{number}"),
            kind: CaseKind::all().next().expect("a kind"),
            state: String::new(),
            branch_id: branch.to_owned(),
            start: At(0),
            end: At(1),
        };
        let all: Vec<BookedTime> = (0..25).map(|number| booked(if number < 19 { "a" } else { "b" }, number)).collect();
        let touches = stranded(&all);
        let named: usize =
            touches.iter().map(|touch| if let Touch::StrandedAt { numbers, .. } = touch { numbers.len() } else { 0 }).sum();
        assert_eq!(named, NAMED);
        assert_eq!(touches.iter().filter_map(Touch::count).collect::<Vec<_>>(), [25, 19, 6]);
        assert_eq!(stranded(&[]), [Touch::Stranded { count: 0 }]);
    }
}
