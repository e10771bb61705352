//! Columns of long numbers that a spreadsheet has read as amounts: of an account number or an ID number it keeps 15 digits and
//! writes zeros for the others (docs/import.md). One number may end so by chance, a whole column does not.

use std::collections::HashSet;

use super::model::{Fault, ImportKind, Row, RowFault};
use crate::kernel::entries::EntryRule;
use crate::kernel::text::narrow;

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;

/// Zeros after the kept digits, counted over a column, from which they are no chance: four would be one in ten thousand.
const NO_CHANCE: usize = 4;

/// How many digits a spreadsheet may have lost; `None`: it is no long number of digits. Zero: other digits follow the kept ones.
fn zeroed(text: &str) -> Option<usize> {
    let number: String = narrow(text).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let (_, tail) = number.split_at_checked(KEPT).filter(|(_, tail)| !tail.is_empty())?;
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| if tail.bytes().all(|b| b == b'0') { tail.len() } else { 0 })
}

/// Whether every long number of a column has lost its digits.
fn is_cut<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut lost = 0;
    for zeros in cells.filter_map(zeroed) {
        if zeros == 0 {
            return false;
        }
        lost += zeros;
    }
    lost >= NO_CHANCE
}

/// Names the numbers that a spreadsheet has cut, in place of the other faults of their cells: all of a cut column, and in other
/// columns those that repeat an earlier row or are no number of the ID document.
pub(super) fn name_lost_digits(kind: ImportKind, rows: &[Row], faults: &mut Vec<RowFault>) {
    let lost = Fault::Entry(EntryRule::LostDigits);
    let suspicious = [Fault::Repeated, Fault::Entry(EntryRule::NotAnIdNumber)];
    for column in kind.numbers() {
        let Some(place) = kind.columns().iter().position(|known| known == column) else { continue };
        let cell = |row: &'_ Row| row.cells.get(place).is_some_and(|cell| zeroed(cell).is_some_and(|zeros| zeros > 0));
        let cut = is_cut(rows.iter().filter_map(|row| row.cells.get(place).map(String::as_str)));
        let at_fault: HashSet<u64> =
            faults.iter().filter(|f| f.column == *column && suspicious.contains(&f.fault)).map(|f| f.line).collect();
        let named = rows.iter().filter(|row| cell(row) && (cut || at_fault.contains(&row.line)));
        let named: HashSet<u64> = named.map(|row| row.line).collect();
        faults.retain(|fault| fault.column != *column || !named.contains(&fault.line));
        faults.extend(named.into_iter().map(|line| RowFault { line, column, fault: lost.clone() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: ImportKind, column: &str, values: &[&str], faults: &[(u64, &'static str, Fault)]) -> Vec<(u64, Fault)> {
        let place = kind.columns().iter().position(|known| *known == column).unwrap_or_default();
        let row = |(line, value): (u64, &&str)| {
            let mut cells = vec![String::new(); kind.columns().len()];
            cells[place] = (*value).to_owned();
            Row { line, cells }
        };
        let rows: Vec<Row> = (2..).zip(values).map(row).collect();
        let mut faults: Vec<RowFault> =
            faults.iter().map(|(line, column, fault)| RowFault { line: *line, column, fault: fault.clone() }).collect();
        name_lost_digits(kind, &rows, &mut faults);
        faults.sort_by_key(|fault| fault.line);
        faults.into_iter().map(|fault| (fault.line, fault.fault)).collect()
    }

    const LOST: Fault = Fault::Entry(EntryRule::LostDigits);

    #[test]
    fn a_column_of_numbers_that_all_end_in_zeros_after_the_fifteenth_digit_is_cut() {
        let accounts = |values: &[&str]| told(ImportKind::Accounts, "number", values, &[]);
        assert_eq!(accounts(&["6222021234567890000"]), [(2, LOST)]);
        assert_eq!(accounts(&["6222 0212 3456 789000", "88001234"]), [], "three zeros may be chance");
        assert_eq!(accounts(&["622202123456789000", "88001234", "6222021234567000"]), [(2, LOST), (4, LOST)]);
        assert_eq!(accounts(&["6222021234567890000", "6222021234567890001"]), [], "one with all its digits: a column of text");
        assert_eq!(accounts(&["622202123456789", "６２２２０２１２３４５６７８９００００"]), [(3, LOST)]);
    }

    #[test]
    fn a_cut_number_is_named_in_place_of_what_it_breaks() {
        let twice = ["6222021234567890000", "6222021234567890000", "6222021234567890001", "6222021234567890001"];
        let repeated = [(3, "number", Fault::Repeated), (5, "number", Fault::Repeated)];
        assert_eq!(told(ImportKind::Accounts, "number", &twice, &repeated), [(3, LOST), (5, Fault::Repeated)]);
        let id = Fault::Entry(EntryRule::NotAnIdNumber);
        let numbers = ["440305199001011000", "11010519491231002X", "110105194912310022"];
        let faults = [(2, "id_number", id.clone()), (4, "id_number", id.clone())];
        assert_eq!(told(ImportKind::Customers, "id_number", &numbers, &faults), [(2, LOST), (4, id)]);
        let other = [(2, "kind", Fault::Entry(EntryRule::Missing)), (2, "number", Fault::Repeated)];
        let told = told(ImportKind::Accounts, "number", &["6222021234567890000"], &other);
        assert_eq!(told, [(2, Fault::Entry(EntryRule::Missing)), (2, LOST)]);
    }
}
