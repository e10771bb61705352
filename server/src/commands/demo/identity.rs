//! Identity numbers of invented people: with a valid check digit, in a district that does not exist (999999).

use bank::kernel::time::Day;

/// A district number that does not exist, so that no real person has such an identity number.
const NOWHERE: &str = "999999";

/// An 18-digit identity number of an invented person (GB 11643 check digit).
pub(super) fn resident_id(born: Day, sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits = format!("{NOWHERE}{:04}{:02}{:02}{:03}", born.year(), born.month(), born.day(), sequence % 1000);
    let sum: u32 = digits.chars().filter_map(|digit| digit.to_digit(10)).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = usize::try_from(sum % 11).ok().and_then(|rest| CHECKS.get(rest)).copied().unwrap_or('X');
    format!("{digits}{check}")
}

#[cfg(test)]
mod tests {
    use super::resident_id;
    use bank::kernel::people::ResidentId;
    use jiff::civil::date;

    #[test]
    fn an_invented_number_passes_the_check_and_belongs_to_no_district() {
        for sequence in [1, 2, 3, 18, 999] {
            let number = resident_id(date(1988, 5, 12), sequence);
            assert!(ResidentId::parse(&number, date(2026, 11, 23)).is_some(), "{number}");
            assert!(number.starts_with("999999"));
        }
    }
}
