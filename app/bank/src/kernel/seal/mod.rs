//! Sealing (authenticated encryption) of ID and phone numbers: AES-256-GCM with a random nonce. Table, column and row id are
//! associated data, so a value moved anywhere else does not open. A sealed text names its key: the newest key seals, all
//! keys open. The keys are in files outside the database. A blind index (HMAC-SHA-256 under a key derived from the sealing
//! key) finds equal values without opening them.
//!
//! Reading order: `columns.rs` (what is sealed), this file.

pub mod columns;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use self::columns::SealedColumn;
use super::failure::Failure;

/// Length of a key in bytes.
pub const KEY_LEN: usize = 32;

/// Number of the first key of an installation. It sealed all values of release 0.1.0.
pub const FIRST_KEY: i64 = 1;

/// Length of a blind index in bytes; long enough that two values do not collide by chance.
const INDEX_LEN: usize = 16;

/// Loads a key that this process does not have yet because another process has rotated the keys.
pub type FindKey = Box<dyn Fn(i64) -> Option<[u8; KEY_LEN]> + Send + Sync>;

/// Seals and opens texts with a set of keys.
pub struct Seal {
    ring: RwLock<BTreeMap<i64, Arc<SealKey>>>,
    find: Option<FindKey>,
}

struct SealKey {
    aead: RandomizedNonceKey,
    index: hmac::Key,
}

impl SealKey {
    fn new(bytes: &[u8; KEY_LEN]) -> Result<Self, Failure> {
        let aead = RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| Failure::Sealed("key".to_owned()))?;
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), b"lobby blind index 1");
        Ok(Self { aead, index: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()) })
    }

    fn seal(&self, bound_to: &str, text: &str) -> Option<String> {
        let mut bytes = text.as_bytes().to_vec();
        let nonce = self.aead.seal_in_place_append_tag(Aad::from(bound_to.as_bytes()), &mut bytes).ok()?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend_from_slice(&bytes);
        Some(STANDARD_NO_PAD.encode(sealed))
    }

    fn open(&self, bound_to: &str, sealed: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let open = self.aead.open_in_place(nonce, Aad::from(bound_to.as_bytes()), &mut rest).ok()?;
        String::from_utf8(open.to_vec()).ok()
    }
}

fn bound_to(column: &SealedColumn, row: &str) -> String {
    format!("{}.{}/{row}", column.table, column.name)
}

impl Seal {
    /// A seal with one key, numbered [`FIRST_KEY`].
    pub fn new(key: &[u8; KEY_LEN]) -> Result<Self, Failure> {
        Self::with_keys([(FIRST_KEY, *key)], None)
    }

    /// A seal with several numbered keys; `find` loads a key that is not among them.
    pub fn with_keys(keys: impl IntoIterator<Item = (i64, [u8; KEY_LEN])>, find: Option<FindKey>) -> Result<Self, Failure> {
        let seal = Self { ring: RwLock::default(), find };
        for (number, key) in keys {
            seal.add(number, &key)?;
        }
        Ok(seal)
    }

    /// Adds a key; the key with the highest number seals from now on.
    pub fn add(&self, number: i64, key: &[u8; KEY_LEN]) -> Result<(), Failure> {
        let key = Arc::new(SealKey::new(key)?);
        self.ring.write().unwrap_or_else(PoisonError::into_inner).insert(number, key);
        Ok(())
    }

