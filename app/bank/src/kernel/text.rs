//! What people type: what of it is kept, how its characters are counted, and how figures on a Chinese keyboard are read.
//!
//! Every posted value passes through [`cleaned`]; every length limit counts with [`count`]. Not here: what a text means;
//! see [`crate::kernel::money`], [`crate::kernel::people`].

use unicode_segmentation::UnicodeSegmentation;

/// Code points one character may have. A family emoji with skin tones has eleven; what goes on and on is a tower of
/// marks that covers the lines above it.
const MOST_MARKS: usize = 16;

/// Characters that are never seen and that no script needs: controls, marks of direction (they can make a line read
/// backwards), zero-width spaces, fillers, noncharacters.
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

/// Characters that are seen only through the one before them: joiners, variation selectors, the tags of a flag.
const fn is_modifier(c: char) -> bool {
    matches!(c,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// Every kind of blank, the empty braille pattern included.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// A posted text as it is kept: line breaks as `\n`, nothing in it that cannot be seen, nothing that turns the direction
/// of a line. Joiners and selectors stay behind a character they can change. Not for passwords.
pub fn cleaned(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        let before = kept.chars().next_back();
        match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            c if is_noise(c) => {}
            // The tags of a flag stand behind the black flag; anywhere else they hide text.
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

/// The text without blanks and unseen characters at its ends; `""` when nothing in it can be seen.
pub fn trimmed(text: &str) -> &str {
    let from = text.trim_start_matches(|c| is_blank(c) || is_noise(c) || is_modifier(c));
    from.trim_end_matches(|c| is_blank(c) || is_noise(c))
}

/// How many characters a person sees (grapheme clusters): a family emoji is one, a letter with its accent is one, a line
/// break is one. The unit of every length limit.
pub fn count(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The first `limit` characters of a text, as [`count`] counts them.
pub fn cut(text: &str, limit: usize) -> String {
    trimmed(&text.graphemes(true).take(limit).collect::<String>()).to_owned()
}

/// A code, a number or a name as it is compared: full-width ASCII made narrow, every kind of space and of hyphen made one,
/// unseen characters left out, and the ends trimmed.
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

/// What may stand between the figures of a number.
pub(super) const fn separates(c: char) -> bool {
    matches!(c, ',' | ' ' | '\'' | '’')
}

/// The figures of a narrowed number without what groups them. `None` unless they are figures only or grouped by
/// thousands: `200,000`, `1 500`, not `5000,00`.
pub(super) fn digits(narrowed: &str) -> Option<String> {
    let groups: Vec<&str> = narrowed.split(separates).filter(|group| !group.is_empty()).collect();
    let plain = groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    let (first, rest) = groups.split_first()?;
    let regular = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    (plain && regular).then(|| groups.concat())
}

/// The most a number is read as.
const MOST: i64 = 999_999_999_999;

/// A whole number as people type it (`200,000`, `２００ 张`), with any of `units` allowed behind it.
/// At most 12 digits; `None` for anything else, a minus sign and groups that are no thousands (`5,00`) included.
pub fn whole_number(text: &str, units: &[&str]) -> Option<i64> {
    let narrowed = narrow(text);
    let bare = units.iter().find_map(|unit| narrowed.strip_suffix(unit)).unwrap_or(&narrowed);
    // A number beyond every limit is still read as a number: the refusal then names the limit.
    digits(bare).map(|digits| digits.parse().unwrap_or(MOST).min(MOST))
}

#[cfg(test)]
mod tests {
    use super::{MOST, cleaned, count, cut, narrow, trimmed, whole_number};

    const FAMILY: &str = "👨‍👩‍👧‍👦";
    const WALES: &str = "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}";

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
