//! The two secrets of an installation, made on first run: `session.key` signs session cookies, `seal.key` seals ID and
//! phone numbers. Files only their owner may read; losing `seal.key` loses what it sealed.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, bail};
use bank::kernel::seal::KEY_LEN;

/// Signs session cookies.
pub const SESSION_KEY: &str = "session.key";

/// Seals ID and phone numbers.
pub const SEAL_KEY: &str = "seal.key";

/// The secret in this file; made when there is none.
pub fn load(folder: &Path, name: &str) -> anyhow::Result<[u8; KEY_LEN]> {
    let path = folder.join(name);
    let shown = || format!("secret {}", path.display());
    match fs::read(&path) {
        Ok(bytes) => match <[u8; KEY_LEN]>::try_from(bytes) {
            Ok(key) => Ok(key),
            Err(bytes) => bail!("{} holds {} bytes instead of {KEY_LEN}", path.display(), bytes.len()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path).with_context(shown),
        Err(error) => Err(error).with_context(shown),
    }
}

fn make(path: &Path) -> anyhow::Result<[u8; KEY_LEN]> {
    let mut key = [0; KEY_LEN];
    random(&mut key)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(key)
}

#[expect(clippy::disallowed_methods, reason = "the bank, and with it its source of randomness, does not exist yet")]
fn random(bytes: &mut [u8]) -> anyhow::Result<()> {
    getrandom::fill(bytes).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let made = load(folder.path(), SEAL_KEY).unwrap();
        assert_eq!(load(folder.path(), SEAL_KEY).unwrap(), made);
        assert_ne!(load(folder.path(), SESSION_KEY).unwrap(), made);
        #[cfg(unix)]
        for name in [SEAL_KEY, SESSION_KEY] {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_secret_of_another_length_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SEAL_KEY), "short").unwrap();
        assert!(load(folder.path(), SEAL_KEY).is_err());
    }
}
