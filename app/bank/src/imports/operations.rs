//! One import: parse every row, compare it with what stands, report all faults, store what differs.

use std::collections::HashSet;

use super::definitions;
use super::direct::{self, Direct};
use super::journal;
use super::model::{Fault, ImportKind, ImportRefusal, Options, Report, Row, RowFault};
use super::spreadsheet;
use super::staged::{self, Staged};
use crate::branches::{BranchEntry, CalendarEntry, HoursEntry};
use crate::customers::{AccountEntry, CustomerEntry};
use crate::kernel::bank::Bank;
use crate::kernel::entries::{Columns, EntryRefusal, EntryRule};
use crate::kernel::failure::Rejected;
use crate::recommendations::{HoldingEntry, ProductEntry};
use crate::sessions::StaffEntry;
use crate::surveys::SurveyEntry;

/// Imports the rows of a file, all or none. `faults` are those the host found while it read the file: with any, nothing is
/// stored, but the rows are examined too, so that one run shows every fault. `progress` is told how many rows have been
/// examined.
pub async fn import(
    bank: &Bank,
    kind: ImportKind,
    rows: &[Row],
    faults: Vec<RowFault>,
    options: &Options,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Report, Rejected<ImportRefusal>> {
    let Some(_alone) = bank.db().import_lock().await? else { return Err(Rejected::Refused(ImportRefusal::Busy)) };
    journal::settle(bank).await?;
    let today = bank.now().day();
    let customer = |columns: &Columns<'_>| CustomerEntry::parse(columns, today);
    let mut read = Reading { kind, rows, faults };
    match kind {
        ImportKind::Branches => {
            let keys = |entry: &BranchEntry| vec![("branch", entry.branch.clone()), ("position", entry.position.to_string())];
            let entries = read.entries(BranchEntry::parse, keys);
            direct::import(bank, options, &Direct::Branches(entries), read.faults).await
        }
        ImportKind::Hours => {
            let entries = read.entries(HoursEntry::parse, |entry| vec![("branch", entry.branch.clone())]);
            direct::import(bank, options, &Direct::Hours(entries), read.faults).await
        }
        ImportKind::Calendar => {
            let entries = read.entries(CalendarEntry::parse, |entry| vec![("date", entry.0.day.to_string())]);
            direct::import(bank, options, &Direct::Calendar(entries), read.faults).await
        }
        ImportKind::Staff => {
            let entries = read.entries(StaffEntry::parse, |entry| vec![("sign_in_name", entry.sign_in_name.clone())]);
            direct::import(bank, options, &Direct::Staff(entries), read.faults).await
        }
        ImportKind::Products => {
            let keys = |entry: &ProductEntry| {
                vec![("definition.code", entry.product.code.0.clone()), ("position", entry.position.to_string())]
            };
            let entries = read.entries(ProductEntry::parse, keys);
            direct::import(bank, options, &Direct::Products(entries), read.faults).await
        }
        ImportKind::Surveys => {
            let keys =
                |entry: &SurveyEntry| vec![("definition.version", format!("{} {}", entry.survey.code, entry.survey.version))];
            let entries = read.entries(SurveyEntry::parse, keys);
            direct::import(bank, options, &Direct::Surveys(entries), read.faults).await
        }
        ImportKind::Customers => {
            // Numbers are sign-in names too, so both are one set.
            let keys = |entry: &CustomerEntry| {
                let approver = entry.approver.iter().map(|approver| ("approver_sign_in_name", approver.sign_in_name.clone()));
                std::iter::once(("number", entry.number.clone())).chain(approver).collect()
            };
            let entries = read.entries_in_one_set(customer, keys);
            staged::import(bank, options, Staged::Customers(entries), read.faults, progress).await
        }
        ImportKind::Accounts => {
            let entries = read.entries(AccountEntry::parse, |entry| vec![("number", entry.number.clone())]);
            staged::import(bank, options, Staged::Accounts(entries), read.faults, progress).await
        }
        ImportKind::Holdings => {
            let keys = |entry: &HoldingEntry| vec![("product", format!("{} {}", entry.customer, entry.product))];
            let entries = read.entries(HoldingEntry::parse, keys);
            staged::import(bank, options, Staged::Holdings(entries), read.faults, progress).await
        }
    }
}

/// An entry with its line.
pub(super) type Lines<E> = Vec<(u64, E)>;

/// Parses rows and finds keys that stand twice.
struct Reading<'r> {
    kind: ImportKind,
    rows: &'r [Row],
    faults: Vec<RowFault>,
}

