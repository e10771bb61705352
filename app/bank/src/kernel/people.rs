//! Phone numbers, identity documents and names, and how each is masked (docs/domain.md §3, §12).
//!
//! How they are sealed in the database is in the kernel's module `seal`.

use serde::{Deserialize, Serialize};

use super::text::narrow;
use super::time::Day;

mod name;

pub use name::{NAME_MAX, NameFault, read_name};

/// A mainland mobile number, 11 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Parses a number as people type it: with spaces, hyphens, or one of the prefixes `+86`, `0086`, `86`.
    pub fn parse(text: &str) -> Option<Self> {
        let bare: String = narrow(text).chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        let local = ["+86", "0086", "86"]
            .iter()
            .find_map(|prefix| bare.strip_prefix(prefix).filter(|rest| rest.len() == 11))
            .unwrap_or(&bare);
        let mut digits = local.bytes();
        let mobile = local.len() == 11
            && local.bytes().all(|b| b.is_ascii_digit())
            && digits.next() == Some(b'1')
            && digits.next().is_some_and(|second| second >= b'3');
        mobile.then(|| Self(local.to_owned()))
    }

    /// The 11 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 3 and the last 4 digits: `138****8000`.
    pub fn masked(&self) -> String {
        mask_phone(&self.0)
    }
}

/// A kind of identity document (docs/domain.md §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdType {
    /// 身份证, the 18-digit resident identity card.
    ResidentId,
    /// 军警证.
    MilitaryId,
    /// 港澳台通行证.
    TravelPermit,
    /// 护照.
    Passport,
    /// 外国人永久居留证.
    PermanentResidence,
    /// 港澳台居住证, numbered like the resident identity card.
    ResidencePermit,
    /// 其他.
    Other,
}

impl IdType {
    /// All types in the order of the forms.
    pub const ALL: [Self; 7] = [
        Self::ResidentId,
        Self::MilitaryId,
        Self::TravelPermit,
        Self::Passport,
        Self::PermanentResidence,
        Self::ResidencePermit,
        Self::Other,
    ];

    /// The stable code in forms and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::MilitaryId => "military_id",
            Self::TravelPermit => "travel_permit",
            Self::Passport => "passport",
            Self::PermanentResidence => "permanent_residence",
            Self::ResidencePermit => "residence_permit",
            Self::Other => "other",
        }
    }

    /// The bank's Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::ResidentId => "身份证",
            Self::MilitaryId => "军警证",
            Self::TravelPermit => "港澳台通行证",
            Self::Passport => "护照",
            Self::PermanentResidence => "外国人永久居留证",
            Self::ResidencePermit => "港澳台居住证",
            Self::Other => "其他",
        }
    }

    /// Parses a code or the bank's term.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == text || kind.term() == text)
    }

    /// Parses the number of a document of this type; 18-digit numbers are validated by their check digit. `today` bounds
    /// the birth date.
    pub fn parse_number(self, text: &str, today: Day) -> Option<String> {
        let upper = narrow(text).to_uppercase();
        match self {
            Self::ResidentId | Self::ResidencePermit => ResidentId::parse(&upper, today).map(|id| id.0),
            _ => {
                let bare: String = upper.chars().filter(|c| *c != ' ').collect();
                let length = bare.chars().count();
                let readable = bare.chars().all(|c| c.is_alphanumeric() || "-/()".contains(c));
                let figures = bare.chars().any(|c| c.is_ascii_digit());
                ((4..=30).contains(&length) && readable && figures).then_some(bare)
            }
        }
    }
}

/// An 18-digit resident identity number with a valid check digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResidentId(String);

impl ResidentId {
    /// Validates length, check digit (GB 11643) and the birth date, which must exist and lie between 1900 and `today`.
    pub fn parse(text: &str, today: Day) -> Option<Self> {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECKS: &[u8; 11] = b"10X98765432";
        let bare: String = narrow(text).to_uppercase().chars().filter(|c| *c != ' ').collect();
        let (front, check) = bare.split_at_checked(17)?;
        if bare.len() != 18 || !front.bytes().all(|b| b.is_ascii_digit()) || front.starts_with('0') {
            return None;
        }
        let sum: u32 = front.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
        let expected = CHECKS.get(usize::try_from(sum % 11).ok()?)?;
        let id = Self(bare.clone());
        let born = id.born()?;
        (check.as_bytes() == [*expected] && born.year() >= 1900 && born <= today).then_some(id)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The birth date encoded in the number.
    pub fn born(&self) -> Option<Day> {
        let part = |range| self.0.get(range).and_then(|digits: &str| digits.parse::<i16>().ok());
        let month = i8::try_from(part(10..12)?).ok()?;
        let day = i8::try_from(part(12..14)?).ok()?;
        Day::new(part(6..10)?, month, day).ok()
    }
}

/// Surnames of two characters. All others are taken to have one.
const DOUBLE_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "长孙", "宇文",
    "令狐", "端木", "百里", "闻人", "轩辕", "呼延", "钟离", "申屠", "澹台",
];

/// Suffixes of names of organisations.
const ORGANISATIONS: [&str; 9] = ["公司", "集团", "中心", "商行", "学校", "医院", "协会", "工厂", "合作社"];

