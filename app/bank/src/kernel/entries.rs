//! Entries: rows of the bank's own data (branches, staff, customers …) as a person writes them, in a file or on a page. Each
//! capability has an `entry.rs` with the columns of its kinds and the rules of a row; this file holds what they share: the
//! refusals, and [`Reader`], which collects all of them. A refusal names column and rule, never the value.

mod texts;

use std::fmt;

pub use texts::{CODE_MAX, read_code, read_day};
use texts::{has_exponent, millionths};

use super::money::Fen;
use super::people::read_name;
use super::text::{cleaned, length, narrow, trimmed};
use super::time::Day;

/// The text of a column; `None` or blank: nothing was given.
pub type Columns<'f> = dyn Fn(&'static str) -> Option<&'f str> + 'f;

/// Why a row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRefusal {
    pub column: &'static str,
    pub rule: EntryRule,
}

/// A rule that a value, a row or a reference breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryRule {
    Missing,
    /// The limit is in characters, as counted by [`length`].
    TooLong {
        limit: i64,
    },
    NotOneOf(&'static [&'static str]),
    NotYesOrNo,
    NotADay,
    /// The day lies after today.
    InTheFuture,
    NotAnAmount,
    NotAWholeNumber {
        from: i64,
        to: i64,
    },
    NotAName,
    NotAPhoneNumber,
    /// A text for the English pages without a Latin letter.
    NotEnglish,
    NotAnEmail,
    NotAnIdNumber,
    NotAnAccountNumber,
    /// A spreadsheet has taken a number for an amount: 4.40299E+17, zeros after the fifteenth digit, or no zero before an area
    /// code.
    LostDigits,
    NotHours,
    /// Not a list of start times in order, or too many.
    NotStartTimes {
        most: usize,
    },
    /// Not decimal degrees within the limit on either side of zero.
    NotACoordinate {
        limit: i64,
    },
    /// Not a short name of small letters, digits, `-`, `_` and `.`.
    NotACode,
    /// A nested definition (product, survey) that cannot be read or contradicts itself.
    NotADefinition,
    /// Does not agree with this other column.
    Contradicts(&'static str),
    /// Must stay blank in this row.
    MustBeBlank,
    UnknownReference,
    /// Another stored row has this value.
    AlreadyUsed,
    /// It stands with another value, which an entry cannot change.
    CannotChange,
    /// An administrator's rights change only with a second administrator's approval.
    NeedsApproval,
    /// Open cases would be left that nobody else may handle (docs/domain.md §12).
    LeavesCases {
        count: i64,
    },
    /// Fewer than two people could administer (docs/domain.md §12).
    TooFewAdministrators {
        count: i64,
    },
    /// A word that the law forbids in texts about products (docs/domain.md §9).
    ForbiddenWord,
}

impl EntryRule {
    /// A stable code: the key of its text in the catalogue of the pages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too_long",
            Self::NotOneOf(_) => "not_one_of",
            Self::NotYesOrNo => "not_yes_or_no",
            Self::NotADay => "not_a_day",
            Self::InTheFuture => "in_the_future",
            Self::NotAnAmount => "not_an_amount",
            Self::NotAWholeNumber { .. } => "not_a_whole_number",
            Self::NotAName => "not_a_name",
            Self::NotAPhoneNumber => "not_a_phone_number",
            Self::NotEnglish => "not_english",
            Self::NotAnEmail => "not_an_email",
            Self::NotAnIdNumber => "not_an_id_number",
            Self::NotAnAccountNumber => "not_an_account_number",
            Self::LostDigits => "lost_digits",
            Self::NotHours => "not_hours",
            Self::NotStartTimes { .. } => "not_start_times",
            Self::NotACoordinate { .. } => "not_a_coordinate",
            Self::NotACode => "not_a_code",
            Self::NotADefinition => "not_a_definition",
            Self::Contradicts(_) => "contradicts",
            Self::MustBeBlank => "must_be_blank",
            Self::UnknownReference => "unknown_reference",
            Self::AlreadyUsed => "already_used",
            Self::CannotChange => "cannot_change",
            Self::NeedsApproval => "needs_approval",
            Self::LeavesCases { .. } => "leaves_cases",
            Self::TooFewAdministrators { .. } => "too_few_administrators",
            Self::ForbiddenWord => "forbidden_word",
        }
    }
}

