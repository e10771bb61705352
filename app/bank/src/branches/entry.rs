//! Branches, their hours and the calendar as entries: columns and rules of a row (docs/domain.md §2, §12).

use crate::kernel::calendar::{CalendarRow, DayKind};
use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader};
use crate::kernel::hours::{WeekHours, parse_spans};
use crate::kernel::text::narrow;
use crate::kernel::time::Day;

/// Maximum length of a branch's name, characters.
const NAME_MAX: i64 = 40;

/// Maximum length of a branch's address, characters.
const ADDRESS_MAX: i64 = 100;

/// Highest position of a branch in the lists.
const POSITION_MAX: i64 = 9_999;

/// A branch without its hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchEntry {
    /// Its id, the key of the entry.
    pub branch: String,
    /// Position in the lists, from 1.
    pub position: i64,
    pub name_zh: String,
    pub name_en: String,
    pub address_zh: String,
    pub address_en: String,
    /// As displayed.
    pub phone: String,
    /// Millionths of a degree; both or neither.
    pub latitude: Option<i64>,
    pub longitude: Option<i64>,
    /// Before this day the branch pays out no booked cash.
    pub cash_closed_until: Option<Day>,
}

impl BranchEntry {
    pub const COLUMNS: [&'static str; 10] = [
        "branch",
        "position",
        "name_zh",
        "name_en",
        "address_zh",
        "address_en",
        "phone",
        "latitude",
        "longitude",
        "cash_closed_until",
    ];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let branch = reader.need_code("branch");
        let position = reader.need_whole("position", 1, POSITION_MAX);
        let name_zh = reader.need_text("name_zh", NAME_MAX);
        let name_en = reader.need_text("name_en", NAME_MAX);
        let address_zh = reader.need_text("address_zh", ADDRESS_MAX);
        let address_en = reader.need_text("address_en", ADDRESS_MAX);
        let phone = reader.need("phone", EntryRule::NotAPhoneNumber, read_landline);
        if phone.as_deref().is_some_and(lacks_zero) {
            reader.refuse("phone", EntryRule::LostDigits);
        }
        let latitude = reader.coordinate("latitude", 90);
        let longitude = reader.coordinate("longitude", 180);
        for (column, other) in [("latitude", "longitude"), ("longitude", "latitude")] {
            if reader.given(column).is_none() && reader.given(other).is_some() {
                reader.refuse(column, EntryRule::Missing);
            }
        }
        let cash_closed_until = reader.day("cash_closed_until");
        let entry = (|| {
            Some(Self {
                branch: branch?,
                position: position?,
                name_zh: name_zh?,
                name_en: name_en?,
                address_zh: address_zh?,
                address_en: address_en?,
                phone: phone?,
                latitude,
                longitude,
                cash_closed_until,
            })
        })();
        reader.finish(entry)
    }
}

/// A phone number of an office as it is displayed: `0760-8888 0101`, `95588`, `+86 760 8888 0101 转 8`.
fn read_landline(text: &str) -> Option<String> {
    let number = narrow(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let shown = number.chars().all(|c| c.is_ascii_digit() || " -+()转".contains(c));
    (shown && (5..=20).contains(&digits) && number.chars().count() <= 30).then_some(number)
}

/// Whether a number of digits only is an area code and a local number without the zero before them, which a spreadsheet drops.
/// Mobile numbers and those that begin with 400 or 800 have none.
fn lacks_zero(phone: &str) -> bool {
    let national = !phone.starts_with('0') && phone.bytes().all(|b| b.is_ascii_digit());
    let whole = match phone.len() {
        10 => phone.starts_with("400") || phone.starts_with("800"),
        11 => phone.starts_with('1') && !phone.starts_with("10"),
        length => !(9..=11).contains(&length),
    };
    national && !whole
}

/// The opening hours of a branch, one column a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursEntry {
    /// The key of the entry.
    pub branch: String,
    pub week: WeekHours,
}

impl HoursEntry {
    pub const COLUMNS: [&'static str; 8] =
        ["branch", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let branch = reader.need_code("branch");
        let mut week = WeekHours::default();
        for (column, day) in Self::COLUMNS.into_iter().skip(1).zip(&mut week.0) {
            *day = reader.read(column, EntryRule::NotHours, read_spans).unwrap_or_default();
        }
        let entry = branch.map(|branch| Self { branch, week });
        reader.finish(entry)
    }
}

/// Spans separated by commas or semicolons, with any hyphen.
fn read_spans(text: &str) -> Option<Vec<crate::kernel::hours::Span>> {
    let plain: String = narrow(text)
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| match c {
            ';' | '、' => ',',
            '~' => '-',
            other => other,
        })
        .collect();
    let padded: Vec<String> = plain.split(',').map(|span| span.split('-').map(padded).collect::<Vec<_>>().join("-")).collect();
    parse_spans(&padded.join(","))
}

/// `9:00` as `09:00`.
fn padded(time: &str) -> String {
    format!("{time:0>5}")
}

/// A day of the published calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry(pub CalendarRow);

