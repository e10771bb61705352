//! Sealing of ID and phone numbers: AES-256-GCM with a random nonce, bound to the column it stands in, so that a
//! value moved to another column does not open. The key lives in a file outside the database.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::failure::Failure;

/// Bytes of the key.
pub const KEY_LEN: usize = 32;

/// Seals and opens texts with one key.
pub struct Seal(RandomizedNonceKey);

impl Seal {
    /// A seal with this key (32 bytes of the key file).
    pub fn new(key: &[u8; KEY_LEN]) -> Result<Self, Failure> {
        RandomizedNonceKey::new(&AES_256_GCM, key).map(Self).map_err(|_| Failure::Sealed("key"))
    }

    /// Seals `text` for `column`: base64 of nonce and ciphertext.
    pub fn seal(&self, column: &'static str, text: &str) -> Result<String, Failure> {
        let mut bytes = text.as_bytes().to_vec();
        let nonce =
            self.0.seal_in_place_append_tag(Aad::from(column.as_bytes()), &mut bytes).map_err(|_| Failure::Sealed(column))?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend_from_slice(&bytes);
        Ok(STANDARD_NO_PAD.encode(sealed))
    }

    /// Opens what [`Seal::seal`] made for the same column.
    pub fn open(&self, column: &'static str, sealed: &str) -> Result<String, Failure> {
        let failed = || Failure::Sealed(column);
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| failed())?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or_else(failed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
        let mut rest = rest.to_vec();
        let open = self.0.open_in_place(nonce, Aad::from(column.as_bytes()), &mut rest).map_err(|_| failed())?;
        String::from_utf8(open.to_vec()).map_err(|_| failed())
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn what_was_sealed_opens_only_in_its_own_column() {
        let seal = Seal::new(&[7; KEY_LEN]).unwrap();
        let sealed = seal.seal("customers.phone", "13800138000").unwrap();
        assert!(!sealed.contains("138"));
        assert_ne!(sealed, seal.seal("customers.phone", "13800138000").unwrap());
        assert_eq!(seal.open("customers.phone", &sealed).unwrap(), "13800138000");
        assert!(seal.open("customers.id", &sealed).is_err());
        assert!(Seal::new(&[8; KEY_LEN]).unwrap().open("customers.phone", &sealed).is_err());
    }
}
