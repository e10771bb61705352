//! Group commit on SQLite (ARCHITECTURE.md, Transactions and events). A commit waits for the disk; the transactions that
//! queue meanwhile share the next commit. One task owns the writer connection. It begins a transaction, lends the connection
//! to one member after another, each within its own savepoint, commits, and only then answers the members, those that
//! refused too: a refusal may depend on what another member wrote.
//!
//! Nobody waits for company: a group takes only members that are queued already, and the first one needs no savepoint.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use super::Counters;
use super::open::WRITER_WAIT;
use crate::kernel::failure::Failure;

/// Time limit of a member that others of its group wait for. A slower one is rolled back and runs again as the first of a
/// group, without this limit.
pub(super) const MEMBER_TIME: Duration = Duration::from_millis(250);

/// How transactions share commits. Benches and tests change it; the server uses the default.
#[derive(Clone, Copy, Debug)]
pub struct Grouping {
    /// Maximum number of members of a group; 1: every transaction has its own commit.
    pub members: usize,
    /// A group that is older than this takes no further members, so that its first member is answered soon.
    pub open_for: Duration,
    /// Simulates a slower disk: the duration by which each commit is delayed.
    pub commit_delay: Duration,
}

impl Default for Grouping {
    fn default() -> Self {
        Self { members: 64, open_for: Duration::from_millis(50), commit_delay: Duration::ZERO }
    }
}

/// The queue before the writer. Clones share it; the task ends when the last one is dropped.
#[derive(Clone, Debug)]
pub struct WriterQueue(mpsc::UnboundedSender<Request>);

#[derive(Debug)]
struct Request {
    /// Must be the first of its group.
    first: bool,
    lend: oneshot::Sender<Result<Lease, Failure>>,
}

/// The writer connection, lent to one member. Dropping it without [`Lease::end`] rolls the member back.
#[derive(Debug)]
pub(super) struct Lease {
    conn: OwnedMutexGuard<PoolConnection<Sqlite>>,
    end: oneshot::Sender<End>,
    /// Others of the group wait for this member.
    awaited: bool,
}

/// How a member wants its changes to end, and where it waits for the group's commit.
#[derive(Debug)]
struct End {
    keep: bool,
    answer: oneshot::Sender<Result<(), Failure>>,
}

impl Lease {
    pub fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.conn
    }

    /// Time limit of the member.
    pub fn time_limit(&self) -> Option<Duration> {
        self.awaited.then_some(MEMBER_TIME)
    }

    /// Returns the connection, keeps or rolls back the member's changes, and waits until the commit of its group is durable.
    pub async fn end(self, keep: bool) -> Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        let _ = self.end.send(End { keep, answer });
        drop(self.conn);
        answered.await.unwrap_or(Err(Failure::Database(sqlx::Error::PoolClosed)))
    }
}

impl WriterQueue {
    /// Starts the task that owns the only connection of `pool` while somebody writes.
    pub(super) fn start(pool: SqlitePool, grouping: Grouping, counters: Arc<Counters>) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        tokio::spawn(Writer { pool, queue, passed_on: None, grouping, counters }.run());
        Self(sender)
    }

    /// Waits for a turn. `first`: as the first member of a group.
    pub(super) async fn lease(&self, first: bool) -> Result<Lease, Failure> {
        let (lend, lent) = oneshot::channel();
        let closed = || Failure::Database(sqlx::Error::PoolClosed);
        self.0.send(Request { first, lend }).map_err(|_| closed())?;
        match tokio::time::timeout(WRITER_WAIT, lent).await {
            Ok(turn) => turn.unwrap_or_else(|_| Err(closed())),
            Err(_) => Err(Failure::Database(sqlx::Error::PoolTimedOut)),
        }
    }
}

struct Writer {
    pool: SqlitePool,
    queue: mpsc::UnboundedReceiver<Request>,
    /// A request taken from the queue that must be the first of the next group.
    passed_on: Option<Request>,
    grouping: Grouping,
    counters: Arc<Counters>,
}

/// What became of a member.
enum Member {
    /// Its changes are part of the group.
    Kept(oneshot::Sender<Result<(), Failure>>),
    /// It is rolled back and waits for the answer.
    Undone(oneshot::Sender<Result<(), Failure>>),
    /// It is rolled back and nobody waits.
    GivenUp,
}

/// Why a group was not committed.
#[derive(Clone, Debug)]
struct Lost {
    cause: Arc<Failure>,
    /// Nothing was committed, and it was not the commit that failed.
    again: bool,
}

impl From<Lost> for Failure {
    fn from(Lost { cause, again }: Lost) -> Self {
        Self::Together { cause, again }
    }
}

impl Member {
    fn answer(self, outcome: Result<(), Lost>) {
        if let Self::Kept(answer) | Self::Undone(answer) = self {
            let _ = answer.send(outcome.map_err(Failure::from));
        }
    }
}