/// The words of the command line.
impl fmt::Display for EntryRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::TooLong { limit } => write!(f, "is longer than {limit} characters"),
            Self::NotOneOf(allowed) => write!(f, "is none of: {}", allowed.join(", ")),
            Self::NotYesOrNo => f.write_str("is neither yes nor no"),
            Self::NotADay => f.write_str("is not a day such as 2026-12-31"),
            Self::InTheFuture => f.write_str("lies in the future"),
            Self::NotAnAmount => f.write_str("is not an amount in yuan"),
            Self::NotAWholeNumber { from, to } => write!(f, "is not a whole number from {from} to {to}"),
            Self::NotAName => f.write_str("is not a name"),
            Self::NotAPhoneNumber => f.write_str("is not a phone number"),
            Self::NotEnglish => f.write_str("is not English: it holds no Latin letter"),
            Self::NotAnEmail => f.write_str("is not an e-mail address"),
            Self::NotAnIdNumber => f.write_str("is not a number of this type of ID document"),
            Self::NotAnAccountNumber => f.write_str("is not an account number of 8 to 30 digits"),
            Self::LostDigits => {
                f.write_str("has lost digits: a spreadsheet read the column as numbers; format it as text and enter it again")
            }
            Self::NotHours => f.write_str("is not opening hours such as 09:00-12:00,14:00-17:00"),
            Self::NotStartTimes { most } => write!(f, "is not up to {most} start times in order, such as 09:30,10:00"),
            Self::NotACoordinate { limit } => write!(f, "is not decimal degrees from -{limit} to {limit}"),
            Self::NotACode => f.write_str("is not a code of small letters, digits, hyphens, underscores and points"),
            Self::NotADefinition => f.write_str("is not a valid definition"),
            Self::Contradicts(other) => write!(f, "does not agree with {other}"),
            Self::MustBeBlank => f.write_str("must be blank here"),
            Self::UnknownReference => f.write_str("refers to something that does not exist"),
            Self::AlreadyUsed => f.write_str("is used by another row of the bank"),
            Self::CannotChange => f.write_str("differs from the stored value, which cannot be changed this way"),
            Self::NeedsApproval => {
                f.write_str("changes an administrator's rights, which needs a second administrator's approval")
            }
            Self::LeavesCases { count } => write!(
                f,
                "leaves open cases that nobody else may handle: {count}; settle them, or let somebody else there take over first"
            ),
            Self::TooFewAdministrators { count } => write!(f, "leaves {count} who could administer, and two are needed"),
            Self::ForbiddenWord => f.write_str("holds a word that may not be used about a product"),
        }
    }
}

/// What storing an entry did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    Inserted,
    Changed,
    /// The same values stood already; nothing was written.
    Unchanged,
}

/// Reads the columns of one row and collects every refusal. Values are cleaned like posted ones.
pub struct Reader<'c, 'f> {
    columns: &'c Columns<'f>,
    refusals: Vec<EntryRefusal>,
}

impl<'c, 'f> Reader<'c, 'f> {
    pub fn new(columns: &'c Columns<'f>) -> Self {
        Self { columns, refusals: Vec::new() }
    }

    pub fn refuse(&mut self, column: &'static str, rule: EntryRule) {
        self.refusals.push(EntryRefusal { column, rule });
    }

    /// The cleaned value; `None` if it is blank.
    pub fn given(&self, column: &'static str) -> Option<String> {
        let value = cleaned((self.columns)(column)?);
        Some(trimmed(&value)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The parsed value; `None` if it is blank or refused.
    pub fn read<T>(&mut self, column: &'static str, rule: EntryRule, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let given = self.given(column)?;
        let digits = [EntryRule::NotACode, EntryRule::NotAPhoneNumber, EntryRule::NotAnIdNumber, EntryRule::NotAnAccountNumber];
        if digits.contains(&rule) && has_exponent(&narrow(&given)) {
            self.refuse(column, EntryRule::LostDigits);
            return None;
        }
        let parsed = parse(&given);
        if parsed.is_none() {
            self.refuse(column, rule);
        }
        parsed
    }

    /// Like [`Reader::read`], but a blank value is refused as missing.
    pub fn need<T>(&mut self, column: &'static str, rule: EntryRule, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if self.given(column).is_none() {
            self.refuse(column, EntryRule::Missing);
        }
        self.read(column, rule, parse)
    }

    /// A text of one line; `None` if it is blank or refused.
    pub fn text(&mut self, column: &'static str, limit: i64) -> Option<String> {
        self.read(column, EntryRule::TooLong { limit }, |text| {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (length(&line) <= limit).then_some(line)
        })
    }

    /// Like [`Reader::text`], but a blank value is refused as missing.
    pub fn need_text(&mut self, column: &'static str, limit: i64) -> Option<String> {
        if self.given(column).is_none() {
            self.refuse(column, EntryRule::Missing);
        }
        self.text(column, limit)
    }

    /// A code as [`read_code`] accepts it.
    pub fn need_code(&mut self, column: &'static str) -> Option<String> {
        self.need(column, EntryRule::NotACode, read_code)
    }

    /// The name of a person.
    pub fn need_person(&mut self, column: &'static str) -> Option<String> {
        self.need(column, EntryRule::NotAName, |text| read_name(text).ok())
    }

    pub fn day(&mut self, column: &'static str) -> Option<Day> {
        self.read(column, EntryRule::NotADay, read_day)
    }

    pub fn need_day(&mut self, column: &'static str) -> Option<Day> {
        self.need(column, EntryRule::NotADay, read_day)
    }

    /// An amount of yuan, not negative.
    pub fn need_amount(&mut self, column: &'static str) -> Option<Fen> {
        self.need(column, EntryRule::NotAnAmount, |text| Fen::read_yuan(text).ok().filter(|amount| *amount >= Fen::ZERO))
    }

    pub fn need_whole(&mut self, column: &'static str, from: i64, to: i64) -> Option<i64> {
        self.need(column, EntryRule::NotAWholeNumber { from, to }, |text| {
            narrow(text).parse().ok().filter(|number| (from..=to).contains(number))
        })
    }

    /// Yes or no; the default if it is blank.
    pub fn flag(&mut self, column: &'static str, default: bool) -> bool {
        let parsed = self.read(column, EntryRule::NotYesOrNo, |text| match narrow(text).to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "是" => Some(true),
            "no" | "n" | "false" | "0" | "否" => Some(false),
            _ => None,
        });
        parsed.unwrap_or(default)
    }

