//! The database: one enum over both engines, the same SQL text on both, and the only place that begins a write
//! transaction. The SQL of a capability is in its private `records.rs`, not here.
//!
//! Reading order: this file (pools, transactions, retries), `open.rs` (time limits and options of each engine),
//! `conn.rs` (statements), `args.rs` (bound values), `setup.rs` (one process at a time migrates or loads).

mod args;
mod conn;
mod open;
mod setup;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scoped_futures::ScopedBoxFuture;
use sqlx::{PgPool, SqlitePool};

pub use self::args::Arg;
pub use self::conn::Conn;
pub use self::setup::SetupLock;
use super::failure::{Failure, Rejected};
pub use super::tx::Tx;
use super::tx::Unit;

/// How often a write transaction is tried in all: it runs again after a deadlock or serialisation failure (PostgreSQL
/// 40P01, 40001) and after its connection was lost before COMMIT.
const WRITE_TRIES: u32 = 4;

/// How long `/readyz` waits for both pools.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// A database of either engine. Cloning shares the pools.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer and several readers on one embedded file in WAL mode.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that may only read.
        readers: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Connections for write transactions.
        writers: PgPool,
        /// Read-only connections. They are a separate pool, so that holding one while waiting for the writer cannot
        /// deadlock.
        readers: PgPool,
    },
}

/// Which engine, for the few places where the text must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Db {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A connection that can only read. A statement whose connection was lost runs again on another.
    pub async fn read(&self) -> Result<Conn, Failure> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::sqlite(readers.acquire().await?),
            Self::Postgres { readers, .. } => Conn::reading(readers).await?,
        })
    }

    async fn begin(&self) -> Result<Conn, Failure> {
        let conn = match self {
            Self::Sqlite { writer, .. } => Conn::sqlite(writer.acquire().await?),
            Self::Postgres { writers, .. } => Conn::postgres(writers.acquire().await?),
        };
        conn.begin().await
    }

    /// Runs `work` in one write transaction and commits when it is `Ok`; gives the cases it changed with its result. The
    /// only place that begins one. Work takes its rows in one order (slot, cash total, notes 100 … 1); should two still
    /// meet on PostgreSQL, it runs again, as it does when the connection was lost before COMMIT.
    pub(super) async fn write<'a, T, R, F>(
        &self,
        unit: &Unit,
        name: &'static str,
        mut work: F,
    ) -> Result<(T, Vec<String>), Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let mut tries = 1;
        loop {
            let failure = match self.attempt(unit, &mut work).await {
                Err(Rejected::Unexpected(failure)) => failure,
                decided => return decided,
            };
            if !(failure.is_conflict() || failure.is_lost()) || tries == WRITE_TRIES {
                return Err(Rejected::Unexpected(failure));
            }
            tracing::warn!(transaction = name, tries, error = %failure, "a write transaction runs again");
            tries += 1;
        }
    }

    async fn attempt<'a, T, R, F>(&self, unit: &Unit, work: &mut F) -> Result<(T, Vec<String>), Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let mut tx = Tx::new(self.begin().await?, unit);
        let outcome = work(&mut tx).await;
        let (conn, changed) = tx.into_parts();
        match outcome {
            Ok(done) => {
                conn.commit().await?;
                Ok((done, changed))
            }
            Err(rejected) => {
                conn.rollback().await;
                Err(rejected)
            }
        }
    }

    /// Whether the database can be read and a write transaction can begin, within two seconds (`/readyz`).
    pub async fn ready(&self) -> Result<(), Failure> {
        let probe = async {
            self.read().await?.ping().await?;
            self.begin().await?.rollback().await;
            Ok(())
        };
        tokio::time::timeout(READY_WITHIN, probe).await.unwrap_or(Err(Failure::Database(sqlx::Error::PoolTimedOut)))
    }

    /// Closes every connection; waits for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

static ROUND_TRIPS: AtomicU64 = AtomicU64::new(0);

/// Statements sent to a database by this process so far (`make bench` prints those of a booking).
pub fn round_trips() -> u64 {
    ROUND_TRIPS.load(Ordering::Relaxed)
}

fn count_round_trip() {
    ROUND_TRIPS.fetch_add(1, Ordering::Relaxed);
}
