//! Validates and normalises names of people.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::kernel::text::{count, narrow};

/// Maximum length of a name, characters.
pub const NAME_MAX: usize = 50;

/// Why a text is not accepted as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameFault {
    /// Nothing was typed.
    Missing,
    /// It contains a digit or a symbol that names do not have.
    Characters,
    /// It has only one letter.
    TooShort,
    /// It is longer than [`NAME_MAX`].
    TooLong {
        /// Its length in characters.
        length: usize,
    },
}

/// The separator between the parts of a transcribed name, in any of the characters keyboards produce: `买买提．艾力`.
const fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '●' | '.' | '。')
}

const fn is_han(c: char) -> bool {
    matches!(c, '〇' | '々' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Parses a name: letters of any script and separators (`Ann-Marie O'Neil`, `买买提·艾力`). The result is normalised:
/// full-width letters become narrow, spaces between Chinese characters are removed (`王　伟`), separator dots become `·`
/// (an ASCII point only between Chinese characters).
pub fn read_name(text: &str) -> Result<String, NameFault> {
    let narrowed = narrow(text);
    let words: Vec<&str> = narrowed.split(' ').filter(|word| !word.is_empty()).collect();
    let letters: Vec<char> = words.join(" ").chars().collect();
    // The nearest letter before and after a position, ignoring spaces.
    let near = |mut side: Box<dyn Iterator<Item = &char> + '_>| side.find(|c| **c != ' ').copied();
    let mut name = String::with_capacity(narrowed.len());
    for (at, letter) in letters.iter().enumerate() {
        let (before, behind) = letters.split_at(at);
        let beside = [near(Box::new(before.iter().rev())), near(Box::new(behind.iter().skip(1)))];
        match letter {
            ' ' if beside.iter().flatten().any(|c| is_han(*c) || (is_dot(*c) && *c != '.')) => {}
            '.' if !beside.iter().flatten().all(|c| is_han(*c)) => name.push('.'),
            dot if is_dot(*dot) => name.push('·'),
            '`' | '´' | '‘' | 'ʼ' => name.push('\''),
            other => name.push(*other),
        }
    }
    if name.is_empty() {
        return Err(NameFault::Missing);
    }
    let starts = |cluster: &str| cluster.chars().next().is_some_and(char::is_alphabetic);
    if name.graphemes(true).any(|cluster| !starts(cluster) && !matches!(cluster, " " | "·" | "." | "-" | "'" | "’")) {
        return Err(NameFault::Characters);
    }
    match (count(&name), name.graphemes(true).filter(|cluster| starts(cluster)).count()) {
        (length, _) if length > NAME_MAX => Err(NameFault::TooLong { length }),
        (_, 0) => Err(NameFault::Characters),
        (_, 1) => Err(NameFault::TooShort),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{NameFault, read_name};

    #[test]
    fn every_spelling_of_a_name_is_kept_as_one() {
        for text in
            ["买买提·艾力", "买买提．艾力", "买买提.艾力", "买买提 • 艾力", "买买提・艾力", "买买提‧艾力", "买买提 · 艾力"]
        {
            assert_eq!(read_name(text).as_deref(), Ok("买买提·艾力"), "{text}");
        }
        for text in ["王伟", "王　伟", " 王 伟 ", "王\u{200b}伟", "\u{feff}王伟", "王\u{a0}\u{a0}伟"] {
            assert_eq!(read_name(text).as_deref(), Ok("王伟"), "{text}");
        }
        for (text, kept) in [
            ("Ann-Marie  O'Neil", "Ann-Marie O'Neil"),
            ("O`Neil John", "O'Neil John"),
            ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
            ("J. R. Smith", "J. R. Smith"),
            ("Nguye\u{302}\u{303}n Anh", "Nguye\u{302}\u{303}n Anh"),
            ("𠮷野家", "𠮷野家"),
            ("ئەلى مۇھەممەت", "ئەلى مۇھەممەت"),
        ] {
            assert_eq!(read_name(text).as_deref(), Ok(kept), "{text}");
        }
    }

    #[test]
    fn a_refused_name_says_what_is_wrong() {
        assert_eq!(read_name(&"王".repeat(51)), Err(NameFault::TooLong { length: 51 }));
        assert_eq!(read_name(&"王".repeat(50)).map(|name| name.chars().count()), Ok(50));
        assert_eq!(read_name("\u{200b} "), Err(NameFault::Missing));
        assert_eq!(read_name("王"), Err(NameFault::TooShort));
        for text in ["王伟1", "王伟😀", "<b>王伟", "王@伟", "--", "王伟(小)"] {
            assert_eq!(read_name(text), Err(NameFault::Characters), "{text}");
        }
    }
}
