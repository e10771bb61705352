//! Cleaning of typed text, counting of characters, and parsing of numbers in full-width or grouped digits.
//!
//! Every posted value passes through [`cleaned`]; every length limit counts with [`count`] or [`length`]. Amounts are parsed in
//! [`crate::kernel::money`], names and phone numbers in [`crate::kernel::people`].

use unicode_segmentation::UnicodeSegmentation;

/// Maximum number of code points per character. A family emoji with skin tones has eleven; longer sequences are stacked
/// marks that cover the lines above.
const MOST_MARKS: usize = 16;

/// Invisible characters that no script needs: controls, direction marks (they can reverse a line), zero-width spaces,
/// fillers, noncharacters.
const fn is_noise(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Characters that only change the one before them: joiners, variation selectors, the tags of a flag.
const fn is_modifier(c: char) -> bool {
    matches!(c,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// Any white space, including the empty braille pattern.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// The text as it is stored: line breaks as `\n`, without invisible characters and direction marks. Joiners and
/// selectors stay if they follow a character they can change. Not applied to passwords.
pub fn cleaned(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        let before = kept.chars().next_back();
        match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            c if is_noise(c) => {}
            // Tag characters are valid after the black flag; elsewhere they hide text.
            c if is_tag(c) && !before.is_some_and(|before| is_tag(before) || before == '\u{1f3f4}') => {}
            c if is_modifier(c) && before.is_none_or(is_blank) => {}
            c => kept.push(c),
        }
    }
    if kept.is_ascii() {
        return kept;
    }
    kept.graphemes(true).flat_map(|character| character.chars().take(MOST_MARKS)).collect()
}

/// The text without white space and invisible characters at its ends; `""` if nothing in it is visible.
pub fn trimmed(text: &str) -> &str {
    let from = text.trim_start_matches(|c| is_blank(c) || is_noise(c) || is_modifier(c));
    from.trim_end_matches(|c| is_blank(c) || is_noise(c))
}

/// The number of grapheme clusters: a family emoji, a letter with its accent and a line break count one each. The unit
/// of every length limit.
pub fn count(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The [`count`] as the type of the limits, which are parameters.
pub fn length(text: &str) -> i64 {
    i64::try_from(count(text)).unwrap_or(i64::MAX)
}

/// The first `limit` characters as counted by [`count`], trimmed.
pub fn cut(text: &str, limit: i64) -> String {
    trimmed(&text.graphemes(true).take(usize::try_from(limit).unwrap_or_default()).collect::<String>()).to_owned()
}

/// Normalises a code, number or name for comparison: full-width ASCII becomes narrow, every kind of space and hyphen
/// becomes the ASCII one, invisible characters are removed and the ends trimmed.
pub fn narrow(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_noise(*c) && !is_modifier(*c));
    let narrowed: String = seen
        .map(|c| match c {
            blank if is_blank(blank) => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
            '\u{ffe5}' => '¥',
            other => other,
        })
        .collect();
    narrowed.trim().to_owned()
}

/// A code as typed, narrowed and without what groups it: spaces and hyphens.
pub fn ungrouped(text: &str) -> String {
    narrow(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Characters that may group the digits of a number.
pub(super) const fn separates(c: char) -> bool {
    matches!(c, ',' | ' ' | '\'' | '’')
}

/// The digits of a narrowed number without separators. `None` unless they are ungrouped or grouped by thousands:
/// `200,000` and `1 500`, but not `5000,00`.
pub(super) fn digits(narrowed: &str) -> Option<String> {
    let groups: Vec<&str> = narrowed.split(separates).filter(|group| !group.is_empty()).collect();
    let plain = groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    let (first, rest) = groups.split_first()?;
    let regular = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    (plain && regular).then(|| groups.concat())
}

/// Larger numbers are read as this one.
const MOST: i64 = 999_999_999_999;

/// Parses a whole number as people type it (`200,000`, `２００ 张`), optionally followed by one of `units`. Numbers of more
/// than 12 digits give the maximum. `None` for anything else, including a minus sign and wrong groups (`5,00`).
pub fn whole_number(text: &str, units: &[&str]) -> Option<i64> {
    let narrowed = narrow(text);
    let bare = units.iter().find_map(|unit| narrowed.strip_suffix(unit)).unwrap_or(&narrowed);
    // A number beyond every limit is still parsed, so that the refusal can name the limit.
    digits(bare).map(|digits| digits.parse().unwrap_or(MOST).min(MOST))
}

#[cfg(test)]
mod tests {
    use super::{MOST, cleaned, count, cut, narrow, trimmed, ungrouped, whole_number};

    const FAMILY: &str = "👨‍👩‍👧‍👦";
    const WALES: &str = "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}";

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        assert_eq!(ungrouped(" １２３-4 56"), "123456");
    }

    #[test]
    fn full_width_text_becomes_narrow() {
        assert_eq!(narrow("　ＱＫ７－３Ｍ９Ｄ－Ｘ "), "QK7-3M9D-X");
    }

    #[test]
    fn unseen_characters_are_read_as_if_they_were_not_there() {
        for unseen in ["\u{feff}", "\u{200b}", "\u{202d}", "\u{202c}", "\u{2060}", "\u{ad}", "\u{200d}", "\u{fe0f}", "\u{61c}"] {
            assert_eq!(narrow(&format!("{unseen}c10{unseen}01{unseen}")), "c1001", "{}", unseen.escape_unicode());
        }
        assert_eq!(narrow("a\u{2009}b\u{202f}c\u{2800}d"), "a b c d");
    }

    #[test]
    fn a_text_keeps_what_can_be_seen_and_loses_what_turns_it() {
        assert_eq!(cleaned("金额请付 \u{202e}000,05 元"), "金额请付 000,05 元");
        assert_eq!(cleaned("a\r\nb\rc\u{2028}d\te\0\u{7}"), "a\nb\nc\nd\te");
        assert_eq!(cleaned("\u{feff}\u{200b}你好\u{2060}"), "你好");
        for whole in [FAMILY, WALES, "❤\u{fe0f}", "葛\u{e0100}城", "می\u{200c}خواهم", "e\u{301}"] {
            assert_eq!(cleaned(whole), whole, "{}", whole.escape_unicode());
        }
        assert_eq!(cleaned("hi\u{e0068}\u{e0069}"), "hi", "tags hide text");
        assert_eq!(cleaned(&format!("e{}!", "\u{301}".repeat(200))), format!("e{}!", "\u{301}".repeat(15)));
    }

    #[test]
    fn a_text_of_which_nothing_is_seen_is_empty() {
        for empty in ["", " ", "\u{3000}", "\u{200b}", "\u{2800}\u{200d}", "\u{feff}\n\u{3164}", "\u{fe0f}", "\u{e0041}"] {
            assert_eq!(trimmed(empty), "", "{}", empty.escape_unicode());
        }
        assert_eq!(trimmed("\u{200b} 一 二\u{3000}"), "一 二");
        assert_eq!(trimmed(" ❤\u{fe0f} "), "❤\u{fe0f}");
    }

    #[test]
    fn a_character_is_what_a_person_sees() {
        assert_eq!(count(FAMILY), 1);
        assert_eq!(count(&"😀".repeat(2_000)), 2_000);
        assert_eq!(count("e\u{301}一\n二"), 4);
        assert_eq!(cut(&format!("{FAMILY}{FAMILY}一"), 2), format!("{FAMILY}{FAMILY}"));
        assert_eq!(cut("一 二", 2), "一");
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(whole_number("２００，０００", &[]), Some(200_000));
        assert_eq!(whole_number(" 1 500 张", &["张"]), Some(1_500));
        assert_eq!(whole_number("-5", &[]), None);
        assert_eq!(whole_number("", &[]), None);
        assert_eq!(whole_number("1.5", &[]), None);
        assert_eq!(whole_number("5,00", &[]), None);
        assert_eq!(whole_number("1,00,000", &[]), None);
        assert_eq!(whole_number(&"9".repeat(30), &[]), Some(MOST));
    }
}
