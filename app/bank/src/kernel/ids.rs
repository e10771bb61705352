//! Numbers people read out and keys that machines repeat.
//!
//! A case number such as `QK7-3M9D-X` has no look-alike characters and ends in a check character that finds every
//! single wrong character and every swap of two neighbours. Not here: which number is whose.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::narrow;

/// 29 characters without look-alikes; a prime count, so that the check finds every single error and neighbour swap.
const ALPHABET: &[u8; 29] = b"123456789ABCDEFGHJKMNPQRTVWXY";
const BASE: usize = ALPHABET.len();
/// The digits stand first in the alphabet; the two letters of a number stand behind them.
const DIGITS: usize = 9;
/// Random characters between the prefix and the check character.
const BODY: usize = 5;
/// All characters of a number, without hyphens.
const LENGTH: usize = 2 + BODY + 1;

/// The number of a case, as the customer reads it out: prefix, five random characters, check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

/// Text that is not a number of this bank: a wrong length, character or check character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a case number")]
pub struct NotANumber;

impl CaseNumber {
    /// A number from randomness, beginning with the kind's two letters, which are of the alphabet (`QK`, `JD`, `JY`).
    /// Eight bytes are used; the database refuses the rare number that exists already.
    pub fn generate(prefix: &str, random: &[u8]) -> Self {
        let mut rest = random.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let mut values: Vec<usize> = prefix.bytes().filter_map(value_of).collect();
        for _ in 0..BODY {
            let base = u64::try_from(BASE).unwrap_or(1);
            values.push(usize::try_from(rest % base).unwrap_or_default());
            rest /= base;
        }
        values.push(check_value(&values));
        Self::write(&values)
    }

    /// Reads a number as people type it: lower case, without hyphens, with spaces, full-width.
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        let values: Vec<usize> = narrow(text)
            .bytes()
            .filter(|byte| !matches!(byte, b'-' | b' '))
            .map(|byte| value_of(byte.to_ascii_uppercase()))
            .collect::<Option<_>>()
            .ok_or(NotANumber)?;
        let (check, rest) = values.split_last().ok_or(NotANumber)?;
        if values.len() != LENGTH || check_value(rest) != *check {
            return Err(NotANumber);
        }
        let letters = values.iter().take(2).all(|value| *value >= DIGITS);
        letters.then(|| Self::write(&values)).ok_or(NotANumber)
    }

    /// As stored, shown and used in addresses: `QK7-3M9D-X`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn write(values: &[usize]) -> Self {
        let mut text = String::with_capacity(LENGTH + 2);
        for (place, value) in values.iter().enumerate() {
            if place == 3 || place == LENGTH - 1 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[value % BASE]));
        }
        Self(text)
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<Self, NotANumber> {
        Self::parse(&text)
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.0
    }
}

fn value_of(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == character)
}

/// Weights 1, 2, 3 … differ from their neighbours and are not 0 modulo the prime base; the check character itself has
/// weight −1, which no place before it reaches.
fn check_value(values: &[usize]) -> usize {
    values.iter().enumerate().map(|(place, value)| (place + 1) * value).sum::<usize>() % BASE
}

/// The hidden key of a form: one wish, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

/// Text that has not the shape of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a form key")]
pub struct NotAKey;

impl Key {
    /// A fresh key from 16 random bytes.
    pub fn generate(random: [u8; 16]) -> Self {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut rest = u128::from_be_bytes(random);
        let mut text = String::with_capacity(26);
        for _ in 0..26 {
            let digit = usize::try_from(rest % 32).unwrap_or_default();
            text.push(char::from(DIGITS[digit]));
            rest /= 32;
        }
        Self(text)
    }

    /// Accepts 26 to 40 of the characters `0-9a-z-`.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let shape = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || byte == b'-';
        let fits = (26..=40).contains(&text.len()) && text.bytes().all(shape);
        fits.then(|| Self(text.to_owned())).ok_or(NotAKey)
    }

    /// The text of the hidden field.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Key {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        Self::parse(&text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, CaseNumber, Key};
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = CaseNumber> {
        (prop::sample::select(vec!["QK", "JD", "JY"]), any::<[u8; 8]>())
            .prop_map(|(prefix, random)| CaseNumber::generate(prefix, &random))
    }

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let number = CaseNumber::generate("QK", &[1, 2, 3, 4, 5, 6, 7, 8]);
        let text = number.to_string();
        let bare = text.replace('-', "");
        let wide: String = bare.chars().filter_map(|c| char::from_u32(u32::from(c) - 0x21 + 0xff01)).collect();
        assert!(text.starts_with("QK") && text.len() == 10, "{text}");
        for typed in [text.to_lowercase(), bare.to_lowercase(), format!(" {bare} "), wide] {
            assert_eq!(CaseNumber::parse(&typed).as_ref(), Ok(&number), "{typed}");
        }
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for wrong in ["", "-", "QK", "QK7-3M9D", "QK0-0000-0", "张三", "QK7-3M9D-XX"] {
            assert!(CaseNumber::parse(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<CaseNumber>("\"QK\"").is_err());
    }

    #[test]
    fn a_number_begins_with_two_letters() {
        let found = ALPHABET.iter().filter(|check| CaseNumber::parse(&format!("Q111111{}", char::from(**check))).is_ok());
        assert_eq!(found.count(), 0);
    }

    #[test]
    fn a_key_has_its_shape() {
        let key = Key::generate([7; 16]);
        assert_eq!(Key::parse(key.as_str()), Ok(key));
        assert!(Key::parse("0191e2f4-5b7a-7c1d-9e8f-001122334455").is_ok());
        for wrong in ["", "short", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", &"a".repeat(41), "0123456789012345678901234'"] {
            assert!(Key::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(crate::soak::property(2_560))]

        #[test]
        fn a_number_survives_text_and_json(number in number()) {
            prop_assert_eq!(CaseNumber::parse(number.as_str()), Ok(number.clone()));
            let json = serde_json::to_string(&number).expect("json");
            prop_assert_eq!(serde_json::from_str::<CaseNumber>(&json).expect("a number"), number);
        }

        #[test]
        fn every_single_wrong_character_is_found(number in number(), place in 0_usize..8, other in 0_usize..29) {
            let mut text: Vec<u8> = number.as_str().replace('-', "").into_bytes();
            prop_assume!(text[place] != ALPHABET[other]);
            text[place] = ALPHABET[other];
            let text = String::from_utf8(text).expect("ascii");
            prop_assert!(CaseNumber::parse(&text).is_err());
        }

        #[test]
        fn every_swap_of_two_neighbours_is_found(number in number(), place in 0_usize..7) {
            let mut text: Vec<u8> = number.as_str().replace('-', "").into_bytes();
            prop_assume!(text[place] != text[place + 1]);
            text.swap(place, place + 1);
            let text = String::from_utf8(text).expect("ascii");
            prop_assert!(CaseNumber::parse(&text).is_err());
        }
    }
}
