//! Money in whole fen of the renminbi: exact integers, no floating point.
//!
//! Parsing of typed amounts is in `read.rs`, formatting in [`crate::kernel::language::amount`], capital numerals in `capitals.rs`.

use std::iter::Sum;

use serde::{Deserialize, Serialize};

mod capitals;
mod read;

/// An amount in fen (1/100 yuan), as it is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub const ZERO: Self = Self(0);

    /// An amount of whole yuan; saturates far above any amount of a bank.
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan.saturating_mul(100))
    }

    /// The whole yuan of this amount; fen are dropped, see [`Fen::is_whole_yuan`].
    pub const fn yuan(self) -> i64 {
        self.0 / 100
    }

    pub const fn is_whole_yuan(self) -> bool {
        self.0 % 100 == 0
    }

    /// The sum; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, which may be negative; `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Yuan grouped by thousands, with two decimals only if there are fen: `200,000`, `1,234.50`.
    pub fn grouped(self) -> String {
        let fen = (self.0 % 100).abs();
        let sign = if self.0 < 0 && self.0 > -100 { "-" } else { "" };
        let whole = grouped(self.yuan());
        if fen == 0 { whole } else { format!("{sign}{whole}.{fen:02}") }
    }
}

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
    use super::{Fen, grouped};

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
    fn sums_are_checked() {
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(1).checked_sub(Fen(3)), Some(Fen(-2)));
        assert_eq!([Fen(1), Fen(2)].into_iter().sum::<Fen>(), Fen(3));
        assert!(!Fen(150).is_whole_yuan());
    }
}
