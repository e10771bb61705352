//! A connection and its operations, with the same SQL text on both engines. A connection whose BEGIN, COMMIT or ROLLBACK
//! failed is closed, so that no half-open transaction returns to the pool.

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Connection, Executor, FromRow, PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqliteConnection};

use super::args::{Arg, bind};
use super::{Engine, count_round_trip};
use crate::kernel::failure::Failure;

/// How many times one reading connection may be replaced after it was lost.
const REPLACEMENTS: u32 = 3;

/// A connection, inside a transaction or outside one.
pub struct Conn {
    held: PooledConn,
    /// A transaction has begun and its end has not been acknowledged yet.
    open: bool,
    /// Read-only connections of PostgreSQL: the pool a replacement comes from, and how many replacements are left.
    replace: Option<(PgPool, u32)>,
}

enum PooledConn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

enum EngineConn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Drop for Conn {
    fn drop(&mut self) {
        if self.open {
            match &mut self.held {
                PooledConn::Sqlite(conn) => conn.close_on_drop(),
                PooledConn::Postgres(conn) => conn.close_on_drop(),
            }
        }
    }
}

impl Conn {
    /// Begins a transaction. Until it has ended successfully, dropping the connection closes it.
    pub(super) async fn begin(mut self) -> Result<Self, Failure> {
        self.open = true;
        let begin = match self.engine() {
            // Takes the write lock at once: a transaction that reads first may fail to upgrade its lock later.
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        self.control(begin).await?;
        Ok(self)
    }

    /// Commits. If the connection is lost during COMMIT the outcome is unknown: [`Failure::CommitUnknown`].
    pub(super) async fn commit(mut self) -> Result<(), Failure> {
        match self.control("COMMIT").await {
            Ok(()) => {
                self.open = false;
                Ok(())
            }
            Err(error) if Failure::is_lost_connection(&error) => Err(Failure::CommitUnknown(error)),
            Err(error) => Err(error.into()),
        }
    }

    /// Rolls back. If ROLLBACK fails (SQLite rolls back by itself when its disk is full), the connection is closed, which
    /// rolls back as well.
    pub(super) async fn rollback(mut self) {
        match self.control("ROLLBACK").await {
            Ok(()) => self.open = false,
            Err(error) => tracing::debug!(%error, "a connection is closed instead of rolled back"),
        }
    }

    async fn control(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self.engine_conn() {
            EngineConn::Sqlite(conn) => conn.execute(sql).await.map(|_| ()),
            EngineConn::Postgres(conn) => conn.execute(sql).await.map(|_| ()),
        }
    }
}

impl Conn {
    pub(super) fn sqlite(conn: PoolConnection<Sqlite>) -> Self {
        Self { held: PooledConn::Sqlite(conn), open: false, replace: None }
    }

    pub(super) fn postgres(conn: PoolConnection<Postgres>) -> Self {
        Self { held: PooledConn::Postgres(conn), open: false, replace: None }
    }

    /// A read-only connection to PostgreSQL. It is replaced when it is lost.
    pub(super) async fn reading(pool: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self { held: PooledConn::Postgres(pool.acquire().await?), open: false, replace: Some((pool.clone(), REPLACEMENTS)) })
    }

    fn engine_conn(&mut self) -> EngineConn<'_> {
        count_round_trip();
        match &mut self.held {
            PooledConn::Sqlite(conn) => EngineConn::Sqlite(conn),
            PooledConn::Postgres(conn) => EngineConn::Postgres(conn),
        }
    }

    pub fn engine(&self) -> Engine {
        match self.held {
            PooledConn::Sqlite(_) => Engine::Sqlite,
            PooledConn::Postgres(_) => Engine::Postgres,
        }
    }

    /// The result of a statement. `None` means: the connection was lost and replaced, run the read-only statement again.
    async fn settled<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<Option<T>, Failure> {
        let error = match outcome {
            Ok(value) => return Ok(Some(value)),
            Err(error) => error,
        };
        match &mut self.replace {
            Some((pool, left)) if *left > 0 && Failure::is_lost_connection(&error) => {
                *left -= 1;
                tracing::warn!(%error, "a connection was lost; the statement runs again on another");
                self.held = PooledConn::Postgres(pool.acquire().await?);
                Ok(None)
            }
            _ => Err(error.into()),
        }
    }

    /// Runs a statement and returns the number of rows it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<u64, Failure> {
        let sql = sql.into_sql_str();
        loop {
            let outcome = match self.engine_conn() {
                EngineConn::Sqlite(conn) => {
                    let query = sqlx::query_with::<Sqlite, _>(sql.clone(), bind::<SqliteArguments>(&args)?);
                    query.execute(conn).await.map(|done| done.rows_affected())
                }
                EngineConn::Postgres(conn) => {
                    let query = sqlx::query_with::<Postgres, _>(sql.clone(), bind::<PgArguments>(&args)?);
                    query.execute(conn).await.map(|done| done.rows_affected())
                }
            };
            if let Some(changed) = self.settled(outcome).await? {
                return Ok(changed);
            }
        }
    }

    pub async fn fetch_all<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<Row>, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let sql = sql.into_sql_str();
        loop {
            let outcome = match self.engine_conn() {
                EngineConn::Sqlite(conn) => {
                    let query = sqlx::query_as_with::<Sqlite, Row, _>(sql.clone(), bind::<SqliteArguments>(&args)?);
                    query.fetch_all(conn).await
                }
                EngineConn::Postgres(conn) => {
                    let query = sqlx::query_as_with::<Postgres, Row, _>(sql.clone(), bind::<PgArguments>(&args)?);
                    query.fetch_all(conn).await
                }
            };
            if let Some(rows) = self.settled(outcome).await? {
                return Ok(rows);
            }
        }
    }

    /// The first row, or `None`. All rows are fetched, so a query that can match many rows needs LIMIT 1.
    pub async fn fetch_optional<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Option<Row>, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        Ok(self.fetch_all(sql, args).await?.into_iter().next())
    }

    /// The only row; an error when there is none.
    pub async fn fetch_one<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Row, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.fetch_optional(sql, args).await?.ok_or(Failure::Database(sqlx::Error::RowNotFound))
    }

    /// Checks that the connection still answers.
    pub(super) async fn ping(&mut self) -> Result<(), Failure> {
        match self.engine_conn() {
            EngineConn::Sqlite(conn) => conn.ping().await?,
            EngineConn::Postgres(conn) => conn.ping().await?,
        }
        Ok(())
    }
}
