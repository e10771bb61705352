//! A connection and its operations, with the same SQL text on both engines. A connection to PostgreSQL whose BEGIN, COMMIT or
//! ROLLBACK failed is closed, so that no half-open transaction returns to the pool; on SQLite `group.rs` does the same.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Executor, FromRow, PgConnection, Postgres, SqlSafeStr, Sqlite, SqliteConnection};

use super::args::{Arg, bind};
use super::group::Lease;
use super::kept::{Kept, KeptPool, LostConnections};
use super::together::{Statement, join_writes};
use super::{Counters, Engine};
use crate::kernel::failure::Failure;

/// Most values of one statement that inserts many rows; both engines allow more.
const MOST_VALUES: usize = 16_000;

/// Most rows of one such statement.
const MOST_ROWS: usize = 500;

/// SQLite's cache during a load, KiB.
const LOAD_CACHE_KIB: u32 = 512 * 1024;

/// How many times one reading connection may be replaced after it was lost.
const REPLACEMENTS: u32 = 3;

/// A connection, inside a transaction or outside one.
pub struct Conn {
    held: PooledConn,
    /// Read-only connections of PostgreSQL can be replaced.
    replace: Option<Replace>,
    counters: Arc<Counters>,
    /// Writes that are sent before the next statement, together.
    later: Vec<Statement>,
}

struct Replace {
    pool: KeptPool<Postgres>,
    /// How many more times.
    left: u32,
    lost: LostConnections,
}

enum PooledConn {
    /// For reading.
    Sqlite(Kept<Sqlite>),
    /// SQLite's writer.
    Lent(Lease),
    Postgres(PgConn),
}

/// A connection to PostgreSQL.
struct PgConn {
    conn: Kept<Postgres>,
    /// A transaction has begun and its end has not been acknowledged yet.
    open: bool,
}

impl PgConn {
    /// The end of the transaction is acknowledged.
    fn ended(&mut self) {
        self.open = false;
        self.conn.ended_well();
    }
}

impl Drop for PgConn {
    fn drop(&mut self) {
        if self.open {
            self.conn.close_on_drop();
        }
    }
}

enum EngineConn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    /// SQLite's writer, in a transaction that has begun.
    pub(super) fn lent(lease: Lease, counters: &Arc<Counters>) -> Self {
        Self { held: PooledConn::Lent(lease), replace: None, counters: counters.clone(), later: Vec::new() }
    }

    /// Begins a transaction on PostgreSQL. Until it has ended successfully, dropping the connection closes it.
    pub(super) async fn begin(conn: Kept<Postgres>, counters: &Arc<Counters>) -> Result<Self, Failure> {
        let mut held = PgConn { conn, open: true };
        held.conn.execute("BEGIN").await?;
        Ok(Self { held: PooledConn::Postgres(held), replace: None, counters: counters.clone(), later: Vec::new() })
    }

    /// Time limit of the work in this transaction.
    pub(super) fn time_limit(&self) -> Option<Duration> {
        if let PooledConn::Lent(lease) = &self.held { lease.time_limit() } else { None }
    }

    /// Begins a transaction that only reads and sees one state of the database until the connection is dropped, which closes it.
    pub(super) async fn begin_snapshot(mut self) -> Result<Self, Failure> {
        // A replacement would see another state.
        self.replace = None;
        match &mut self.held {
            PooledConn::Sqlite(conn) => {
                conn.close_on_drop();
                conn.execute("BEGIN").await?;
            }
            PooledConn::Postgres(held) => {
                held.open = true;
                held.conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                held.conn.execute("SET LOCAL statement_timeout = 0").await?;
                held.conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
            }
            PooledConn::Lent(_) => {}
        }
        Ok(self)
    }

    /// Commits. If the connection is lost during COMMIT the outcome is unknown: [`Failure::CommitUnknown`].
    pub(super) async fn commit(self) -> Result<(), Failure> {
        match self.held {
            PooledConn::Lent(lease) => lease.end(true).await,
            PooledConn::Postgres(mut held) => {
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
                match held.conn.execute("COMMIT").await {
                    Ok(_) => {
                        held.ended();
                        Ok(())
                    }
                    Err(error) if Failure::is_lost_connection(&error) => Err(Failure::CommitUnknown(error)),
                    Err(error) => Err(error.into()),
                }
            }
            PooledConn::Sqlite(_) => Ok(()),
        }
    }

    /// Rolls back. On SQLite this waits for the commit of the transactions whose changes this one may have seen; an error is
    /// theirs. If ROLLBACK fails on PostgreSQL, the connection is closed, which rolls back as well.
    pub(super) async fn rollback(self) -> Result<(), Failure> {
        match self.held {
            PooledConn::Lent(lease) => lease.end(false).await?,
            PooledConn::Postgres(mut held) => match held.conn.execute("ROLLBACK").await {
                Ok(_) => held.ended(),
                Err(error) => tracing::debug!(%error, "a connection is closed instead of rolled back"),
            },
            PooledConn::Sqlite(_) => {}
        }
        Ok(())
    }
}

