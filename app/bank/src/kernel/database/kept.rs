//! Keeps the connections of a pool between two uses. sqlx pings a connection whenever it returns to its pool: a round trip after
//! every read of a page. Here one whose statements have all ended well is put aside as it is, and only any other is returned
//! to sqlx, which pings it, or closes it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When connections that are kept return to sqlx.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// After this time with one use after another, because sqlx replaces old ones.
    longest: Duration,
    /// When nobody has needed it for this time, because sqlx closes idle ones.
    idle: Duration,
}

const LIMITS: Limits = Limits { longest: Duration::from_mins(5), idle: Duration::from_mins(1) };

/// A connection to PostgreSQL that has been idle for longer is checked before it is used.
const TRUSTED: Duration = Duration::from_secs(1);

/// When a connection to PostgreSQL was found lost. Others that have been idle since may be lost as well.
#[derive(Clone, Debug, Default)]
pub struct LostConnections(Arc<Mutex<Option<Instant>>>);

impl LostConnections {
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection that has been idle for this time must be checked before it is used.
    pub(super) fn doubt(&self, idle: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle > TRUSTED || last.is_some_and(|last| last.elapsed() <= idle)
    }
}

/// A pool and its connections that wait for their next use. Clones share them.
#[derive(Debug)]
pub struct KeptPool<DB: Database>(Arc<Inner<DB>>);

impl<DB: Database> Clone for KeptPool<DB> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Debug)]
struct Inner<DB: Database> {
    pool: Pool<DB>,
    /// As many as connections may be in use. Whoever has one never waits for a connection that is put aside.
    turns: Arc<Semaphore>,
    /// Time limit for getting a connection.
    wait: Duration,
    limits: Limits,
    /// The most recently used last; `None` once the pool is closed.
    aside: Mutex<Option<Vec<Aside<DB>>>>,
}

#[derive(Debug)]
struct Aside<DB: Database> {
    conn: PoolConnection<DB>,
    /// When sqlx provided it.
    since: Instant,
    /// When its last use ended.
    idle_since: Instant,
}

impl<DB: Database> Inner<DB> {
    fn aside(&self) -> MutexGuard<'_, Option<Vec<Aside<DB>>>> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Drop for Inner<DB> {
    fn drop(&mut self) {
        // sqlx returns connections by a task. Without a runtime they are closed here.
        if Handle::try_current().is_err() {
            self.aside().take().into_iter().flatten().for_each(|aside| drop(aside.conn.leak()));
        }
    }
}

impl<DB: Database> KeptPool<DB> {
    /// `most`: connections in use at a time, at most as many as the pool may open.
    pub(super) fn new(pool: Pool<DB>, most: u32, wait: Duration) -> Self {
        Self::with_limits(pool, most, wait, LIMITS)
    }

    fn with_limits(pool: Pool<DB>, most: u32, wait: Duration, limits: Limits) -> Self {
        let turns = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS)));
        Self(Arc::new(Inner { pool, turns, wait, limits, aside: Mutex::new(Some(Vec::new())) }))
    }

    /// The pool of sqlx, for connections that are not kept.
    pub fn pool(&self) -> &Pool<DB> {
        &self.0.pool
    }

    /// A connection. It is pinged first if `doubt` says so of the time it has been idle.
    pub(super) async fn take(&self, doubt: impl Fn(Duration) -> bool) -> Result<Kept<DB>, sqlx::Error> {
        let taken = tokio::time::timeout(self.0.wait, async {
            let turn = self.0.turns.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
            while let Some(mut aside) = self.next_aside() {
                if !doubt(aside.idle_since.elapsed()) || aside.conn.ping().await.is_ok() {
                    return Ok(Kept::new(self, aside.conn, aside.since, turn));
                }
                aside.conn.close_on_drop();
            }
            Ok(Kept::new(self, self.0.pool.acquire().await?, Instant::now(), turn))
        });
        taken.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    /// The connection used last. Those that have been idle for too long return to sqlx.
    fn next_aside(&self) -> Option<Aside<DB>> {
        let (next, idle) = {
            let mut aside = self.0.aside();
            let aside = aside.as_mut()?;
            let next = aside.pop();
            let stale = aside.partition_point(|aside| aside.idle_since.elapsed() > self.0.limits.idle);
            (next, aside.drain(..stale).collect::<Vec<_>>())
        };
        drop(idle);
        next
    }

    /// Closes all connections after waiting for those in use.
    pub(super) async fn close(&self) {
        drop(self.0.aside().take());
        self.0.pool.close().await;
    }
}

