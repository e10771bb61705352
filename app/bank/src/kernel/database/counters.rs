//! What a process has sent through a [`Db`], for tests and benches: numbers, and the statements with their values on request.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Arg, Db};

/// Counts what is sent through a [`Db`] and its clones.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) reads: AtomicU64,
    pub(super) writes: AtomicU64,
    pub(super) commits: AtomicU64,
    pub(super) reruns: AtomicU64,
    recording: AtomicBool,
    sent: Mutex<Vec<Sent>>,
}

/// The values of [`Counters`] at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Statements outside write transactions.
    pub reads: u64,
    /// Statements in write transactions, without those that begin and end them.
    pub writes: u64,
    /// Commits; those of the disk, however many transactions shared one.
    pub commits: u64,
    /// Write transactions that ran again: after a deadlock, a serialisation failure or the loss of a connection.
    pub reruns: u64,
}

/// A statement as it was sent. It may hold personal data and is never logged.
#[derive(Clone, Debug)]
pub struct Sent {
    pub sql: String,
    pub args: Vec<Arg>,
    /// It was part of a write transaction.
    pub writes: bool,
}

impl Counters {
    /// Counts a statement.
    pub(super) fn count(&self, writes: bool, sql: &str, args: &[Arg]) {
        let counter = if writes { &self.writes } else { &self.reads };
        counter.fetch_add(1, Ordering::Relaxed);
        if self.recording.load(Ordering::Relaxed) {
            let sent = Sent { sql: sql.to_owned(), args: args.to_vec(), writes };
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        }
    }
}

impl Db {
    pub fn counted(&self) -> Counted {
        let counters = self.counters();
        let [reads, writes, commits, reruns] = [&counters.reads, &counters.writes, &counters.commits, &counters.reruns]
            .map(|counter| counter.load(Ordering::Relaxed));
        Counted { reads, writes, commits, reruns }
    }

    /// Records the statements sent from now on.
    pub fn record(&self) {
        self.counters().recording.store(true, Ordering::Relaxed);
    }

    /// Ends the recording and returns its statements in the order in which they were sent.
    pub fn recorded(&self) -> Vec<Sent> {
        let counters = self.counters();
        counters.recording.store(false, Ordering::Relaxed);
        std::mem::take(&mut *counters.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn counters(&self) -> &Counters {
        let (Self::Sqlite { counters, .. } | Self::Postgres { counters, .. }) = self;
        counters
    }
}
