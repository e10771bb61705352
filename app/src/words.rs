//! Access to the message catalogue: `t!(locale, namespace.key, value = x)` is a `String` in the reader's language. The texts
//! are in `locales/`, one file per capability and language. A missing key does not compile; a test finds unused keys. A text whose
//! English has a singular has two keys, `…` and `…_one` (`counted!`); the Chinese one is the same.

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

/// A number of things, for a text whose English has a singular: `t!(locale, key, count = left, …)`.
pub fn number(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// A text with a number that has a singular in English: `counted!(locale, number, [key of the singular], [key], value = x)`.
#[macro_export]
macro_rules! counted {
    ($locale:expr, $number:expr, [$($one:tt)+], [$($other:tt)+], $($values:tt)+) => {
        if $number == 1 { $crate::t!($locale, $($one)+, $($values)+) } else { $crate::t!($locale, $($other)+, $($values)+) }
    };
}

/// The text as it begins a line: English words that otherwise stand within a sentence get a capital.
pub fn leading(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// The catalogue's locale of a language.
pub fn locale(language: Language) -> Locale {
    match language {
        Language::ZhCn => Locale::zh_CN,
        Language::En => Locale::en,
    }
}

#[cfg(test)]
mod tests {
    use super::{Locale, leading};

    #[test]
    fn a_line_begins_with_a_capital() {
        assert_eq!(["something else", "Service", "", "服务"].map(leading), ["Something else", "Service", "", "服务"]);
    }

    #[test]
    fn one_thing_is_said_in_the_singular_in_english() {
        let days = |l: Locale, n: i64| counted!(l, n, [parameters.unit.days_one], [parameters.unit.days], n = n);
        let left = |l: Locale, n: i64| counted!(l, n, [surveys.left_one], [surveys.left], count = n);
        assert_eq!([0, 1, 2].map(|n| days(Locale::en, n)), ["0 days", "1 day", "2 days"]);
        assert_eq!([0, 1, 2].map(|n| left(Locale::en, n)), ["0 questions left", "1 question left", "2 questions left"]);
        assert_eq!([1, 2].map(|n| left(Locale::zh_CN, n)), ["还差 1 题", "还差 2 题"]);
    }
}
