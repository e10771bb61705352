//! Access to the message catalogue: `t!(locale, namespace.key, value = x)` is a `String` in the reader's language. The texts
//! are in `locales/`, one file per capability and language. A missing key does not compile; a test finds unused keys.

pub use crate::i18n::Locale;
use bank::kernel::language::Language;

/// A text of the catalogue as a `String`.
#[macro_export]
macro_rules! t {
    ($locale:expr, $($rest:tt)+) => {{
        #[expect(unused_imports, reason = "the macro of the catalogue wants its module in scope")]
        use $crate::i18n::*;
        ::std::string::ToString::to_string(&leptos_i18n::td_string!($locale, $($rest)+))
    }};
}

/// The catalogue's locale of a language.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::ZhCn => Locale::zh_CN,
        Language::En => Locale::en,
    }
}
