//! The lock that lets one process at a time create, migrate or load a database when several start together.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use sqlx::PgConnection;

use crate::kernel::failure::Failure;

/// Key of the PostgreSQL advisory lock: "lobby" in ASCII.
const ADVISORY: i64 = 0x6c_6f62_6279;

/// Interval between attempts to take the lock file.
const EVERY: Duration = Duration::from_millis(20);

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
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let failed = |error: std::io::Error| Failure::Host(format!("lock file {}: {error}", Path::new(&path).display()));
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
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

    /// Takes the advisory lock; it is released when the session ends.
    pub(super) async fn of_session(mut session: PgConnection) -> Result<Self, Failure> {
        sqlx::query("SELECT pg_advisory_lock($1)").bind(ADVISORY).execute(&mut session).await?;
        Ok(Self(LockHolder::Session(session)))
    }
}
