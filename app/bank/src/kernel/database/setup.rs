//! The locks that let one process at a time create, migrate or load a database when several start together, and import.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::PgConnection;

use crate::kernel::failure::Failure;

/// Key of the PostgreSQL advisory lock: "lobby" in ASCII.
const ADVISORY: i64 = 0x6c_6f62_6279;

/// Key of the advisory lock of imports: "import".
const ADVISORY_IMPORT: i64 = 0x696d_706f_7274;

/// Interval between attempts to take the lock file.
const EVERY: Duration = Duration::from_millis(20);

/// Attempts to take the advisory lock of imports: a second.
const IMPORT_TRIES: u32 = 50;

/// The lock is released when this is dropped or the process ends.
#[derive(Debug)]
pub struct SetupLock(#[expect(dead_code, reason = "held for what its drop does")] LockHolder);

#[derive(Debug)]
#[expect(dead_code, reason = "held for what their drop does")]
enum LockHolder {
    File(File),
    Session(PgConnection),
}

impl SetupLock {
    /// Locks the file `<database>.lock` beside an SQLite database.
    pub(super) async fn on_file(database: &Path) -> Result<Self, Failure> {
        let (file, failed) = lock_file(database, ".lock")?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(LockHolder::File(file))),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        tracing::info!("another process sets this database up; waiting for it");
                        told = true;
                    }
                    tokio::time::sleep(EVERY).await;
                }
            }
        }
    }

    /// Locks the file `<database>.import.lock`; `None` if another process holds it.
    pub(super) fn import_on_file(database: &Path) -> Result<Option<Self>, Failure> {
        let (file, failed) = lock_file(database, ".import.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(LockHolder::File(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Takes the advisory lock of imports; `None` if another session keeps it. A session that has just ended may hold it a
    /// moment longer.
    pub(super) async fn import_of_session(mut session: PgConnection) -> Result<Option<Self>, Failure> {
        for _ in 0..IMPORT_TRIES {
            let taken: bool =
                sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(ADVISORY_IMPORT).fetch_one(&mut session).await?;
            if taken {
                return Ok(Some(Self(LockHolder::Session(session))));
            }
            tokio::time::sleep(EVERY).await;
        }
        Ok(None)
    }

    /// Takes the advisory lock; it is released when the session ends.
    pub(super) async fn of_session(mut session: PgConnection) -> Result<Self, Failure> {
        sqlx::query("SELECT pg_advisory_lock($1)").bind(ADVISORY).execute(&mut session).await?;
        Ok(Self(LockHolder::Session(session)))
    }
}

/// Opens the lock file beside a database, and words its errors.
fn lock_file(database: &Path, ending: &str) -> Result<(File, impl Fn(std::io::Error) -> Failure), Failure> {
    let mut path = database.as_os_str().to_owned();
    path.push(ending);
    let path = PathBuf::from(path);
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let failed = move |error: std::io::Error| Failure::Host(format!("lock file {}: {error}", path.display()));
    match opened {
        Ok(file) => Ok((file, failed)),
        Err(error) => Err(failed(error)),
    }
}
