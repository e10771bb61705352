//! Opens the pools of either engine with their time limits, migrates the schema, checks the SQLite file for damage and
//! updates the planner statistics.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Executor, PgConnection};

use super::Db;
use super::group::{Grouping, WriterQueue};
use super::kept::{KeptPool, LostConnections};
use super::setup::SetupLock;
use crate::kernel::failure::Failure;

/// Number of connections in use at a time of each of the two PostgreSQL pools of a node.
const POSTGRES_CONNECTIONS: u32 = 12;

/// Number of connections that the readers' pool has besides, for the one that listens to other nodes.
const LISTENERS: u32 = 1;

/// Number of connections that read the SQLite file.
const SQLITE_READERS: u32 = 8;

/// Number of connections that read the lists of the desk, on either engine. Their pages cannot take the connections that
/// customers need.
pub(super) const DESK_READERS: u32 = 3;

/// Time limit for getting one of them. Whoever waits longer is told to try again.
const DESK_WAIT: Duration = Duration::from_millis(700);

/// Time limit of the statements of one page of the desk.
pub(super) const DESK_LIMIT: Duration = Duration::from_secs(2);

/// Time limit for getting a connection, or a lock held by another process.
const WAIT: Duration = Duration::from_secs(2);

/// Time limit for getting the only writer of SQLite: the queue of this process plus one lock wait.
pub(super) const WRITER_WAIT: Duration = Duration::from_secs(5);

/// Settings of every connection to PostgreSQL: time limits that it enforces itself (no statement of a page takes seconds), and
/// one plan a statement, made once a connection, instead of a new one for the values of each run: making one takes longer than
/// running it. The tests of plans look at such plans, too.
const SETTINGS: [(&str, &str); 4] = [
    ("statement_timeout", "10s"),
    ("lock_timeout", "2s"),
    ("idle_in_transaction_session_timeout", "15s"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// No time limits: for migrations and for waiting for the set-up lock.
const NO_LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];

impl Db {
    /// Opens `sqlite:PATH` (the file is created if missing) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, Failure> {
        Self::open_grouping(url, Grouping::default()).await
    }

    /// The same with another way to group transactions on SQLite: for benches and tests.
    pub async fn open_grouping(url: &str, grouping: Grouping) -> Result<Self, Failure> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(path.trim_start_matches("//"), grouping).await;
        }
        let options = PgConnectOptions::from_str(url)?.options(SETTINGS);
        // `Db` itself pings a connection before its use where it must (`LostConnections`).
        let pool = |most: u32, wait| PgPoolOptions::new().max_connections(most).acquire_timeout(wait).test_before_acquire(false);
        let writers = pool(POSTGRES_CONNECTIONS, WAIT).connect_with(options.clone()).await?;
        let reading = options.options([("default_transaction_read_only", "on")]);
        let readers = pool(POSTGRES_CONNECTIONS + LISTENERS, WAIT).connect_with(reading.clone()).await?;
        let desk = pool(DESK_READERS, DESK_WAIT)
            .connect_lazy_with(reading.options([("statement_timeout", format!("{}ms", DESK_LIMIT.as_millis()))]));
        Ok(Self::Postgres {
            writers: KeptPool::new(writers, POSTGRES_CONNECTIONS, WAIT),
            readers: KeptPool::new(readers, POSTGRES_CONNECTIONS, WAIT),
            desk: KeptPool::new(desk, DESK_READERS, DESK_WAIT),
            lost: LostConnections::default(),
            counters: Arc::default(),
        })
    }

    async fn open_sqlite(path: &str, grouping: Grouping) -> Result<Self, Failure> {
        // FULL: a commit waits for the disk, so a committed booking survives a power cut. Recursive triggers: a row that
        // REPLACE deletes fires the DELETE triggers.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("recursive_triggers", "ON")
            .busy_timeout(WAIT);
        // Two processes that switch a new file to WAL mode at the same time would block each other.
        let _one_at_a_time = SetupLock::on_file(path.as_ref()).await?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(WRITER_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .test_before_acquire(false)
            .acquire_timeout(WAIT)
            .connect_with(options.clone().pragma("query_only", "true"))
            .await?;
        let desk = SqlitePoolOptions::new()
            .max_connections(DESK_READERS)
            .test_before_acquire(false)
            .acquire_timeout(DESK_WAIT)
            .connect_lazy_with(options.pragma("query_only", "true"));
        let counters = Arc::default();
        let queue = WriterQueue::start(writer.clone(), grouping, Arc::clone(&counters));
        let readers = KeptPool::new(readers, SQLITE_READERS, WAIT);
        let desk = KeptPool::new(desk, DESK_READERS, DESK_WAIT);
        Ok(Self::Sqlite { writer, readers, desk, queue, counters })
    }

    /// Migrates the schema: the shared migrations and those of the engine, in one sequence of numbers. A lock serialises
    /// processes that migrate the same database.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        self.migrate_to(newest_schema()).await
    }

    /// Migrates the schema up to this number, for a backup of an earlier release.
    pub async fn migrate_to(&self, schema: i64) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite { writer, .. } => {
                let _one_at_a_time = self.setup_lock().await.map_err(|failure| MigrateError::Source(failure.into()))?;
                sqlite_steps(schema).run(writer).await
            }
            Self::Postgres { writers, .. } => {
                // sqlx takes an advisory lock of its own.
                let mut conn = unlimited(writers.pool()).await?;
                postgres_steps(schema).run(&mut conn).await
            }
        }
    }

    /// Waits for and takes the lock that lets one process at a time migrate or load the demo bank.
    pub async fn setup_lock(&self) -> Result<SetupLock, Failure> {
        match self {
            Self::Sqlite { writer, .. } => SetupLock::on_file(writer.connect_options().get_filename()).await,
            Self::Postgres { writers, .. } => SetupLock::of_session(unlimited(writers.pool()).await?).await,
        }
    }

    /// Takes the lock that lets one import run at a time; `None` if another one is running.
    pub async fn import_lock(&self) -> Result<Option<SetupLock>, Failure> {
        match self {
            Self::Sqlite { writer, .. } => SetupLock::import_on_file(writer.connect_options().get_filename()),
            Self::Postgres { writers, .. } => SetupLock::import_of_session(unlimited(writers.pool()).await?).await,
        }
    }

    /// The first problem that SQLite's quick check finds in the file, if any. PostgreSQL checks its own files.
    pub async fn damage(&self) -> Result<Option<String>, Failure> {
        let Self::Sqlite { readers, .. } = self else { return Ok(None) };
        let checked: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(readers.pool()).await;
        match checked {
            Ok(said) if said == "ok" => Ok(None),
            Ok(said) => Ok(Some(said)),
            Err(error) => {
                let failure = Failure::Database(error);
                if failure.is_damage() { Ok(Some(failure.to_string())) } else { Err(failure) }
            }
        }
    }

    /// Updates the statistics of SQLite's query planner. PostgreSQL does that by itself.
    pub async fn optimize(&self) -> Result<(), Failure> {
        if let Self::Sqlite { writer, .. } = self {
            // Bit 0x10000 analyses all tables, not only those this connection has queried.
            sqlx::raw_sql("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002").execute(writer).await?;
        }
        Ok(())
    }
}

