//! The file that takes the activation links and codes of imported people: new, readable by its owner only. A secret is on
//! disk before it is valid, so none is lost when the import is killed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use app::activation::LINK;
use bank::imports::{Invitation, SecretSink};
use bank::kernel::failure::Failure;
use bank::kernel::time::hhmm;
use bank::sessions::ActivationKind;

use crate::config::PublicOrigin;

/// The header of the file.
/// Names are left out: sign-in name and branch are enough to hand a secret over.
const HEADER: &str = "sign_in_name,activation,branch,valid_until\n";

/// The open file.
pub struct Codes {
    path: PathBuf,
    origin: String,
    written: Mutex<Written>,
}

struct Written {
    file: File,
    /// Length of the part that is valid.
    kept: u64,
    /// Length with the secrets that are not valid yet.
    held: u64,
    secrets: usize,
}

impl Codes {
    /// Creates the file; one that exists is refused.
    pub fn create(path: &Path, origin: &PublicOrigin) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => anyhow!("{} exists already: name a file that does not exist yet", path.display()),
            _ => anyhow!("{} cannot be created: {error}", path.display()),
        })?;
        file.write_all(HEADER.as_bytes())?;
        let kept = u64::try_from(HEADER.len()).unwrap_or_default();
        let written = Mutex::new(Written { file, kept, held: kept, secrets: 0 });
        Ok(Self { path: path.to_owned(), origin: origin.as_str().trim_end_matches('/').to_owned(), written })
    }

    /// Removes the file if no secret has been written; returns its path otherwise.
    pub fn finish(self) -> anyhow::Result<Option<PathBuf>> {
        let written = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        written.file.set_len(written.kept)?;
        drop(written.file);
        if written.secrets == 0 {
            std::fs::remove_file(&self.path)?;
            return Ok(None);
        }
        Ok(Some(self.path))
    }
}

impl SecretSink for Codes {
    fn hold(&self, invitations: &[Invitation]) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::Host(format!("{}: {error}", self.path.display()));
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = String::new();
        for invitation in invitations {
            let secret = match invitation.kind {
                ActivationKind::Link => format!("{}{LINK}{}", self.origin, invitation.secret.reveal()),
                ActivationKind::Code => invitation.secret.grouped(),
            };
            let until = format!("{} {}", invitation.expires_at.day(), hhmm(invitation.expires_at.time()));
            let branch = invitation.branch.as_deref().unwrap_or_default();
            lines.extend([&invitation.sign_in_name, ",", &secret, ",", branch, ",", &until, "\n"]);
        }
        let kept = written.kept;
        written.file.set_len(kept).map_err(failed)?;
        written.file.seek(SeekFrom::Start(kept)).map_err(failed)?;
        written.file.write_all(lines.as_bytes()).map_err(failed)?;
        written.file.sync_data().map_err(failed)?;
        written.held = kept + u64::try_from(lines.len()).unwrap_or_default();
        written.secrets += invitations.len();
        Ok(())
    }

    fn keep(&self) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.kept = written.held;
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use std::os::unix::fs::PermissionsExt as _;

    use super::Codes;
    use crate::config::PublicOrigin;

    /// `lobby` has a umask that hides new files; the mode of this one does not rest on it.
    #[test]
    fn only_the_owner_reads_the_secrets_whatever_the_umask() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.csv");
        let before = rustix::process::umask(rustix::fs::Mode::empty());
        let codes = Codes::create(&path, &PublicOrigin::parse("http://127.0.0.1:3000").unwrap());
        rustix::process::umask(before);
        drop(codes.unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
