//! Money: whole fen of the renminbi, exact, never a floating point number.
//!
//! Not here: how an amount is said in a language ([`crate::kernel::language::amount`]).

use std::iter::Sum;

use serde::{Deserialize, Serialize};

use super::text::narrow;

/// An amount in fen (1/100 yuan), the way it is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole yuan; saturates far above any amount a bank holds.
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan.saturating_mul(100))
    }

    /// The whole yuan in this amount; fen are dropped, see [`Fen::is_whole_yuan`].
    pub const fn yuan(self) -> i64 {
        self.0 / 100
    }

    /// Whether no fen are left over.
    pub const fn is_whole_yuan(self) -> bool {
        self.0 % 100 == 0
    }

    /// The sum, unless it overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it overflows; it may be negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Figures grouped by thousands, fen only where there are any: `200,000`, `1,234.50`.
    pub fn grouped(self) -> String {
        let fen = (self.0 % 100).abs();
        let sign = if self.0 < 0 && self.0 > -100 { "-" } else { "" };
        let whole = grouped(self.yuan());
        if fen == 0 { whole } else { format!("{sign}{whole}.{fen:02}") }
    }

    /// Reads an amount in yuan as people type it, below zero or beyond every limit too: `200,000 元`, `￥５００００`, `50000.00`.
    pub fn parse_yuan(text: &str) -> Option<Self> {
        let narrowed = narrow(text);
        let bare = narrowed.trim_start_matches(['¥', '￥']).trim_start_matches("CNY");
        let bare = bare.trim_end_matches(['元', '圆']).trim_end_matches("人民币");
        let plain: String = bare.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "0"));
        let (minus, whole) = whole.strip_prefix('-').map_or((1, whole), |whole| (-1, whole));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let tenfold = if cents.len() == 1 { 10 } else { 1 };
        let fen = cents.parse::<i64>().ok()? * tenfold;
        // What no bank holds is still an amount: the limits say so, with what would be accepted.
        let yuan = whole.parse::<i64>().unwrap_or(MOST_YUAN).min(MOST_YUAN);
        Some(Self(minus * (yuan * 100 + fen)))
    }
}

/// The most an amount is read as, yuan.
const MOST_YUAN: i64 = 999_999_999_999;

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, next| Self(sum.0.saturating_add(next.0)))
    }
}

/// A whole number with its thousands grouped: `1,500`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Fen, MOST_YUAN, grouped};

    #[test]
    fn figures_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(-1_500), "-1,500");
        assert_eq!(Fen::from_yuan(1_000_000).grouped(), "1,000,000");
        assert_eq!(Fen(123_450).grouped(), "1,234.50");
        assert_eq!(Fen(-50).grouped(), "-0.50");
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for text in ["200000", "200,000 元", "２００，０００", "￥200000", "¥ 200,000.00", "CNY 200,000", " 200 000.0 "]
        {
            assert_eq!(Fen::parse_yuan(text), Some(Fen::from_yuan(200_000)), "{text}");
        }
        assert_eq!(Fen::parse_yuan("0.5"), Some(Fen(50)));
        assert_eq!(Fen::parse_yuan("-5"), Some(Fen::from_yuan(-5)));
        assert_eq!(Fen::parse_yuan(&"9".repeat(30)), Some(Fen::from_yuan(MOST_YUAN)));
        for wrong in ["", "元", "abc", "--5", "-", "1.234", "1e5", "20万", "1.", ".5"] {
            assert_eq!(Fen::parse_yuan(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sums_are_checked() {
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(1).checked_sub(Fen(3)), Some(Fen(-2)));
        assert_eq!([Fen(1), Fen(2)].into_iter().sum::<Fen>(), Fen(3));
        assert!(!Fen(150).is_whole_yuan());
    }
}
