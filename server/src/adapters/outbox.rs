//! Where messages go in development: one text file each in `<data>/outbox`. Nothing leaves the machine.

use std::path::{Path, PathBuf};

use bank::kernel::time::{At, day_text};

/// The folder messages are laid in.
#[derive(Clone, Debug)]
pub struct OutboxFolder(PathBuf);

impl OutboxFolder {
    /// The folder below the data folder.
    pub fn below(data: &Path) -> Self {
        Self(data.join("outbox"))
    }

    /// Lays one message there as `<time>-<id>.txt`. Laid twice it is the same file.
    pub fn lay(&self, written: At, id: &str, phone: &str, text: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.0)?;
        let time = written.time();
        let name = format!("{}T{:02}{:02}{:02}-{id}.txt", day_text(written.day()), time.hour(), time.minute(), time.second());
        std::fs::write(self.0.join(name), format!("To: {phone}\n\n{text}\n"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_message_is_one_file_named_by_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = OutboxFolder::below(folder.path());
        let at = At::parse_rfc3339("2026-12-01T10:12:30+08:00").unwrap();
        outbox.lay(at, "m1", "13800000000", "您好").unwrap();
        outbox.lay(at, "m1", "13800000000", "您好").unwrap();
        let names: Vec<_> = std::fs::read_dir(folder.path().join("outbox")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["2026-12-01T101230-m1.txt"]);
    }
}
