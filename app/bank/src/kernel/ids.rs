//! Case numbers, which people read out, and idempotency keys of forms.
//!
//! A case number such as `QK7-3M9D-X4V` uses no characters that look alike and ends in a check character that detects
//! every single wrong character and every swap of two neighbours. Numbers issued before version 0.2 are shorter
//! (`QK7-3M9D-X`) and stay valid.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::narrow;

/// A format of case numbers. The size of the alphabet is a prime greater than the length, so that the check character
/// detects every single wrong character and every swap of two neighbours.
struct Scheme {
    alphabet: &'static [u8],
    /// How many characters of the alphabet are digits; they come first.
    digits: usize,
    /// Length without hyphens: two letters of the kind, the random characters, the check character.
    length: usize,
    /// Positions with a hyphen before them.
    hyphens: [usize; 2],
}

/// The current format. Of every pair that is easily confused, at most one character is used: 8/B, 0/O, 1/I/L, 5/S, 2/Z,
/// 6/G, U/V. Seven random characters give 23⁷ = 3.4·10⁹ numbers per kind.
const CURRENT: Scheme = Scheme { alphabet: b"34679ACDEFHJKMNPQRTVWXY", digits: 5, length: 10, hyphens: [3, 7] };

/// The format until version 0.2, with both 8 and B: 29⁵ = 20.5 million numbers per kind.
const FIRST: Scheme = Scheme { alphabet: b"123456789ABCDEFGHJKMNPQRTVWXY", digits: 9, length: 8, hyphens: [3, 7] };

impl Scheme {
    fn base(&self) -> usize {
        self.alphabet.len()
    }

    fn value_of(&self, character: u8) -> Option<usize> {
        self.alphabet.iter().position(|known| *known == character)
    }

    /// The weights 1, 2, 3 … differ between neighbours and are not 0 modulo the prime base. The check character itself
    /// has weight −1, which no position before it has.
    fn check_value(&self, values: &[usize]) -> usize {
        values.iter().enumerate().map(|(place, value)| (place + 1) * value).sum::<usize>() % self.base()
    }

    /// Parses characters without hyphens and spaces.
    fn read(&self, characters: &[u8]) -> Option<CaseNumber> {
        let values: Vec<usize> = characters.iter().map(|byte| self.value_of(*byte)).collect::<Option<_>>()?;
        let (check, rest) = values.split_last()?;
        let letters = values.iter().take(2).all(|value| *value >= self.digits);
        (values.len() == self.length && letters && self.check_value(rest) == *check).then(|| self.write(&values))
    }

    fn write(&self, values: &[usize]) -> CaseNumber {
        let mut text = String::with_capacity(self.length + self.hyphens.len());
        for (place, value) in values.iter().enumerate() {
            if self.hyphens.contains(&place) {
                text.push('-');
            }
            text.push(char::from(self.alphabet[value % self.base()]));
        }
        CaseNumber(text)
    }
}

/// The number of a case: two letters of the kind, random characters, a check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

/// The text is not a case number: wrong length, character or check character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a case number")]
pub struct NotANumber;

impl CaseNumber {
    /// Attempts to insert a new case before giving up because the number drawn exists already. With a tenth of all numbers
    /// in use, 16 collisions in a row happen once in 10¹⁶ cases.
    pub const TRIES: u32 = 16;

    /// The shortest part that can be looked for, characters.
    pub const PART_MIN: usize = 4;

    /// A random number. `prefix` is the two letters of the kind (`QK`, `JD`, `JY`), taken from the alphabet. The first
    /// eight bytes of `random` are used. The primary key refuses a number that exists already; the caller draws again.
    pub fn generate(prefix: &str, random: &[u8]) -> Self {
        let scheme = &CURRENT;
        let base = u64::try_from(scheme.base()).unwrap_or(1);
        let mut rest = random.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let mut values: Vec<usize> = prefix.bytes().filter_map(|byte| scheme.value_of(byte)).collect();
        while values.len() + 1 < scheme.length {
            values.push(usize::try_from(rest % base).unwrap_or_default());
            rest /= base;
        }
        values.push(scheme.check_value(&values));
        scheme.write(&values)
    }

