//! The bank's own name and contact details.

use bank::kernel::language::Language;

/// The bank's own details shown on pages, from `lobby.toml`.
#[derive(Clone, Debug)]
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