    /// One of several codes.
    pub fn need_choice(&mut self, column: &'static str, codes: &'static [&'static str]) -> Option<&'static str> {
        self.need(column, EntryRule::NotOneOf(codes), |text| {
            let typed = narrow(text).to_lowercase();
            codes.iter().find(|code| **code == typed).copied()
        })
    }

    /// Decimal degrees such as `22.517585`, as millionths of a degree; further digits are dropped.
    pub fn coordinate(&mut self, column: &'static str, limit: i64) -> Option<i64> {
        self.read(column, EntryRule::NotACoordinate { limit }, |text| millionths(&narrow(text), limit))
    }

    /// The entry, or every refusal. `entry` is `None` only if something was refused.
    pub fn finish<T>(self, entry: Option<T>) -> Result<T, Vec<EntryRefusal>> {
        match entry {
            Some(entry) if self.refusals.is_empty() => Ok(entry),
            _ => Err(self.refusals),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_long_number_that_a_spreadsheet_has_destroyed_is_told_so() {
        for (text, lost) in
            [("4.40299E+17", true), ("６E+18", true), ("6222021234567890", false), ("E+17", false), ("1E17", false)]
        {
            let row = |_: &'static str| Some(text);
            let mut reader = Reader::new(&row);
            reader.read("number", EntryRule::NotAnAccountNumber, |_| Some(()));
            let refusals = reader.finish(None::<()>).unwrap_err();
            assert_eq!(refusals.iter().any(|refusal| refusal.rule == EntryRule::LostDigits), lost, "{text}");
        }
    }

    fn row(column: &'static str) -> Option<&'static str> {
        match column {
            "flag" => Some("是"),
            "amount" => Some("1,234.50"),
            "negative" => Some("-1"),
            "whole" => Some("７"),
            "choice" => Some("Closed"),
            "long" => Some("一二三四"),
            "two lines" => Some(" a\r\n b "),
            "unseen" => Some("\u{200b}"),
            "odd" => Some("maybe"),
            _ => None,
        }
    }

    #[test]
    fn values_are_cleaned_and_read() {
        let mut reader = Reader::new(&row);
        assert!(reader.flag("flag", false) && reader.flag("none", true) && !reader.flag("none", false));
        assert_eq!(reader.need_amount("amount"), Some(Fen(123_450)));
        assert_eq!(reader.need_whole("whole", 1, 7), Some(7));
        assert_eq!(reader.need_choice("choice", &["closed", "open"]), Some("closed"));
        assert_eq!(reader.text("two lines", 3).as_deref(), Some("a b"));
        assert_eq!(reader.text("none", 3), None);
        assert_eq!(reader.finish(Some(())), Ok(()));
    }

    #[test]
    fn every_refusal_is_collected_with_its_column() {
        let mut reader = Reader::new(&row);
        reader.need_text("unseen", 10);
        reader.text("long", 3);
        reader.flag("odd", true);
        reader.need_amount("negative");
        reader.need_whole("whole", 1, 6);
        reader.need_choice("odd", &["closed", "open"]);
        reader.need_day("odd");
        let refusals = reader.finish(Some(())).unwrap_err();
        let told: Vec<_> = refusals.iter().map(|refusal| (refusal.column, refusal.rule)).collect();
        assert_eq!(
            told,
            [
                ("unseen", EntryRule::Missing),
                ("long", EntryRule::TooLong { limit: 3 }),
                ("odd", EntryRule::NotYesOrNo),
                ("negative", EntryRule::NotAnAmount),
                ("whole", EntryRule::NotAWholeNumber { from: 1, to: 6 }),
                ("odd", EntryRule::NotOneOf(&["closed", "open"])),
                ("odd", EntryRule::NotADay),
            ]
        );
    }
}