    /// The number of the key that seals.
    pub fn newest(&self) -> i64 {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).keys().next_back().copied().unwrap_or_default()
    }

    fn key(&self, number: i64) -> Option<Arc<SealKey>> {
        if let Some(key) = self.ring.read().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Some(key.clone());
        }
        let found = self.find.as_ref()?(number)?;
        self.add(number, &found).ok()?;
        self.ring.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    /// Seals `text` for one row of a column with the newest key: `<key>:<base64 of nonce and ciphertext>`.
    pub fn seal(&self, column: &SealedColumn, row: &str, text: &str) -> Result<String, Failure> {
        self.seal_with(self.newest(), column, row, text)
    }

    pub(crate) fn seal_with(&self, number: i64, column: &SealedColumn, row: &str, text: &str) -> Result<String, Failure> {
        let sealed = self.key(number).and_then(|key| key.seal(&bound_to(column, row), text));
        sealed.map(|sealed| format!("{number}:{sealed}")).ok_or_else(|| failed(column))
    }

    /// Opens a text that [`Seal::seal`] made for the same row and column.
    pub fn open(&self, column: &SealedColumn, row: &str, sealed: &str) -> Result<String, Failure> {
        let parts = sealed.split_once(':').and_then(|(number, rest)| Some((number.parse().ok()?, rest)));
        let open = parts.and_then(|(number, rest)| self.key(number)?.open(&bound_to(column, row), rest));
        open.ok_or_else(|| failed(column))
    }

    /// Like [`Seal::open`], but also opens values of release 0.1.0, which have no key number and are bound to the column
    /// only. Use it for resealing alone: values the portal reads must be bound to their row.
    pub(crate) fn open_any(&self, column: &SealedColumn, row: &str, sealed: &str) -> Result<String, Failure> {
        if sealed.contains(':') {
            return self.open(column, row, sealed);
        }
        self.key(FIRST_KEY).and_then(|key| key.open(column.legacy, sealed)).ok_or_else(|| failed(column))
    }

    /// The blind index of `text` under the newest key, which is the one stored. `name` separates indexes of several columns.
    pub fn index(&self, name: &str, text: &str) -> String {
        self.indexes(name, text).into_iter().next().unwrap_or_default()
    }

    /// The blind indexes of `text` under every key, the newest first, for look-ups.
    pub fn indexes(&self, name: &str, text: &str) -> Vec<String> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let index = |(number, key): (&i64, &Arc<SealKey>)| {
            let tag = hmac::sign(&key.index, format!("{name}/{text}").as_bytes());
            format!("{number}:{}", STANDARD_NO_PAD.encode(tag.as_ref().get(..INDEX_LEN).unwrap_or_default()))
        };
        ring.iter().rev().map(index).collect()
    }
}

fn failed(column: &SealedColumn) -> Failure {
    Failure::Sealed(format!("{}.{}", column.table, column.name))
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::columns::{CUSTOMER_ID, CUSTOMER_PHONE};
    use super::*;

    #[test]
    fn what_was_sealed_opens_only_in_its_own_column_and_row() {
        let seal = Seal::new(&[7; KEY_LEN]).unwrap();
        let sealed = seal.seal(&CUSTOMER_PHONE, "c1", "13800138000").unwrap();
        assert!(!sealed.contains("138") && sealed.starts_with("1:"));
        assert_ne!(sealed, seal.seal(&CUSTOMER_PHONE, "c1", "13800138000").unwrap());
        assert_eq!(seal.open(&CUSTOMER_PHONE, "c1", &sealed).unwrap(), "13800138000");
        assert!(seal.open(&CUSTOMER_ID, "c1", &sealed).is_err());
        assert!(seal.open(&CUSTOMER_PHONE, "c2", &sealed).is_err());
        assert!(seal.open(&CUSTOMER_PHONE, "c1", sealed.trim_start_matches("1:")).is_err());
        assert!(Seal::new(&[8; KEY_LEN]).unwrap().open(&CUSTOMER_PHONE, "c1", &sealed).is_err());
    }

    #[test]
    fn of_several_keys_the_newest_seals_and_all_open() {
        let seal = Seal::new(&[7; KEY_LEN]).unwrap();
        let old = seal.seal(&CUSTOMER_PHONE, "c1", "13800138000").unwrap();
        seal.add(2, &[8; KEY_LEN]).unwrap();
        let new = seal.seal(&CUSTOMER_PHONE, "c1", "13800138000").unwrap();
        assert!(new.starts_with("2:"));
        for sealed in [&old, &new] {
            assert_eq!(seal.open(&CUSTOMER_PHONE, "c1", sealed).unwrap(), "13800138000");
        }
        // A process without the second key loads it, and seals with it from then on.
        let find: FindKey = Box::new(|number| (number == 2).then_some([8; KEY_LEN]));
        let behind = Seal::with_keys([(1, [7; KEY_LEN])], Some(find)).unwrap();
        assert_eq!(behind.open(&CUSTOMER_PHONE, "c1", &new).unwrap(), "13800138000");
        assert_eq!(behind.newest(), 2);
        let without = Seal::new(&[7; KEY_LEN]).unwrap();
        assert!(without.open(&CUSTOMER_PHONE, "c1", &new).is_err());
    }

    #[test]
    fn equal_values_have_equal_indexes_under_one_key_and_name() {
        let seal = Seal::new(&[7; KEY_LEN]).unwrap();
        let index = seal.index("phone", "13800138000");
        assert_eq!(index, seal.index("phone", "13800138000"));
        assert_ne!(index, seal.index("phone", "13800138001"));
        assert_ne!(index, seal.index("id", "13800138000"));
        assert_ne!(index, Seal::new(&[8; KEY_LEN]).unwrap().index("phone", "13800138000"));
        seal.add(2, &[8; KEY_LEN]).unwrap();
        assert_eq!(seal.indexes("phone", "13800138000").last(), Some(&index), "the old one is still looked for");
    }
}
