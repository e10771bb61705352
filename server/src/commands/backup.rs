//! `lobby backup`: writes all data of the bank to a new file, as of one moment. The portal may be running. The keys are not in
//! the file.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bank::kernel::archive::{self, Summary};
use bank::kernel::bank::Clock;
use bank::kernel::database::Db;

use crate::config::Settings;
use crate::host;

/// Bytes buffered between the database and the file.
const BUFFER: usize = 1 << 18;

pub async fn run(settings: &Settings, to: &Path) -> anyhow::Result<()> {
    let db = host::open_existing(settings).await?;
    let (path, written) = write(&db, &host::clock(None), to).await?;
    db.close().await;
    println!("{} rows of {} tables are in {}.", written.all_rows, written.tables, path.display());
    println!(
        "The keys are not: without the files seal*.key of {} nobody can read ID and phone numbers. Keep copies of them elsewhere.",
        settings.data.display()
    );
    Ok(())
}

/// Writes a backup to a new file, or to a new file in this folder; returns its path. The file is complete and on the disk when
/// this returns, and was read once to verify that. On an error it is removed.
pub async fn write(db: &Db, clock: &Arc<dyn Clock>, to: &Path) -> anyhow::Result<(PathBuf, Summary)> {
    let now = clock.now();
    let path = if to.is_dir() {
        let time = now.time();
        to.join(format!("lobby-{}-{:02}{:02}{:02}.backup", now.day(), time.hour(), time.minute(), time.second()))
    } else {
        to.to_owned()
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Only the owner may read it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).with_context(|| format!("{} cannot be created", path.display()))?;
    let written = async {
        archive::write(db, now, BufWriter::with_capacity(BUFFER, &file)).await?;
        file.sync_all()?;
        sync_folder(&path)?;
        let (_, summary) = archive::verify(BufReader::with_capacity(BUFFER, File::open(&path)?))?;
        anyhow::Ok(summary)
    }
    .await;
    if written.is_err() {
        fs::remove_file(&path).with_context(|| format!("{} is incomplete and cannot be removed", path.display()))?;
    }
    Ok((path, written?))
}

/// The name of a new file survives a power cut, too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Other systems write names at once.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