/// The surname of a Chinese name, one or two characters.
pub fn surname(name: &str) -> &str {
    let double = DOUBLE_SURNAMES.into_iter().find(|double| name.starts_with(double) && name.len() > double.len());
    let length = double.map_or_else(|| name.chars().next().map_or(0, char::len_utf8), str::len);
    name.get(..length).unwrap_or(name)
}

/// Masks a name except the surname: `张*`, `欧阳**`. An organisation keeps its beginning and its suffix: `中山市恒*公司`.
pub fn mask_name(name: &str) -> String {
    let name = name.trim();
    if let Some(form) = ORGANISATIONS.iter().find(|form| name.ends_with(**form)) {
        let front = name.chars().count().saturating_sub(form.chars().count());
        let kept: String = name.chars().take(4.min(front / 2)).collect();
        return format!("{kept}*{form}");
    }
    let length = name.chars().count();
    if name.is_ascii() {
        let first: String = name.chars().take(1).collect();
        return format!("{first}*");
    }
    let kept = surname(name).chars().count();
    let front: String = name.chars().take(kept).collect();
    format!("{front}{}", "*".repeat(length.saturating_sub(kept).max(1)))
}

/// Masks an identity number except the first 6 and last 4 characters: `440301********1234`; a short one keeps its last 2.
pub fn mask_id(number: &str) -> String {
    mask_middle(number, 6, 4)
}

/// Masks a phone number except the first 3 and last 4 digits: `138****8000`.
pub fn mask_phone(phone: &str) -> String {
    mask_middle(phone, 3, 4)
}

fn mask_middle(text: &str, front: usize, back: usize) -> String {
    let length = text.chars().count();
    let (front, back) = if length > front + back { (front, back) } else { (0, 2.min(length / 2)) };
    let kept: String = text.chars().take(front).collect();
    let end: String = text.chars().skip(length - back).collect();
    format!("{kept}{}{end}", "*".repeat(length - front - back))
}

#[cfg(test)]
mod tests {
    use super::{IdType, Phone, ResidentId, mask_id, mask_name, mask_phone};
    use jiff::civil::date;

    #[test]
    fn a_mobile_number_is_read_as_people_type_it() {
        for text in ["13800138000", "138 0013 8000", "+86 138-0013-8000", "008613800138000", "１３８００１３８０００"]
        {
            assert_eq!(Phone::parse(text).as_ref().map(Phone::as_str), Some("13800138000"), "{text}");
        }
        for wrong in ["", "12800138000", "1380013800", "138001380000", "0760-88880000", "+1 13800138000", "1380013800x"] {
            assert_eq!(Phone::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_resident_id_needs_its_check_digit_and_a_birth_date() {
        let today = date(2026, 12, 1);
        let id = ResidentId::parse("11010519491231002x", today).expect("the standard's own example");
        assert_eq!(id.as_str(), "11010519491231002X");
        assert_eq!(id.born(), Some(date(1949, 12, 31)));
        assert!(ResidentId::parse("440524188001010014", today).is_none(), "born in 1880");
        for wrong in ["110105194912310021", "11010519491331002X", "11010519491231002", "110105491231002", "张三李四"] {
            assert!(ResidentId::parse(wrong, today).is_none(), "{wrong}");
        }
        assert!(ResidentId::parse("11010519491231002X", date(1949, 12, 30)).is_none(), "not born yet");
    }

    #[test]
    fn every_type_is_known_by_its_code_and_its_term() {
        for kind in IdType::ALL {
            assert_eq!(IdType::parse(kind.code()), Some(kind));
            assert_eq!(IdType::parse(kind.term()), Some(kind));
        }
        assert_eq!(IdType::parse("driving licence"), None);
    }

    #[test]
    fn a_passport_number_is_any_plausible_text() {
        let today = date(2026, 12, 1);
        assert_eq!(IdType::Passport.parse_number(" e1234 5678", today).as_deref(), Some("E12345678"));
        assert_eq!(IdType::MilitaryId.parse_number("军字第12345号", today).as_deref(), Some("军字第12345号"));
        assert_eq!(IdType::Passport.parse_number("abc", today), None);
        assert_eq!(IdType::Passport.parse_number("<script>1", today), None);
        assert_eq!(IdType::ResidentId.parse_number("E12345678", today), None);
    }

    #[test]
    fn masks_leave_what_the_rule_says() {
        assert_eq!(mask_name("林芳"), "林*");
        assert_eq!(mask_name("欧阳娜娜"), "欧阳**");
        assert_eq!(mask_name("欧阳"), "欧*");
        assert_eq!(mask_name("张"), "张*");
        assert_eq!(mask_name("John Smith"), "J*");
        assert_eq!(mask_name("中山市恒达贸易有限公司"), "中山市恒*公司");
        assert_eq!(mask_name("恒达公司"), "恒*公司");
        assert_eq!(mask_id("11010519491231002X"), "110105********002X");
        assert_eq!(mask_id("E12345"), "****45");
        assert_eq!(mask_phone("13800138000"), "138****8000");
    }
}