impl Db {
    /// After a load of many rows: statistics for the planner, and on PostgreSQL the visibility map, without which no index is
    /// read alone.
    pub async fn settle_after_load(&self) -> Result<(), Failure> {
        if let Self::Postgres { writers, .. } = self {
            unlimited(writers.pool()).await?.execute("VACUUM ANALYZE").await?;
        }
        self.optimize().await
    }
}

/// A separate connection without time limits.
async fn unlimited(pool: &sqlx::PgPool) -> Result<PgConnection, sqlx::Error> {
    PgConnection::connect_with(&pool.connect_options().as_ref().clone().options(NO_LIMITS)).await
}

fn both_steps() -> Migrator {
    sqlx::migrate!("migrations/both")
}

fn sqlite_steps(schema: i64) -> Migrator {
    up_to(schema, &sqlx::migrate!("migrations/sqlite"))
}

fn postgres_steps(schema: i64) -> Migrator {
    up_to(schema, &sqlx::migrate!("migrations/postgres"))
}

/// The shared migrations and those of an engine, up to this number.
fn up_to(schema: i64, engine: &Migrator) -> Migrator {
    let both = both_steps();
    let steps: Vec<Migration> = both.iter().chain(engine.iter()).filter(|step| step.version <= schema).cloned().collect();
    Migrator::with_migrations(steps)
}

/// The number of the last migration this program knows.
pub fn newest_schema() -> i64 {
    // Both engines have the same numbers.
    sqlite_steps(i64::MAX).iter().map(|step| step.version).max().unwrap_or_default()
}