impl Reading<'_> {
    fn entries<E>(
        &mut self,
        parse: impl Fn(&Columns<'_>) -> Result<E, Vec<EntryRefusal>>,
        keys: impl Fn(&E) -> Vec<(&'static str, String)>,
    ) -> Lines<E> {
        self.parsed(parse, keys, false)
    }

    /// Like [`Reading::entries`], but the keys of different columns must differ as well.
    fn entries_in_one_set<E>(
        &mut self,
        parse: impl Fn(&Columns<'_>) -> Result<E, Vec<EntryRefusal>>,
        keys: impl Fn(&E) -> Vec<(&'static str, String)>,
    ) -> Lines<E> {
        self.parsed(parse, keys, true)
    }

    fn parsed<E>(
        &mut self,
        parse: impl Fn(&Columns<'_>) -> Result<E, Vec<EntryRefusal>>,
        keys: impl Fn(&E) -> Vec<(&'static str, String)>,
        one_set: bool,
    ) -> Lines<E> {
        let mut known = HashSet::new();
        let mut entries = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            match row.parse(self.kind, &parse) {
                Ok(entry) => {
                    for (column, key) in keys(&entry) {
                        if !known.insert((if one_set { "" } else { column }, key)) {
                            self.faults.push(RowFault { line: row.line, column, fault: Fault::Repeated });
                        }
                    }
                    entries.push((row.line, entry));
                }
                Err(refusals) => {
                    let kind = self.kind;
                    self.faults.extend(refused(row.line, refusals).map(|fault| detailed(kind, row, fault)));
                }
            }
        }
        spreadsheet::name_lost_digits(self.kind, self.rows, &mut self.faults);
        entries
    }
}

/// A definition that cannot be read is told by its part.
fn detailed(kind: ImportKind, row: &Row, fault: RowFault) -> RowFault {
    let unread = fault.fault == Fault::Entry(EntryRule::NotADefinition);
    let place = kind.columns().iter().position(|column| *column == "definition").filter(|_| unread);
    let definition = place.and_then(|place| row.cells.get(place));
    match definition.and_then(|definition| definitions::detail(kind, fault.column, definition)) {
        Some(detail) => RowFault { column: "definition", fault: Fault::Definition(detail), ..fault },
        None => fault,
    }
}

/// The refusals of a row as faults.
pub(super) fn refused(line: u64, refusals: Vec<EntryRefusal>) -> impl Iterator<Item = RowFault> {
    refusals.into_iter().map(move |refusal| RowFault { line, column: refusal.column, fault: Fault::Entry(refusal.rule) })
}

/// The refusal of a file, its faults in the order of the lines.
pub(super) fn faulty(mut faults: Vec<RowFault>) -> Rejected<ImportRefusal> {
    // A value that an earlier row of the file has is not told as one of the bank as well.
    let repeated: HashSet<(u64, &str)> =
        faults.iter().filter(|fault| fault.fault == Fault::Repeated).map(|fault| (fault.line, fault.column)).collect();
    let used = Fault::Entry(EntryRule::AlreadyUsed);
    faults.retain(|fault| fault.fault != used || !repeated.contains(&(fault.line, fault.column)));
    faults.sort_by_key(|fault| fault.line);
    Rejected::Refused(ImportRefusal::Faults(faults))
}