impl Conn {
    /// A connection that only reads the SQLite file.
    pub(super) fn sqlite(conn: Kept<Sqlite>, counters: &Arc<Counters>) -> Self {
        Self { held: PooledConn::Sqlite(conn), replace: None, counters: counters.clone(), later: Vec::new() }
    }

    /// A read-only connection to PostgreSQL. It is replaced when it is lost.
    pub(super) async fn reading(
        pool: &KeptPool<Postgres>,
        lost: &LostConnections,
        counters: &Arc<Counters>,
    ) -> Result<Self, sqlx::Error> {
        let held = PooledConn::Postgres(PgConn { conn: pool.take(|idle| lost.doubt(idle)).await?, open: false });
        let replace = Some(Replace { pool: pool.clone(), left: REPLACEMENTS, lost: lost.clone() });
        Ok(Self { held, replace, counters: counters.clone(), later: Vec::new() })
    }

    /// The connection for a statement that begins now.
    fn engine_conn(&mut self, sql: &str, args: &[Arg]) -> EngineConn<'_> {
        let (conn, writes) = match &mut self.held {
            PooledConn::Sqlite(conn) => {
                conn.begins();
                (EngineConn::Sqlite(&mut *conn), false)
            }
            PooledConn::Lent(lease) => (EngineConn::Sqlite(lease.conn()), true),
            PooledConn::Postgres(held) => {
                held.conn.begins();
                (EngineConn::Postgres(&mut held.conn), held.open)
            }
        };
        self.counters.count(writes, sql, args);
        conn
    }

    /// A statement has ended well. A transaction ends with [`Conn::commit`] or [`Conn::rollback`].
    fn ended_well(&mut self) {
        match &mut self.held {
            PooledConn::Sqlite(conn) => conn.ended_well(),
            PooledConn::Postgres(held) if !held.open => held.conn.ended_well(),
            _ => {}
        }
    }

    pub fn engine(&self) -> Engine {
        match self.held {
            PooledConn::Sqlite(_) | PooledConn::Lent(_) => Engine::Sqlite,
            PooledConn::Postgres(_) => Engine::Postgres,
        }
    }

    /// The result of a statement. `None` means: the connection was lost and replaced, run the read-only statement again.
    async fn settled<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<Option<T>, Failure> {
        let error = match outcome {
            Ok(value) => {
                self.ended_well();
                return Ok(Some(value));
            }
            Err(error) => error,
        };
        match &mut self.replace {
            Some(Replace { pool, left, lost }) if *left > 0 && Failure::is_lost_connection(&error) => {
                *left -= 1;
                lost.note();
                tracing::warn!(%error, "a connection was lost; the statement runs again on another");
                self.held = PooledConn::Postgres(PgConn { conn: pool.take(|idle| lost.doubt(idle)).await?, open: false });
                Ok(None)
            }
            _ => Err(error.into()),
        }
    }

    /// A write whose result nobody needs. It is sent before the next statement or the end of the transaction, in one round trip
    /// with others of its kind; an error is that of the statement that sends it.
    pub fn execute_later(&mut self, sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) {
        self.later.push(Statement::new(sql, args));
    }

    /// Sends the writes of [`Conn::execute_later`].
    pub(super) async fn send_later(&mut self) -> Result<(), Failure> {
        if !self.later.is_empty() {
            // Boxed, because this sends a statement as well.
            Box::pin(self.execute_together(Vec::new())).await?;
        }
        Ok(())
    }

    /// Runs writes in one round trip, in this order and after those of [`Conn::execute_later`], and returns the number of rows
    /// each has changed. They must not depend on each other's changes, because on PostgreSQL they share one snapshot.
    pub async fn execute_together(&mut self, statements: Vec<Statement>) -> Result<Vec<u64>, Failure> {
        let mut all = std::mem::take(&mut self.later);
        let later = all.len();
        all.extend(statements);
        let mut changed = vec![0; all.len()];
        let (sql, args) = join_writes(self.engine(), all);
        for (part,) in self.fetch_all::<(i64,)>(AssertSqlSafe(sql), args).await? {
            if let Some(changed) = usize::try_from(part).ok().and_then(|part| changed.get_mut(part)) {
                *changed += 1;
            }
        }
        Ok(changed.split_off(later))
    }

    /// Runs a statement and returns the number of rows it changed.
    pub async fn execute(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<u64, Failure> {
        self.send_later().await?;
        let sql = sql.into_sql_str();
        loop {
            let outcome = match self.engine_conn(sql.as_str(), &args) {
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

    /// Inserts rows with statements of many rows. `into` is the statement up to its VALUES, `after` what follows them. The rows
    /// have the same number of values.
    pub async fn insert_rows(&mut self, into: &str, rows: &[Vec<Arg>], after: &str) -> Result<(), Failure> {
        // For SQLite without numbers: a number is a name, and binding to one of n names takes n comparisons.
        let sqlite = self.engine() == Engine::Sqlite;
        let place = |number: usize| if sqlite { "?".to_owned() } else { format!("${number}") };
        let columns = rows.first().map_or(1, Vec::len).max(1);
        for rows in rows.chunks((MOST_VALUES / columns).clamp(1, MOST_ROWS)) {
            let mut sql = format!("{into} VALUES ");
            for row in 0..rows.len() {
                let places = (1..=columns).map(|column| place(row * columns + column)).collect::<Vec<_>>().join(", ");
                sql.push_str(if row == 0 { "(" } else { ", (" });
                sql.push_str(&places);
                sql.push(')');
            }
            sql.push_str(after);
            self.execute(AssertSqlSafe(sql), rows.concat()).await?;
        }
        Ok(())
    }

    /// For a transaction that loads many rows, in a process that ends afterwards: SQLite keeps much more of the file in memory,
    /// PostgreSQL gives its statements all the time they take.
    pub async fn prepare_for_load(&mut self) -> Result<(), Failure> {
        let sql = match self.engine() {
            Engine::Sqlite => format!("PRAGMA cache_size = -{LOAD_CACHE_KIB}"),
            Engine::Postgres => "SET LOCAL statement_timeout = 0".to_owned(),
        };
        self.execute(AssertSqlSafe(sql), Vec::new()).await?;
        Ok(())
    }

    pub async fn fetch_all<Row>(&mut self, sql: impl SqlSafeStr + Send, args: Vec<Arg>) -> Result<Vec<Row>, Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.send_later().await?;
        let sql = sql.into_sql_str();
        loop {
            let outcome = match self.engine_conn(sql.as_str(), &args) {
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

    /// Passes the rows to `each` one by one, so that memory stays bounded whatever their number.
    pub async fn for_each<Row>(
        &mut self,
        sql: impl SqlSafeStr + Send,
        args: Vec<Arg>,
        mut each: impl FnMut(Row) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let sql = sql.into_sql_str();
        match self.engine_conn(sql.as_str(), &args) {
            EngineConn::Sqlite(conn) => {
                let query = sqlx::query_as_with::<Sqlite, Row, _>(sql, bind::<SqliteArguments>(&args)?);
                let mut rows = query.fetch(conn);
                while let Some(row) = rows.try_next().await? {
                    each(row)?;
                }
            }
            EngineConn::Postgres(conn) => {
                let query = sqlx::query_as_with::<Postgres, Row, _>(sql, bind::<PgArguments>(&args)?);
                let mut rows = query.fetch(conn);
                while let Some(row) = rows.try_next().await? {
                    each(row)?;
                }
            }
        }
        self.ended_well();
        Ok(())
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
        match self.engine_conn("", &[]) {
            EngineConn::Sqlite(conn) => conn.ping().await?,
            EngineConn::Postgres(conn) => conn.ping().await?,
        }
        self.ended_well();
        Ok(())
    }
}
