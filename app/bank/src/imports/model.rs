//! What an import takes and gives: kinds, rows, faults, the report.

use std::fmt;

use crate::branches::{BranchEntry, CalendarEntry, HoursEntry};
use crate::customers::{AccountEntry, CustomerEntry};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::recommendations::{HoldingEntry, ProductEntry};
use crate::sessions::StaffEntry;
use crate::surveys::SurveyEntry;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    Branches,
    Hours,
    Calendar,
    Staff,
    Customers,
    Accounts,
    Products,
    Holdings,
    Surveys,
}

impl ImportKind {
    /// All kinds, in an order in which an empty bank can be filled.
    pub const ALL: [Self; 9] = [
        Self::Branches,
        Self::Hours,
        Self::Calendar,
        Self::Staff,
        Self::Customers,
        Self::Accounts,
        Self::Products,
        Self::Holdings,
        Self::Surveys,
    ];

    /// The word on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Branches => "branches",
            Self::Hours => "hours",
            Self::Calendar => "calendar",
            Self::Staff => "staff",
            Self::Customers => "customers",
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::Holdings => "holdings",
            Self::Surveys => "surveys",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The columns of a row.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Branches => &BranchEntry::COLUMNS,
            Self::Hours => &HoursEntry::COLUMNS,
            Self::Calendar => &CalendarEntry::COLUMNS,
            Self::Staff => &StaffEntry::COLUMNS,
            Self::Customers => &CustomerEntry::COLUMNS,
            Self::Accounts => &AccountEntry::COLUMNS,
            Self::Products => &ProductEntry::COLUMNS,
            Self::Holdings => &HoldingEntry::COLUMNS,
            Self::Surveys => &SurveyEntry::COLUMNS,
        }
    }

    /// The columns of long numbers, which a spreadsheet cuts if it takes them for amounts.
    pub const fn numbers(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &["number", "id_number", "phone", "approver_sign_in_name"],
            Self::Accounts => &["number", "customer"],
            Self::Holdings => &["customer"],
            Self::Branches | Self::Hours | Self::Calendar | Self::Staff | Self::Products | Self::Surveys => &[],
        }
    }

    /// Whether its rows are people who sign in.
    pub const fn has_people(self) -> bool {
        matches!(self, Self::Staff | Self::Customers)
    }
}

/// A row of a file.
#[derive(Clone)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// In the order of [`ImportKind::columns`].
    pub cells: Vec<String>,
}

impl Row {
    /// Parses the row with the rules of its kind.
    pub(super) fn parse<T>(
        &self,
        kind: ImportKind,
        parse: impl FnOnce(&crate::kernel::entries::Columns<'_>) -> Result<T, Vec<EntryRefusal>>,
    ) -> Result<T, Vec<EntryRefusal>> {
        let place = |column: &str| kind.columns().iter().position(|known| *known == column);
        parse(&|column| self.cells.get(place(column)?).map(String::as_str))
    }
}

/// A fault in a row, without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub line: u64,
    /// A column of the kind, or a part of a nested definition; empty: the row.
    pub column: &'static str,
    pub fault: Fault,
}

/// What is wrong with a row or its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Entry(EntryRule),
    /// An earlier row has the same key.
    Repeated,
    /// The row has another number of cells than the header.
    Cells {
        found: usize,
        expected: usize,
    },
    /// The header, or a JSON object, has other columns than the kind.
    Columns {
        /// Headings that are none of the kind, or stand twice. Empty if no heading is one of the kind: then the line may be a row
        /// of data without a header, which must not be repeated.
        unknown: Vec<String>,
        /// Columns that are not there.
        absent: Vec<&'static str>,
    },
    /// What is wrong within a nested definition: part and rule.
    Definition(String),
    /// The row is not a JSON object.
    NotAnObject,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        match &self.fault {
            Fault::Entry(rule) => write!(f, ": {rule}"),
            Fault::Repeated => f.write_str(": stands in an earlier row of this file"),
            Fault::Cells { found, expected } => write!(f, ": the row has {found} columns instead of {expected}"),
            Fault::Columns { unknown, absent } => {
                let mut parts = Vec::new();
                if !unknown.is_empty() {
                    parts.push(format!("unknown or repeated columns: {}", unknown.join(", ")));
                }
                if !absent.is_empty() {
                    parts.push(format!("columns that are not there: {}", absent.join(", ")));
                }
                write!(f, ": {}", parts.join("; "))
            }
            Fault::Definition(detail) => write!(f, ": {detail}"),
            Fault::NotAnObject => f.write_str(": is not an object"),
        }
    }
}

/// Whose people they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum People {
    /// They get secrets with which they set a password.
    Real,
    /// People of a demo bank: all have this password hash, and their number or sign-in name is also their id.
    Demo { password_hash: String },
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    pub people: People,
    /// Only says what would happen.
    pub dry_run: bool,
    /// There is somewhere to write the secrets of new people to.
    pub takes_secrets: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub inserted: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// People of the file who have no password and hold no valid secret to set one.
    pub to_invite: usize,
    /// Those of them who have held one before: it has expired or ended. Without a place for secrets they get none, and the
    /// import is done all the same.
    pub to_renew: usize,
    /// Lines of customers whose ID number another customer has, in the bank or in the file. One person may rightly have two
    /// numbers, so they are not refused.
    pub same_id: Vec<u64>,
}

impl Report {
    pub(super) fn add(&mut self, put: Put) {
        match put {
            Put::Inserted => self.inserted += 1,
            Put::Changed => self.changed += 1,
            Put::Unchanged => self.unchanged += 1,
        }
    }

    /// People who need their first secret.
    pub(super) const fn first_secrets(&self) -> usize {
        self.to_invite - self.to_renew
    }

    pub(super) const fn changes(&self) -> bool {
        self.inserted + self.changed > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} new, {} changed, {} unchanged", self.inserted, self.changed, self.unchanged)
    }
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRefusal {
    /// Another import is running.
    Busy,
    /// Every fault, in the order of the lines.
    Faults(Vec<RowFault>),
    /// This many people would need their first secret, and there is nowhere to write it to.
    NowhereForSecrets(usize),
    /// A number or name of the file, or a key of the bank, has been taken or changed since the import read it.
    Outdated,
    /// All rows will be written, but not by this process: the failure that stopped it. The worker of a portal or the next import
    /// goes on.
    Unfinished(String),
}
