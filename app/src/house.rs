//! Names and numbers of the bank that pages show.

use bank::kernel::language::Language;

/// Facts of the house that pages show: from `lobby.toml`.
#[derive(Clone, Debug)]
pub struct House {
    /// Chinese name of the bank.
    pub name_zh: String,
    /// English name of the bank.
    pub name_en: String,
    /// Hotline.
    pub hotline: String,
    /// Complaint phone (docs/domain.md §8).
    pub complaint_phone: String,
    /// Where complaints can be brought, Chinese.
    pub complaint_address_zh: String,
    /// Where complaints can be brought, English.
    pub complaint_address_en: String,
    /// E-mail for complaints.
    pub complaint_email: String,
}

impl House {
    /// The bank's name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.name_zh,
            Language::En => &self.name_en,
        }
    }

    /// The complaint address.
    pub fn complaint_address(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.complaint_address_zh,
            Language::En => &self.complaint_address_en,
        }
    }
}
