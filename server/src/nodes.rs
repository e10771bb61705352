//! Notifications between the nodes of a PostgreSQL bank: the numbers of changed cases, so that a desk page served by one node
//! is notified of changes made on another. They are sent after the commit, several at once. A poll every few seconds finds
//! changes whose notification was lost. SQLite has one node and needs nothing of this.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bank::cases::changed_since;
use bank::kernel::bank::Bank;
use bank::kernel::database::Engine;
use bank::kernel::failure::Failure;
use bank::kernel::nodes::{Heard, tell};
use bank::kernel::time::At;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Changes within this time are sent together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Poll interval for changes whose notification was lost.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Overlap of two polls (ms), because commits may become visible in another order than their timestamps.
const OVERLAP: i64 = 10_000;

/// Delay after a failure.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs until the future is dropped.
pub async fn run(bank: Bank) {
    if bank.db().engine() == Engine::Postgres {
        tokio::join!(hear(&bank), pass_on(&bank, bank.changed_here()), look(&bank));
    }
}

/// Receives the notifications of other nodes.
async fn hear(bank: &Bank) {
    loop {
        if let Err(failure) = hear_until_lost(bank).await {
            tracing::warn!(error = %failure, "what other nodes tell is not heard");
        }
        sleep(AGAIN).await;
    }
}

async fn hear_until_lost(bank: &Bank) -> Result<(), Failure> {
    let Some(mut heard) = Heard::listen(bank.db()).await? else { return Ok(()) };
    loop {
        bank.announce(heard.next().await?);
    }
}

/// Sends this node's changes to the other nodes.
async fn pass_on(bank: &Bank, mut changed: Receiver<String>) {
    loop {
        let mut numbers = match changed.recv().await {
            Ok(number) => BTreeSet::from([number]),
            // The other nodes find the missed changes when they poll.
            Err(RecvError::Lagged(_)) => BTreeSet::new(),
            Err(RecvError::Closed) => return,
        };
        sleep(TOGETHER).await;
        loop {
            match changed.try_recv() {
                Ok(number) => drop(numbers.insert(number)),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if let Err(failure) = tell(bank.db(), numbers).await {
            tracing::warn!(error = %failure, "the other nodes were not told what has changed");
        }
    }
}

/// Polls for missed changes.
async fn look(bank: &Bank) {
    let mut known = BTreeMap::new();
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match look_once(bank, &mut known).await {
            Ok(new) => new.into_iter().for_each(|number| bank.announce(number)),
            Err(failure) => tracing::warn!(error = %failure, "what other nodes have changed could not be read"),
        }
    }
}

/// The cases changed within the window that `known` does not hold yet. The window is the poll interval plus the overlap.
async fn look_once(bank: &Bank, known: &mut BTreeMap<String, At>) -> Result<Vec<String>, Failure> {
    let window = OVERLAP + i64::try_from(LOOK_EVERY.as_millis()).unwrap_or(OVERLAP);
    let found = changed_since(bank, bank.now().plus_ms(-window)).await?;
    let new = found.iter().filter(|(number, at)| known.get(number) != Some(at)).map(|(number, _)| number.clone()).collect();
    *known = found.into_iter().collect();
    Ok(new)
}
