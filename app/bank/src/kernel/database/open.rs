//! Opens the pools of either engine with their time limits, brings the schema up to date, checks the file of SQLite and
//! keeps its statistics fresh.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool};

use super::Db;
use super::setup::SetupLock;
use crate::kernel::failure::Failure;

/// Connections a PostgreSQL node keeps at most in each of its two pools.
const POSTGRES_CONNECTIONS: u32 = 12;

/// Connections that read the SQLite file.
const SQLITE_READERS: u32 = 8;

/// How long a request waits for a connection, or for a lock of another process.
const WAIT: Duration = Duration::from_secs(2);

/// How long a request waits for the one writer of SQLite: one wait for a lock held elsewhere, and the queue before it.
const WRITER_WAIT: Duration = Duration::from_secs(5);

/// Time limits PostgreSQL itself keeps. No statement of a page takes seconds.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "10s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "15s")];

/// The limits lifted: for a migration and for waiting in line.
const NO_LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, Failure> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(path.trim_start_matches("//")).await;
        }
        let options = PgConnectOptions::from_str(url)?.options(LIMITS);
        let pool = || PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(WAIT);
        let writers = pool().connect_with(options.clone()).await?;
        let readers = pool().connect_with(options.options([("default_transaction_read_only", "on")])).await?;
        Ok(Self::Postgres { writers, readers })
    }

    async fn open_sqlite(path: &str) -> Result<Self, Failure> {
        // FULL: a commit waits for the disk, so an acknowledged booking survives a power cut. Recursive triggers: a row
        // that REPLACE deletes fires the DELETE triggers.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("recursive_triggers", "ON")
            .busy_timeout(WAIT);
        // Two processes that switch a new file to WAL at the same time would block each other.
        let _one_at_a_time = SetupLock::on_file(path.as_ref()).await?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITER_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(WAIT)
            .connect_with(options.pragma("query_only", "true"))
            .await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Brings the schema up to date: the shared steps and those of the engine, in one sequence of numbers. Processes that
    /// do this at once on one database do it one after the other.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let both = sqlx::migrate!("migrations/both");
        match self {
            Self::Sqlite { writer, .. } => {
                let _one_at_a_time = self.setup_lock().await.map_err(|failure| MigrateError::Source(failure.into()))?;
                joined(&both, &sqlx::migrate!("migrations/sqlite")).run(writer).await
            }
            Self::Postgres { writers, .. } => {
                // The library takes an advisory lock of its own.
                let mut conn = unlimited(writers).await?;
                joined(&both, &sqlx::migrate!("migrations/postgres")).run(&mut conn).await
            }
        }
    }

    /// Makes sure that no other process migrates or loads the demo bank until the lock is dropped.
    pub async fn setup_lock(&self) -> Result<SetupLock, Failure> {
        match self {
            Self::Sqlite { writer, .. } => SetupLock::on_file(writer.connect_options().get_filename()).await,
            Self::Postgres { writers, .. } => SetupLock::of_session(unlimited(writers).await?).await,
        }
    }

    /// What is wrong with the file, if anything: the quick check of SQLite. PostgreSQL looks after its own files.
    pub async fn damage(&self) -> Result<Option<String>, Failure> {
        let Self::Sqlite { readers, .. } = self else { return Ok(None) };
        let checked: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(readers).await;
        match checked {
            Ok(said) if said == "ok" => Ok(None),
            Ok(said) => Ok(Some(said)),
            Err(error) => {
                let failure = Failure::Database(error);
                if failure.is_damage() { Ok(Some(failure.to_string())) } else { Err(failure) }
            }
        }
    }

    /// Lets SQLite bring the statistics its query planner uses up to date; PostgreSQL does that by itself.
    pub async fn optimize(&self) -> Result<(), Failure> {
        if let Self::Sqlite { writer, .. } = self {
            // Bit 0x10000 analyses every table, not only those that this connection has queried.
            sqlx::raw_sql("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002").execute(writer).await?;
        }
        Ok(())
    }
}

/// A connection of its own without time limits.
async fn unlimited(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    PgConnection::connect_with(&pool.connect_options().as_ref().clone().options(NO_LIMITS)).await
}

fn joined(both: &Migrator, engine: &Migrator) -> Migrator {
    let steps: Vec<Migration> = both.iter().chain(engine.iter()).cloned().collect();
    Migrator::with_migrations(steps)
}