    /// Parses a number as people type it: lower case, without hyphens, with spaces, full-width.
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        let text = narrow(text);
        let characters: Vec<u8> =
            text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')).map(|byte| byte.to_ascii_uppercase()).collect();
        [&CURRENT, &FIRST].into_iter().find_map(|scheme| scheme.read(&characters)).ok_or(NotANumber)
    }

    /// Part of a number as people type it, as it stands in a number without hyphens; `None` if it is shorter than
    /// [`PART_MIN`](Self::PART_MIN) or cannot be part of any number.
    pub fn part(text: &str) -> Option<String> {
        let characters = narrow(text).replace(['-', ' '], "").to_ascii_uppercase();
        let is_part =
            |scheme: &Scheme| characters.len() <= scheme.length && characters.bytes().all(|byte| scheme.value_of(byte).is_some());
        (characters.len() >= Self::PART_MIN && [&CURRENT, &FIRST].into_iter().any(is_part)).then_some(characters)
    }

    /// The form that is stored, shown and used in URLs: `QK7-3M9D-X4V`.
    pub fn as_str(&self) -> &str {
        &self.0
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

/// The idempotency key in a hidden field of a form: one key has one effect, however often the form is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

/// The text does not have the format of a form key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a form key")]
pub struct NotAKey;

impl Key {
    /// A new key from 16 random bytes.
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

    /// A key derived from a digest of at least 16 bytes; equal digests give equal keys.
    #[cfg(feature = "records")]
    pub(crate) fn from_digest(digest: &[u8]) -> Self {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Self::generate(bytes)
    }

    /// Accepts 26 to 40 of the characters `0-9a-z-`.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let shape = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || byte == b'-';
        let fits = (26..=40).contains(&text.len()) && text.bytes().all(shape);
        fits.then(|| Self(text.to_owned())).ok_or(NotAKey)
    }

    /// The value of the hidden field.
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
    use super::{CURRENT, CaseNumber, FIRST, Key, Scheme};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn number() -> impl Strategy<Value = CaseNumber> {
        (prop::sample::select(vec!["QK", "JD", "JY"]), any::<[u8; 8]>())
            .prop_map(|(prefix, random)| CaseNumber::generate(prefix, &random))
    }

    /// A number in the format used until version 0.2.
    fn first() -> impl Strategy<Value = CaseNumber> {
        (prop::sample::select(vec!["QK", "JD", "JY"]), prop::array::uniform5(0_usize..29)).prop_map(|(prefix, random)| {
            let mut values: Vec<usize> = prefix.bytes().filter_map(|byte| FIRST.value_of(byte)).collect();
            values.extend(random);
            values.push(FIRST.check_value(&values));
            FIRST.write(&values)
        })
    }

    fn bare(number: &CaseNumber) -> Vec<u8> {
        number.as_str().replace('-', "").into_bytes()
    }

    fn is_read(characters: &[u8]) -> bool {
        CaseNumber::parse(std::str::from_utf8(characters).expect("ascii")).is_ok()
    }

    #[test]
    fn a_part_is_read_like_a_whole_number() {
        assert_eq!(CaseNumber::part("d-x4v").as_deref(), Some("DX4V"));
        assert_eq!(CaseNumber::part(" qk7 3m9d").as_deref(), Some("QK73M9D"));
        // A number of the first format has 1, 2, 5, 8 and B.
        assert_eq!(CaseNumber::part("1258").as_deref(), Some("1258"));
        for none in ["", "X4V", "13800000000", "陈志远先生", "x4%v", "SMITH", "QK7-3M9D-X4VV"] {
            assert_eq!(CaseNumber::part(none), None, "{none}");
        }
    }

    #[test]
    fn no_character_is_mistaken_for_another_and_there_is_room() {
        for pair in ["8B", "0O", "1IL", "5S", "2Z", "6G", "UV"] {
            let found = pair.bytes().filter(|byte| CURRENT.value_of(*byte).is_some()).count();
            assert!(found < 2, "{pair}");
        }
        let characters: BTreeSet<u8> = CURRENT.alphabet.iter().copied().collect();
        assert_eq!(characters.len(), CURRENT.alphabet.len());
        let is_prime = |number: usize| (2..number).all(|divisor| !number.is_multiple_of(divisor));
        let sound = |scheme: &Scheme| is_prime(scheme.base()) && scheme.length < scheme.base();
        assert!(sound(&CURRENT) && sound(&FIRST));
        let random = u32::try_from(CURRENT.length - 3).expect("a length");
        assert!(CURRENT.base().pow(random) >= 1_000_000_000, "room for 10⁹ a kind");
        assert!(CURRENT.alphabet.iter().take(CURRENT.digits).all(u8::is_ascii_digit));
        assert!(CURRENT.alphabet.iter().skip(CURRENT.digits).all(u8::is_ascii_uppercase));
    }

    #[test]
    fn a_hundred_thousand_numbers_hardly_ever_collide() {
        // The birthday bound for 3.4·10⁹ numbers gives 1.5 pairs; with 29⁵ numbers it was 240.
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            CaseNumber::generate("QK", &(state ^ (state >> 33)).to_be_bytes())
        };
        let numbers: BTreeSet<CaseNumber> = (0..100_000).map(|_| next()).collect();
        assert!(numbers.len() >= 99_990, "{}", numbers.len());
    }

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let number = CaseNumber::generate("QK", &[1, 2, 3, 4, 5, 6, 7, 8]);
        let text = number.to_string();
        assert!(text.starts_with("QK") && text.len() == 12, "{text}");
        for number in [number, CaseNumber::parse("QK7-3M9D-P").expect("a number of version 0.1")] {
            let text = number.to_string();
            let bare = text.replace('-', "");
            let wide: String = bare.chars().filter_map(|c| char::from_u32(u32::from(c) - 0x21 + 0xff01)).collect();
            let spaced: String = bare.chars().flat_map(|c| [c, ' ']).collect();
            for typed in [text.to_lowercase(), bare.to_lowercase(), format!(" {bare} "), spaced, wide.to_lowercase(), wide] {
                assert_eq!(CaseNumber::parse(&typed).as_ref(), Ok(&number), "{typed}");
            }
            assert_eq!(number.as_str(), text);
        }
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for wrong in ["", "-", "QK", "QK7-3M9D", "QK0-0000-0", "张三", "QK7-3M9D-XX", "QK7-3M9D-XXX", "QK7-3M9D-MMMM"] {
            assert!(CaseNumber::parse(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<CaseNumber>("\"QK\"").is_err());
    }

    #[test]
    fn a_number_begins_with_two_letters() {
        for (scheme, start) in [(&FIRST, "Q111111"), (&CURRENT, "Q33333333")] {
            let found = scheme.alphabet.iter().filter(|check| is_read(format!("{start}{}", char::from(**check)).as_bytes()));
            assert_eq!(found.count(), 0);
        }
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
        fn a_number_survives_text_and_json(new in number(), old in first()) {
            for number in [new, old] {
                prop_assert_eq!(CaseNumber::parse(number.as_str()), Ok(number.clone()));
                let json = serde_json::to_string(&number).expect("json");
                prop_assert_eq!(serde_json::from_str::<CaseNumber>(&json).expect("a number"), number);
            }
        }

        #[test]
        fn every_single_wrong_character_is_found(new in number(), old in first()) {
            for number in [new, old] {
                let right = bare(&number);
                for place in 0..right.len() {
                    for other in b'0'..=b'Z' {
                        if other.is_ascii_alphanumeric() && other != right[place] {
                            let mut wrong = right.clone();
                            wrong[place] = other;
                            prop_assert!(!is_read(&wrong), "{:?} for {}", wrong, number);
                        }
                    }
                }
            }
        }

        #[test]
        fn every_swap_of_two_neighbours_is_found(new in number(), old in first()) {
            for number in [new, old] {
                let right = bare(&number);
                for place in 1..right.len() {
                    let mut wrong = right.clone();
                    wrong.swap(place - 1, place);
                    prop_assert!(wrong == right || !is_read(&wrong), "{:?} for {}", wrong, number);
                }
            }
        }
    }
}
