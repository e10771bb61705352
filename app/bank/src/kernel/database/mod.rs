//! The database: one enum over both engines, the same SQL text on both, and the only place that begins a write
//! transaction. A capability keeps its SQL in its own private `records.rs`.
//!
//! Reading order: this file (pools, transactions, retries), `open.rs` (time limits and options of each engine), `kept.rs`
//! (connections between two uses), `group.rs` (SQLite: transactions that share a commit), `conn.rs` (statements),
//! `together.rs` (several statements in one round trip), `args.rs` (bound values), `counters.rs` (what was sent), `setup.rs`
//! (one process at a time migrates or loads).

mod args;
mod conn;
mod counters;
mod group;
mod kept;
mod open;
mod setup;
mod together;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use scoped_futures::ScopedBoxFuture;
use sqlx::{Postgres, Sqlite, SqlitePool};

pub use self::args::Arg;
pub use self::conn::Conn;
pub use self::counters::{Counted, Counters, Sent};
pub use self::group::{Grouping, WriterQueue};
pub use self::kept::{KeptPool, LostConnections};
pub use self::open::newest_schema;
pub use self::setup::SetupLock;
pub use self::together::{Part, PartRow, Reads, Rows, Slot, Statement};
use super::failure::{Failure, Rejected};
pub use super::tx::Tx;
use super::tx::TxContext;

/// Attempts per write transaction. It runs again after a deadlock or serialisation failure (PostgreSQL 40P01, 40001) and
/// after its connection was lost before COMMIT.
const WRITE_TRIES: u32 = 4;

/// Time limit of the `/readyz` check for both pools.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// A connection to an embedded file cannot be lost.
fn never(_idle: Duration) -> bool {
    false
}

/// A database of either engine. Clones share the pools.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer and several readers of one embedded file in WAL mode.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that may only read.
        readers: KeptPool<Sqlite>,
        /// The transactions waiting for the writer.
        queue: WriterQueue,
        counters: Arc<Counters>,
        /// Connections that read the lists of the desk.
        desk: KeptPool<Sqlite>,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Connections for write transactions.
        writers: KeptPool<Postgres>,
        /// Read-only connections. They are a separate pool, so that holding one while waiting for the writer cannot
        /// deadlock.
        readers: KeptPool<Postgres>,
        /// Losses of connections of both pools.
        lost: LostConnections,
        counters: Arc<Counters>,
        /// Read-only connections for the lists of the desk, with a shorter time limit of statements.
        desk: KeptPool<Postgres>,
    },
}

/// Selects the SQL text where the engines need different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
            Self::Sqlite { readers, counters, .. } => Conn::sqlite(readers.take(never).await?, counters),
            Self::Postgres { readers, lost, counters, .. } => Conn::reading(readers, lost, counters).await?,
        })
    }

    /// A read-only connection for a list of the desk. There are few of them, and their statements have a time limit of their own,
    /// so that slow lists cannot starve the pages of customers. [`Failure::DeskBusy`] if none is free in time.
    pub async fn read_desk(&self) -> Result<Conn, Failure> {
        let busy = |error| if matches!(error, sqlx::Error::PoolTimedOut) { Failure::DeskBusy } else { error.into() };
        match self {
            Self::Sqlite { desk, counters, .. } => {
                let mut conn = desk.take(never).await.map_err(busy)?;
                let ends = Instant::now() + open::DESK_LIMIT;
                // The handler of the previous user is replaced. It runs every 10,000 steps of SQLite's virtual machine, that is
                // every millisecond or less.
                conn.lock_handle().await?.set_progress_handler(10_000, move || Instant::now() < ends);
                Ok(Conn::sqlite(conn, counters))
            }
            Self::Postgres { desk, lost, counters, .. } => Conn::reading(desk, lost, counters).await.map_err(busy),
        }
    }

    /// A connection that sees one state of the database until it is dropped, without time limits, for checks and backups.
    pub async fn snapshot(&self) -> Result<Conn, Failure> {
        self.read().await?.begin_snapshot().await
    }

    /// Begins a write transaction; `first`: on SQLite as the first of its group.
    async fn begin(&self, first: bool) -> Result<Conn, Failure> {
        match self {
            Self::Sqlite { queue, counters, .. } => Ok(Conn::lent(queue.lease(first).await?, counters)),
            Self::Postgres { writers, counters, lost, .. } => {
                Conn::begin(writers.take(|idle| lost.doubt(idle)).await?, counters).await
            }
        }
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
            if let Self::Postgres { lost, .. } = self
                && failure.is_lost()
            {
                lost.note();
            }
            if !(failure.is_conflict() || failure.is_lost()) || tries == WRITE_TRIES {
                return Err(Rejected::Unexpected(failure));
            }
            self.counters().reruns.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(transaction = name, tries, error = %failure, "a write transaction runs again");
            tries += 1;
        }
    }

    async fn attempt<'a, T, R, F>(&self, tx_context: &TxContext, work: &mut F) -> Result<(T, Vec<String>), Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        match self.run(tx_context, work, false).await? {
            Some(decided) => Ok(decided),
            // It has kept others of its group waiting too long. Alone it has no time limit.
            None => self.run(tx_context, work, true).await?.ok_or(Rejected::Unexpected(Failure::TooSlow)),
        }
    }

    /// Runs `work` in a transaction; `None` if it exceeded the time limit of the transaction and was rolled back.
    async fn run<'a, T, R, F>(
        &self,
        tx_context: &TxContext,
        work: &mut F,
        first: bool,
    ) -> Result<Option<(T, Vec<String>)>, Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let mut tx = Tx::new(self.begin(first).await?, tx_context);
        let limit = tx.time_limit();
        let whole = async {
            let done = work(&mut tx).await?;
            tx.send_later().await?;
            Ok(done)
        };
        let outcome = match limit {
            None => whole.await,
            Some(limit) => match tokio::time::timeout(limit, whole).await {
                Ok(outcome) => outcome,
                Err(_) => return Ok(None),
            },
        };
        let (conn, changed) = tx.into_parts();
        match outcome {
            Ok(done) => {
                conn.commit().await?;
                Ok(Some((done, changed)))
            }
            Err(Rejected::Refused(refused)) => {
                conn.rollback().await?;
                Err(Rejected::Refused(refused))
            }
            // What others of the group wrote makes no difference to a failure.
            Err(Rejected::Unexpected(failure)) => {
                let _ = conn.rollback().await;
                Err(Rejected::Unexpected(failure))
            }
        }
    }

    /// Checks for `/readyz` that the database can be read and that a write transaction can begin, within two seconds.
    pub async fn ready(&self) -> Result<(), Failure> {
        let probe = async {
            self.read().await?.ping().await?;
            self.begin(false).await?.rollback().await
        };
        tokio::time::timeout(READY_WITHIN, probe).await.unwrap_or(Err(Failure::Database(sqlx::Error::PoolTimedOut)))
    }

    /// Closes all connections after waiting for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, desk, .. } => {
                desk.close().await;
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { writers, readers, desk, .. } => {
                desk.close().await;
                readers.close().await;
                writers.close().await;
            }
        }
    }
}
