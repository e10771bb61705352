//! The bank's own names and contact details, shown on pages (docs/domain.md §8).

use crate::customers::read_email;
use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader};
use crate::kernel::language::Language;
use crate::kernel::text::narrow;

/// Maximum length of a name, characters.
const NAME_MAX: i64 = 60;

/// Maximum length of an address, characters.
const ADDRESS_MAX: i64 = 120;

/// Maximum length of a phone number as displayed, characters.
const PHONE_MAX: usize = 30;

/// The digits of a phone number: short codes such as 110, up to a long number with country code and extension.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// Written by `lobby init`; before that from `lobby.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankDetails {
    pub name_zh: String,
    pub name_en: String,
    /// Service hotline.
    pub hotline: String,
    /// Phone number for complaints (docs/domain.md §8).
    pub complaint_phone: String,
    /// Address for complaints, Chinese.
    pub complaint_address_zh: String,
    /// Address for complaints, English.
    pub complaint_address_en: String,
    /// E-mail address for complaints.
    pub complaint_email: String,
}

impl BankDetails {
    pub const COLUMNS: [&'static str; 7] =
        ["name_zh", "name_en", "hotline", "complaint_phone", "complaint_address_zh", "complaint_address_en", "complaint_email"];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let name_zh = reader.need_text("name_zh", NAME_MAX);
        let name_en = need_english(&mut reader, "name_en", NAME_MAX);
        let hotline = reader.need("hotline", EntryRule::NotAPhoneNumber, read_line);
        let complaint_phone = reader.need("complaint_phone", EntryRule::NotAPhoneNumber, read_line);
        let complaint_address_zh = reader.need_text("complaint_address_zh", ADDRESS_MAX);
        let complaint_address_en = need_english(&mut reader, "complaint_address_en", ADDRESS_MAX);
        let complaint_email = reader.need("complaint_email", EntryRule::NotAnEmail, read_email);
        let details = (|| {
            Some(Self {
                name_zh: name_zh?,
                name_en: name_en?,
                hotline: hotline?,
                complaint_phone: complaint_phone?,
                complaint_address_zh: complaint_address_zh?,
                complaint_address_en: complaint_address_en?,
                complaint_email: complaint_email?,
            })
        })();
        reader.finish(details)
    }

    /// The bank's name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.name_zh,
            Language::En => &self.name_en,
        }
    }

    /// The address for complaints.
    pub fn complaint_address(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.complaint_address_zh,
            Language::En => &self.complaint_address_en,
        }
    }
}

/// The number of a telephone line, as displayed: digits, which may be grouped.
fn read_line(text: &str) -> Option<String> {
    let line = narrow(text);
    let plain = line.len() <= PHONE_MAX && line.chars().all(|c| c.is_ascii_digit() || " -+()".contains(c));
    (plain && PHONE_DIGITS.contains(&line.bytes().filter(u8::is_ascii_digit).count())).then_some(line)
}

/// A text for the English pages, which holds a Latin letter.
fn need_english(reader: &mut Reader<'_, '_>, column: &'static str, limit: i64) -> Option<String> {
    let text = reader.need_text(column, limit)?;
    if text.chars().any(|c| c.is_ascii_alphabetic()) {
        return Some(text);
    }
    reader.refuse(column, EntryRule::NotEnglish);
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn each_rule_of_the_details() {
        let row = [
            ("name_zh", "岭南示范银行"),
            ("name_en", "Lingnan Demo Bank"),
            ("hotline", "９５５００"),
            ("complaint_phone", "0760-8888 0000"),
            ("complaint_address_zh", "中山市石岐区孙文中路 128 号"),
            ("complaint_address_en", "128 Sunwen Middle Road, Zhongshan"),
            ("complaint_email", "Tousu@lingnan.example"),
        ];
        let with = |replaced: (&'static str, &'static str)| {
            BankDetails::parse(&|column: &'static str| {
                [replaced].iter().chain(&row).find(|(name, _)| *name == column).map(|(_, value)| *value)
            })
        };
        let details = with(("", "")).unwrap();
        assert_eq!((details.hotline.as_str(), details.complaint_email.as_str()), ("95500", "tousu@lingnan.example"));
        for column in BankDetails::COLUMNS {
            assert_eq!(with((column, " ")), Err(vec![EntryRefusal { column, rule: EntryRule::Missing }]));
        }
        for phone in ["110", "12345678901234567890"] {
            assert!(with(("hotline", phone)).is_ok(), "{phone}");
        }
        for (column, value, rule) in [
            ("hotline", "on request", EntryRule::NotAPhoneNumber),
            ("complaint_phone", "12", EntryRule::NotAPhoneNumber),
            ("hotline", "123456789012345678901", EntryRule::NotAPhoneNumber),
            ("name_en", "海湾银行", EntryRule::NotEnglish),
            ("complaint_address_en", "珠海市 1", EntryRule::NotEnglish),
            ("complaint_email", "tousu", EntryRule::NotAnEmail),
        ] {
            assert_eq!(with((column, value)), Err(vec![EntryRefusal { column, rule }]));
        }
    }
}