impl CalendarEntry {
    pub const COLUMNS: [&'static str; 3] = ["date", "kind", "name"];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let day = reader.need_day("date");
        let kind = reader.need_choice("kind", &["closed", "open"]).and_then(DayKind::parse);
        let name = reader.need_text("name", NAME_MAX);
        let entry = (|| Some(Self(CalendarRow { day: day?, kind: kind?, name: name? })))();
        reader.finish(entry)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::kernel::hours::spans_text;
    use jiff::civil::date;

    /// The rules that break when one column of a valid row is replaced.
    fn broken<T>(
        valid: &[(&'static str, &'static str)],
        replaced: &[(&'static str, &'static str)],
        parse: impl Fn(&Columns<'_>) -> Result<T, Vec<EntryRefusal>>,
    ) -> Vec<(&'static str, EntryRule)> {
        let of = |column: &'static str| replaced.iter().chain(valid).find(|(name, _)| *name == column).map(|(_, value)| *value);
        parse(&of).err().unwrap_or_default().into_iter().map(|refusal| (refusal.column, refusal.rule)).collect()
    }

    const BRANCH: [(&str, &str); 10] = [
        ("branch", "shiqi"),
        ("position", "1"),
        ("name_zh", "石岐支行"),
        ("name_en", "Shiqi Branch"),
        ("address_zh", "石岐区孙文中路 128 号"),
        ("address_en", "128 Sunwen Middle Road"),
        ("phone", "0760-8888 0101"),
        ("latitude", "22.517585"),
        ("longitude", "113.392770"),
        ("cash_closed_until", "2026-12-31"),
    ];

    #[test]
    fn each_rule_of_a_branch() {
        let broken = |replaced: &[_]| broken(&BRANCH, replaced, BranchEntry::parse);
        assert_eq!(broken(&[]), []);
        assert_eq!(broken(&[("latitude", ""), ("longitude", ""), ("cash_closed_until", "")]), []);
        for column in ["branch", "position", "name_zh", "name_en", "address_zh", "address_en", "phone", "latitude", "longitude"] {
            assert_eq!(broken(&[(column, " ")]), [(column, EntryRule::Missing)]);
        }
        assert_eq!(broken(&[("branch", "石岐")]), [("branch", EntryRule::NotACode)]);
        for wrong in ["0", "10000", "1.5", "x"] {
            assert_eq!(broken(&[("position", wrong)]), [("position", EntryRule::NotAWholeNumber { from: 1, to: 9_999 })]);
        }
        let long = "一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一";
        assert_eq!(broken(&[("name_zh", long)]), [("name_zh", EntryRule::TooLong { limit: 40 })]);
        for wrong in ["1234", "石岐", "0760/88880101", "<b>95588"] {
            assert_eq!(broken(&[("phone", wrong)]), [("phone", EntryRule::NotAPhoneNumber)], "{wrong}");
        }
        for (phone, cut) in [
            ("7608880101", true),
            ("1088880101", true),
            ("76088880101", true),
            ("7.6088880101E+10", true),
            ("07608880101", false),
            ("4008888000", false),
            ("13800138000", false),
            ("88880101", false),
            ("95588", false),
            ("861088880101", false),
        ] {
            let told: &[_] = if cut { &[("phone", EntryRule::LostDigits)] } else { &[] };
            assert_eq!(broken(&[("phone", phone)]), told, "{phone}");
        }
        assert_eq!(broken(&[("latitude", "90.5")]), [("latitude", EntryRule::NotACoordinate { limit: 90 })]);
        assert_eq!(broken(&[("cash_closed_until", "31.12.")]), [("cash_closed_until", EntryRule::NotADay)]);
    }

    #[test]
    fn each_rule_of_the_hours() {
        let row = [("branch", "shiqi"), ("monday", "9:00-12:00；14：00－17:00"), ("saturday", "09:30-16:00")];
        let entry = HoursEntry::parse(&|column| row.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)).unwrap();
        let week: Vec<String> = entry.week.0.iter().map(|spans| spans_text(spans)).collect();
        assert_eq!(week, ["09:00-12:00,14:00-17:00", "", "", "", "", "09:30-16:00", ""]);
        let broken = |replaced: &[_]| broken(&row, replaced, HoursEntry::parse);
        assert_eq!(broken(&[("branch", "")]), [("branch", EntryRule::Missing)]);
        for wrong in ["9-17", "17:00-09:00", "09:00-12:00,11:00-17:00", "closed"] {
            assert_eq!(broken(&[("sunday", wrong)]), [("sunday", EntryRule::NotHours)], "{wrong}");
        }
    }

    #[test]
    fn each_rule_of_a_calendar_day() {
        let row = [("date", "2026-10-01"), ("kind", "closed"), ("name", "国庆节")];
        let of = |column| row.iter().find(|(name, _)| *name == column).map(|(_, value)| *value);
        let entry = CalendarEntry::parse(&of).unwrap();
        assert_eq!(entry.0, CalendarRow { day: date(2026, 10, 1), kind: DayKind::Closed, name: "国庆节".to_owned() });
        let broken = |replaced: &[_]| broken(&row, replaced, CalendarEntry::parse);
        assert_eq!(broken(&[("date", "2026-13-01")]), [("date", EntryRule::NotADay)]);
        assert_eq!(broken(&[("kind", "shut")]), [("kind", EntryRule::NotOneOf(&["closed", "open"]))]);
        assert_eq!(broken(&[("name", "")]), [("name", EntryRule::Missing)]);
    }
}
