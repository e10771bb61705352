//! The database: one enum over both engines, the same SQL text on both, and the only place that begins a write
//! transaction. A capability keeps its SQL in its own private `records.rs`.
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
use super::tx::TxContext;

/// Attempts per write transaction. It runs again after a deadlock or serialisation failure (PostgreSQL 40P01, 40001) and
/// after its connection was lost before COMMIT.
const WRITE_TRIES: u32 = 4;

/// Time limit of the `/readyz` check for both pools.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// A database of either engine. Clones share the pools.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer and several readers of one embedded file in WAL mode.
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

/// Selects the SQL text where the engines need different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Db {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A read-only connection. On PostgreSQL a statement whose connection was lost runs again on another one.
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

    /// Runs `work` in one write transaction and commits if it returns `Ok`. Returns the result and the cases it changed.
    /// To avoid deadlocks, `work` locks its rows in one order (slot, cash total, notes 100 … 1). A remaining deadlock or
    /// serialisation failure on PostgreSQL, or a connection lost before COMMIT, makes it run again.
    pub(super) async fn write<'a, T, R, F>(
        &self,
        tx_context: &TxContext,
        name: &'static str,
        mut work: F,
    ) -> Result<(T, Vec<String>), Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let mut tries = 1;
        loop {
            let failure = match self.attempt(tx_context, &mut work).await {
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

    async fn attempt<'a, T, R, F>(&self, tx_context: &TxContext, work: &mut F) -> Result<(T, Vec<String>), Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let mut tx = Tx::new(self.begin().await?, tx_context);
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

    /// Checks for `/readyz` that the database can be read and that a write transaction can begin, within two seconds.
    pub async fn ready(&self) -> Result<(), Failure> {
        let probe = async {
            self.read().await?.ping().await?;
            self.begin().await?.rollback().await;
            Ok(())
        };
        tokio::time::timeout(READY_WITHIN, probe).await.unwrap_or(Err(Failure::Database(sqlx::Error::PoolTimedOut)))
    }

    /// Closes all connections after waiting for those in use.
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

/// Number of statements this process has sent to a database so far (`make bench` reports those of one booking).
pub fn round_trips() -> u64 {
    ROUND_TRIPS.load(Ordering::Relaxed)
}

fn count_round_trip() {
    ROUND_TRIPS.fetch_add(1, Ordering::Relaxed);
}