/// A connection in use. Dropping it ends the use.
#[derive(Debug)]
pub(super) struct Kept<DB: Database> {
    /// `None` only while it is dropped.
    conn: Option<PoolConnection<DB>>,
    since: Instant,
    /// A statement has begun and has not ended well: the connection must be pinged, which reads what is left of an answer.
    busy: bool,
    closing: bool,
    pool: KeptPool<DB>,
    /// Dropped after the connection is put aside.
    _turn: OwnedSemaphorePermit,
}

impl<DB: Database> Kept<DB> {
    fn new(pool: &KeptPool<DB>, conn: PoolConnection<DB>, since: Instant, turn: OwnedSemaphorePermit) -> Self {
        Self { conn: Some(conn), since, busy: false, closing: false, pool: pool.clone(), _turn: turn }
    }

    /// Before a statement: until [`Kept::ended_well`] the connection is not kept.
    pub fn begins(&mut self) {
        self.busy = true;
    }

    /// All statements so far have ended, and no transaction is open.
    pub fn ended_well(&mut self) {
        self.busy = false;
    }

    /// Closes the connection after its use.
    pub fn close_on_drop(&mut self) {
        self.closing = true;
        (**self).close_on_drop();
    }
}

const IN_USE: &str = "the connection is there until the drop";

impl<DB: Database> Deref for Kept<DB> {
    type Target = PoolConnection<DB>;
    fn deref(&self) -> &PoolConnection<DB> {
        self.conn.as_ref().expect(IN_USE)
    }
}

impl<DB: Database> DerefMut for Kept<DB> {
    fn deref_mut(&mut self) -> &mut PoolConnection<DB> {
        self.conn.as_mut().expect(IN_USE)
    }
}

impl<DB: Database> Drop for Kept<DB> {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if self.busy || self.closing || self.since.elapsed() > self.pool.0.limits.longest {
            return;
        }
        if let Some(aside) = self.pool.0.aside().as_mut() {
            aside.push(Aside { conn, since: self.since, idle_since: Instant::now() });
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use sqlx::postgres::PgPoolOptions;
    use sqlx::sqlite::SqlitePoolOptions;
    use tokio::time::sleep;

    const NEVER: Duration = Duration::from_hours(1);
    const SOON: Duration = Duration::from_millis(50);

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    /// The same test on both engines.
    macro_rules! on_both_engines {
        ($test:ident) => {
            run(async {
                $test(SqlitePoolOptions::new().max_connections(2).connect("sqlite::memory:").await.unwrap()).await;
                if let Ok(url) = std::env::var("LOBBY_TEST_POSTGRES_URL") {
                    $test(PgPoolOptions::new().max_connections(2).connect(&url).await.unwrap()).await;
                }
            });
        };
    }

    async fn used<DB: Database>(pool: &KeptPool<DB>, together: usize) {
        let mut held = Vec::new();
        for _ in 0..together {
            held.push(pool.take(|_| false).await.unwrap());
        }
        sleep(SOON * 2).await;
        drop(held);
        // sqlx takes connections back by a task, after a ping.
        sleep(SOON * 2).await;
    }

    /// How many connections wait aside, and how many sqlx has back.
    fn places<DB: Database>(pool: &KeptPool<DB>) -> (usize, usize) {
        (pool.0.aside().as_ref().map_or(0, Vec::len), pool.pool().num_idle())
    }

    #[test]
    fn a_connection_used_for_too_long_returns_to_sqlx() {
        async fn test<DB: Database>(pool: Pool<DB>) {
            // What opening the pool has connected is with sqlx at first.
            let kept = KeptPool::with_limits(pool.clone(), 2, NEVER, Limits { longest: NEVER, idle: NEVER });
            used(&kept, 2).await;
            assert_eq!(places(&kept), (2, 0));
            kept.0.aside().as_mut().unwrap().clear();
            sleep(SOON * 2).await;
            let kept = KeptPool::with_limits(pool, 2, NEVER, Limits { longest: SOON, idle: NEVER });
            used(&kept, 2).await;
            assert_eq!(places(&kept), (0, 2));
        }
        on_both_engines!(test);
    }

    #[test]
    fn a_connection_that_nobody_needs_returns_to_sqlx() {
        async fn test<DB: Database>(pool: Pool<DB>) {
            let kept = KeptPool::with_limits(pool, 2, NEVER, Limits { longest: NEVER, idle: SOON });
            used(&kept, 2).await;
            assert_eq!(places(&kept), (2, 0));
            // One use needs one of them; the other one has been idle for too long.
            used(&kept, 1).await;
            assert_eq!(places(&kept), (1, 1));
        }
        on_both_engines!(test);
    }
}
