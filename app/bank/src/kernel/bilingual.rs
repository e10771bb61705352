//! A text that is data in both languages: product names, survey questions, legal wording.
//! Texts of the user interface are in the message catalogue (`app/locales`). Next: [`super::language`].

use serde::{Deserialize, Serialize};

use super::language::Language;

/// One text in both languages of the portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese: the bank's own, binding wording.
    pub zh: String,
    /// English: a translation for information.
    pub en: String,
}

impl Bilingual {
    /// The text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Both texts, for checks that apply to either language.
    pub fn both(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }
}
