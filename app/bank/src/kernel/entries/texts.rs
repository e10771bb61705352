//! Codes, days and numbers as people and spreadsheets write them in an entry.

use crate::kernel::text::narrow;
use crate::kernel::time::{Day, parse_day};

/// Whether it is a number such as `4.40299E+17`.
pub(super) fn has_exponent(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.to_ascii_uppercase().split_once("E+").is_some_and(|(factor, exponent)| {
        let (whole, part) = factor.split_once('.').unwrap_or((factor, "0"));
        digits(whole) && digits(part) && digits(exponent)
    })
}

/// Maximum length of a code, characters.
pub const CODE_MAX: usize = 32;

/// A code (of a branch, a product), a sign-in name or a customer number: small letters, digits, `-`, `_`, `.`, beginning
/// with a letter or digit. Capital and full-width letters become small ones.
pub fn read_code(text: &str) -> Option<String> {
    let code = narrow(text).to_lowercase();
    let within = code.len() <= CODE_MAX && code.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    (within && code.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.'))).then_some(code)
}

/// `2026-12-31`, also with `/` or `.` and without leading zeros, as spreadsheets write it.
pub fn read_day(text: &str) -> Option<Day> {
    let narrowed = narrow(text);
    let parts: Vec<&str> = narrowed.split(['-', '/', '.']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    parse_day(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Decimal degrees as millionths of a degree.
pub(super) fn millionths(text: &str, limit: i64) -> Option<i64> {
    let (sign, bare) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    let figures = |text: &str| !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    if !figures(whole) || !figures(part) {
        return None;
    }
    let micro: String = format!("{part:0<6}").chars().take(6).collect();
    let value = whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(micro.parse().ok()?)?;
    (value <= limit * 1_000_000).then_some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_code_is_read_in_small_letters() {
        for (text, code) in [("ShiQi", "shiqi"), (" Ｃ１００１ ", "c1001"), ("a.b-c_9", "a.b-c_9")] {
            assert_eq!(read_code(text).as_deref(), Some(code), "{text}");
        }
        for wrong in ["", "-a", "a b", "石岐", "a/b", "<a>", &"a".repeat(33)] {
            assert_eq!(read_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_read_as_spreadsheets_write_it() {
        for text in ["2026-02-03", "2026/2/3", "2026.02.3", "２０２６-02-03"] {
            assert_eq!(read_day(text), Some(date(2026, 2, 3)), "{text}");
        }
        for wrong in ["", "2026-02-30", "3/2/2026", "20260203", "2026-02-03-1", "2026--3"] {
            assert_eq!(read_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn degrees_are_read_exactly() {
        for (text, micro) in [
            ("22.517585", 22_517_585),
            ("113", 113_000_000),
            ("-0.5", -500_000),
            ("22.51758599", 22_517_585),
            ("180", 180_000_000),
        ] {
            assert_eq!(millionths(text, 180), Some(micro), "{text}");
        }
        for wrong in ["", "180.000001", "22,5", "1e3", "--1", "22.", ".5", "22.5N"] {
            assert_eq!(millionths(wrong, 180), None, "{wrong}");
        }
    }
}
