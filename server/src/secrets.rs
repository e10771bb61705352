//! The secrets of an installation: files in the data folder readable by their owner only. `session.key` signs session cookies;
//! `seal.key`, then `seal-2.key` and so on, seal ID and phone numbers. Values sealed with a lost key are lost.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, bail};
use bank::kernel::seal::{FIRST_KEY, KEY_LEN};

/// File name of the key that signs session cookies.
pub const SESSION_KEY: &str = "session.key";

/// File name of a sealing key.
pub fn seal_key(number: i64) -> String {
    if number == FIRST_KEY { "seal.key".to_owned() } else { format!("seal-{number}.key") }
}

/// The secret in this file, if it exists. A file readable by other users is refused.
pub fn read(folder: &Path, name: &str) -> anyhow::Result<Option<[u8; KEY_LEN]>> {
    let path = folder.join(name);
    let shown = || format!("secret {}", path.display());
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(shown),
    };
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).with_context(shown)?.permissions());
        if mode & 0o077 != 0 {
            bail!(
                "{} can be read by others on this machine (mode {:o}): whoever has read it can open what it seals. \
                 Give it mode 600, and rotate it if others had access",
                path.display(),
                mode & 0o777
            );
        }
    }
    match <[u8; KEY_LEN]>::try_from(bytes) {
        Ok(key) => Ok(Some(key)),
        Err(bytes) => bail!("{} holds {} bytes instead of {KEY_LEN}", path.display(), bytes.len()),
    }
}

/// The secret in this file, created if missing. Of several processes that create it at once, one succeeds and all use its
/// secret.
pub fn load(folder: &Path, name: &str) -> anyhow::Result<[u8; KEY_LEN]> {
    if let Some(key) = read(folder, name)? {
        return Ok(key);
    }
    make(folder, name).with_context(|| format!("secret {}", folder.join(name).display()))?;
    read(folder, name)?.with_context(|| format!("secret {} is gone", folder.join(name).display()))
}

/// Writes a new secret to a temporary file and links it to its name, so that it appears complete; an existing file is kept.
fn make(folder: &Path, name: &str) -> anyhow::Result<()> {
    let mut bytes = [0; KEY_LEN + 8];
    random(&mut bytes)?;
    let (key, tag) = bytes.split_at(KEY_LEN);
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = folder.join(format!(".{name}.{tag}"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(key)?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, folder.join(name));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
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
        let (first, second) = (seal_key(FIRST_KEY), seal_key(2));
        assert_eq!(read(folder.path(), &first).unwrap(), None);
        let made = load(folder.path(), &first).unwrap();
        assert_eq!(load(folder.path(), &first).unwrap(), made);
        for name in [SESSION_KEY, &second] {
            assert_ne!(load(folder.path(), name).unwrap(), made);
        }
        #[cfg(unix)]
        for name in [&first, &second, SESSION_KEY] {
            use std::os::unix::fs::PermissionsExt as _;
            let path = folder.path().join(name);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
            for open in [0o644, 0o640, 0o604] {
                fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
                let error = load(folder.path(), name).unwrap_err().to_string();
                assert!(error.contains("read by others") && error.contains("600"), "{error}");
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no draft is left");
    }

    #[test]
    fn a_secret_of_another_length_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), "seal.key").unwrap();
        fs::write(folder.path().join("seal.key"), "short").unwrap();
        assert!(load(folder.path(), "seal.key").is_err());
    }
}
