//! Reading what people type on a Chinese keyboard: full-width digits, spaces and separators.
//!
//! Not here: what the text means; see [`crate::kernel::money`], [`crate::kernel::people`].

/// The text with full-width ASCII made narrow, every kind of space made one, and the ends trimmed.
pub fn narrow(text: &str) -> String {
    let narrowed: String = text
        .chars()
        .map(|c| match c {
            '\u{3000}' | '\u{a0}' | '\t' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            other => other,
        })
        .collect();
    narrowed.trim().to_owned()
}

/// The most a number is read as.
const MOST: i64 = 999_999_999_999;

/// A whole number as people type it (`200,000`, `２００ 张`), with any of `units` allowed behind it.
/// At most 12 digits; `None` for anything else, a minus sign included.
pub fn whole_number(text: &str, units: &[&str]) -> Option<i64> {
    let narrowed = narrow(text);
    let bare = units.iter().find_map(|unit| narrowed.strip_suffix(unit)).unwrap_or(&narrowed);
    let digits: String = bare.chars().filter(|c| !matches!(c, ',' | ' ' | '，')).collect();
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // What is beyond every limit is still a number: the limits say so, with what would be accepted.
    plain.then(|| digits.parse().unwrap_or(MOST).min(MOST))
}

#[cfg(test)]
mod tests {
    use super::{MOST, narrow, whole_number};

    #[test]
    fn full_width_text_becomes_narrow() {
        assert_eq!(narrow("　ＱＫ７－３Ｍ９Ｄ－Ｘ "), "QK7-3M9D-X");
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(whole_number("２００，０００", &[]), Some(200_000));
        assert_eq!(whole_number(" 1 500 张", &["张"]), Some(1_500));
        assert_eq!(whole_number("-5", &[]), None);
        assert_eq!(whole_number("", &[]), None);
        assert_eq!(whole_number("1.5", &[]), None);
        assert_eq!(whole_number(&"9".repeat(30), &[]), Some(MOST));
    }
}
