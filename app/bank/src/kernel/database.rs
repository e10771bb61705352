//! The database: one enum over both engines, the same SQL text on both, and the only place that begins a write
//! transaction. No SQL of any capability stands here; that is in each capability's private `records.rs`.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scoped_futures::ScopedBoxFuture;
use sqlx::migrate::{Migration, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{
    Arguments, Connection, FromRow, PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqliteConnection, SqlitePool, Transaction,
};

use super::failure::{Failure, Rejected};
use super::tx::Unit;

pub use super::tx::Tx;

/// How often a write transaction is run again after a deadlock or serialisation failure (PostgreSQL 40P01, 40001).
const WRITE_TRIES: u32 = 4;

/// Connections a PostgreSQL node keeps at most.
const POSTGRES_CONNECTIONS: u32 = 20;

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
    /// A PostgreSQL pool.
    Postgres(PgPool),
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
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, sqlx::Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(path).await;
        }
        let options = PgConnectOptions::from_str(url)?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    async fn open_sqlite(path: &str) -> Result<Self, sqlx::Error> {
        // FULL: an acknowledged booking survives a power cut.
        let options = SqliteConnectOptions::new()
            .filename(path.trim_start_matches("//"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_mins(1))
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.pragma("query_only", "true"))
            .await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the schema up to date: the shared steps and those of the engine, in one sequence of numbers.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        let both = sqlx::migrate!("migrations/both");
        match self {
            Self::Sqlite { writer, .. } => joined(&both, &sqlx::migrate!("migrations/sqlite")).run(writer).await,
            Self::Postgres(pool) => joined(&both, &sqlx::migrate!("migrations/postgres")).run(pool).await,
        }
    }

    /// A connection for reading; on SQLite it cannot write.
    pub async fn read(&self) -> Result<Conn, Failure> {
        Ok(Conn(match self {
            Self::Sqlite { readers, .. } => Held::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        }))
    }

    async fn begin(&self) -> Result<Conn, Failure> {
        count_round_trip();
        Ok(Conn(match self {
            Self::Sqlite { writer, .. } => Held::SqliteTx(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Held::PostgresTx(pool.begin().await?),
        }))
    }

    /// Runs `work` in one write transaction and commits when it is `Ok`; gives the cases it changed with its result. The
    /// only place that begins one. Work takes its rows in one order (slot, cash total, notes 100 … 1); should two still
    /// meet on PostgreSQL, it is run again.
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
            if !failure.is_conflict() || tries == WRITE_TRIES {
                return Err(Rejected::Unexpected(failure));
            }
            tracing::warn!(transaction = name, tries, "a write transaction met another and runs again");
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
                conn.rollback().await?;
                Err(rejected)
            }
        }
    }

    /// Closes every connection; waits for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn joined(both: &Migrator, engine: &Migrator) -> Migrator {
    let steps: Vec<Migration> = both.iter().chain(engine.iter()).cloned().collect();
    Migrator::with_migrations(steps)
}

static ROUND_TRIPS: AtomicU64 = AtomicU64::new(0);

/// Statements sent to a database by this process so far (`make bench` prints those of a booking).
pub fn round_trips() -> u64 {
    ROUND_TRIPS.load(Ordering::Relaxed)
}

fn count_round_trip() {
    ROUND_TRIPS.fetch_add(1, Ordering::Relaxed);
}

/// A connection, in a transaction or not.
pub struct Conn(Held);

enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

enum Line<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    async fn commit(self) -> Result<(), sqlx::Error> {
        count_round_trip();
        match self.0 {
            Held::SqliteTx(tx) => tx.commit().await,
            Held::PostgresTx(tx) => tx.commit().await,
            Held::Sqlite(_) | Held::Postgres(_) => Ok(()),
        }
    }

    async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.0 {
            Held::SqliteTx(tx) => tx.rollback().await,
            Held::PostgresTx(tx) => tx.rollback().await,
            Held::Sqlite(_) | Held::Postgres(_) => Ok(()),
        }
    }
}

/// A value bound to a placeholder: the four kinds both engines have.
#[derive(Clone, Debug)]
pub enum Arg {
    /// TEXT
    Text(Option<String>),
    /// BIGINT
    Int(Option<i64>),
    /// BOOLEAN
    Bool(bool),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}
impl From<Option<String>> for Arg {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Option<&str>> for Arg {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}
impl From<Option<i64>> for Arg {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Arg {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

/// Collects the values of a statement: `args![id, day, amount]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::kernel::database::Arg::from($value)),*] };
}

fn bind<A: Arguments>(args: Vec<Arg>) -> Result<A, sqlx::Error>
where
    for<'q> Option<String>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    for<'q> Option<i64>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    for<'q> bool: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    let mut bound = A::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text),
            Arg::Int(number) => bound.add(number),
            Arg::Bool(flag) => bound.add(flag),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

impl Conn {
    fn line(&mut self) -> Line<'_> {
        count_round_trip();
        match &mut self.0 {
            Held::Sqlite(conn) => Line::Sqlite(conn),
            Held::SqliteTx(tx) => Line::Sqlite(tx),
            Held::Postgres(conn) => Line::Postgres(conn),
            Held::PostgresTx(tx) => Line::Postgres(tx),
        }
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        match self.0 {
            Held::Sqlite(_) | Held::SqliteTx(_) => Engine::Sqlite,
            Held::Postgres(_) | Held::PostgresTx(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; gives the number of rows it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<u64, Failure> {
        Ok(match self.line() {
            Line::Sqlite(line) => {
                sqlx::query_with::<Sqlite, _>(sql, bind::<SqliteArguments>(args)?).execute(line).await?.rows_affected()
            }
            Line::Postgres(line) => {
                sqlx::query_with::<Postgres, _>(sql, bind::<PgArguments>(args)?).execute(line).await?.rows_affected()
            }
        })
    }

    /// All rows.
    pub async fn fetch_all<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<Row>, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        Ok(match self.line() {
            Line::Sqlite(line) => {
                sqlx::query_as_with::<Sqlite, Row, _>(sql, bind::<SqliteArguments>(args)?).fetch_all(line).await?
            }
            Line::Postgres(line) => {
                sqlx::query_as_with::<Postgres, Row, _>(sql, bind::<PgArguments>(args)?).fetch_all(line).await?
            }
        })
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Option<Row>, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        Ok(match self.line() {
            Line::Sqlite(line) => {
                sqlx::query_as_with::<Sqlite, Row, _>(sql, bind::<SqliteArguments>(args)?).fetch_optional(line).await?
            }
            Line::Postgres(line) => {
                sqlx::query_as_with::<Postgres, Row, _>(sql, bind::<PgArguments>(args)?).fetch_optional(line).await?
            }
        })
    }

    /// Exactly one row; none is a failure.
    pub async fn fetch_one<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Row, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.fetch_optional(sql, args).await?.ok_or(Failure::Database(sqlx::Error::RowNotFound))
    }

    /// Whether the connection still answers (`/readyz`).
    pub async fn ping(&mut self) -> Result<(), Failure> {
        match self.line() {
            Line::Sqlite(line) => line.ping().await?,
            Line::Postgres(line) => line.ping().await?,
        }
        Ok(())
    }
}