/// The connection between two members.
type Shared = Arc<Mutex<PoolConnection<Sqlite>>>;

impl Writer {
    async fn run(mut self) {
        loop {
            let next = match self.passed_on.take() {
                Some(request) => Some(request),
                None => self.queue.recv().await,
            };
            let Some(request) = next else { return };
            if !request.lend.is_closed() {
                self.group(request).await;
            }
        }
    }

    async fn begin(&self) -> Result<Shared, Failure> {
        let mut conn = self.pool.acquire().await?;
        // Takes the write lock at once: a transaction that reads first may fail to upgrade its lock later.
        match conn.execute("BEGIN IMMEDIATE").await {
            Ok(_) => Ok(Arc::new(Mutex::new(conn))),
            Err(error) => {
                conn.close_on_drop();
                Err(error.into())
            }
        }
    }

    /// Runs one group: its first member and those that are queued when the member before them has ended.
    async fn group(&mut self, first: Request) {
        let shared = match self.begin().await {
            Ok(shared) => shared,
            Err(failure) => {
                let _ = first.lend.send(Err(failure));
                return;
            }
        };
        let began = Instant::now();
        let first = match lend(&shared, first, false).await {
            member @ Member::Kept(_) => member,
            // Nobody else has written in this transaction.
            member => {
                let undone = shared.lock().await.execute("ROLLBACK").await;
                if let Err(error) = undone {
                    // SQLite rolls back by itself when its disk is full. Closing the connection rolls back as well.
                    tracing::debug!(%error, "a connection is closed instead of rolled back");
                    shared.lock().await.close_on_drop();
                }
                return member.answer(Ok(()));
            }
        };
        let mut members = vec![first];
        while members.len() < self.grouping.members && began.elapsed() < self.grouping.open_for {
            let Some(request) = self.next_member() else { break };
            match within_savepoint(&shared, request).await {
                Ok(Member::GivenUp) => {}
                Ok(member) => members.push(member),
                Err((member, lost)) => {
                    // Nothing was committed, so the members run again.
                    shared.lock().await.close_on_drop();
                    members.push(member);
                    return answer(members, &Err(lost));
                }
            }
        }
        let outcome = self.commit(&shared).await;
        answer(members, &outcome);
    }

    /// The next request that may join a group, if one is queued.
    fn next_member(&mut self) -> Option<Request> {
        while let Ok(request) = self.queue.try_recv() {
            if request.first {
                self.passed_on = Some(request);
                return None;
            }
            if !request.lend.is_closed() {
                return Some(request);
            }
        }
        None
    }

    /// Commits; an error is that of every member.
    async fn commit(&self, shared: &Shared) -> Result<(), Lost> {
        let mut conn = shared.lock().await;
        let delay = self.grouping.commit_delay;
        if !delay.is_zero() {
            // A timer would round the delay up to whole milliseconds.
            let _ = tokio::task::spawn_blocking(move || std::thread::sleep(delay)).await;
        }
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        let Err(error) = conn.execute("COMMIT").await else { return Ok(()) };
        conn.close_on_drop();
        let failure = if Failure::is_lost_connection(&error) { Failure::CommitUnknown(error) } else { error.into() };
        Err(Lost { cause: Arc::new(failure), again: false })
    }
}

fn answer(members: Vec<Member>, outcome: &Result<(), Lost>) {
    for member in members {
        member.answer(outcome.clone());
    }
}

/// Lends the connection to a member and waits until it comes back.
async fn lend(shared: &Shared, request: Request, awaited: bool) -> Member {
    let (end, ended) = oneshot::channel();
    let lease = Lease { conn: shared.clone().lock_owned().await, end, awaited };
    // An error returns the lease, because its member has given up waiting; dropping it ends the turn.
    let _ = request.lend.send(Ok(lease));
    match ended.await {
        Ok(End { keep: true, answer }) => Member::Kept(answer),
        Ok(End { keep: false, answer }) => Member::Undone(answer),
        Err(_) => Member::GivenUp,
    }
}

/// Runs one member within a savepoint. An error means that the savepoint is gone, and with it the whole transaction: SQLite
/// has rolled it back by itself.
async fn within_savepoint(shared: &Shared, request: Request) -> Result<Member, (Member, Lost)> {
    let lost = |error: sqlx::Error| Lost { cause: Arc::new(error.into()), again: true };
    let begun = shared.lock().await.execute("SAVEPOINT member").await;
    if let Err(error) = begun {
        let lost = lost(error);
        let _ = request.lend.send(Err(lost.clone().into()));
        return Err((Member::GivenUp, lost));
    }
    let member = lend(shared, request, true).await;
    // A statement of a member that gave up may still run; these follow it.
    let end = if matches!(member, Member::Kept(_)) { "RELEASE member" } else { "ROLLBACK TO member; RELEASE member" };
    let ended = shared.lock().await.execute(end).await;
    match ended {
        Ok(_) => Ok(member),
        Err(error) => Err((member, lost(error))),
    }
}
