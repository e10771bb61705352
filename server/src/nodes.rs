//! Notifications between the nodes of a PostgreSQL bank: the numbers of changed cases, so that a desk page served by one node
//! is notified of changes made on another. They are sent after the commit, several at once. A lost notification only delays:
//! every desk page polls the events. SQLite has one node and needs nothing of this.

use std::collections::BTreeSet;
use std::time::Duration;

use bank::kernel::bank::Bank;
use bank::kernel::database::Engine;
use bank::kernel::failure::Failure;
use bank::kernel::nodes::{NodeListener, notify_nodes};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::sleep;

/// Changes within this time are sent together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Delay after a failure.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs until the future is dropped.
pub async fn run(bank: Bank) {
    if bank.db().engine() == Engine::Postgres {
        tokio::join!(receive(&bank), send_changes(&bank, bank.changed_here()));
    }
}

/// Receives the notifications of other nodes.
async fn receive(bank: &Bank) {
    loop {
        if let Err(failure) = hear_until_lost(bank).await {
            tracing::warn!(error = %failure, "what other nodes tell is not heard");
        }
        sleep(AGAIN).await;
    }
}

async fn hear_until_lost(bank: &Bank) -> Result<(), Failure> {
    let Some(mut listener) = NodeListener::listen(bank.db()).await? else { return Ok(()) };
    loop {
        bank.announce(listener.next().await?);
    }
}

/// Sends this node's changes to the other nodes.
async fn send_changes(bank: &Bank, mut changed: Receiver<String>) {
    loop {
        let mut numbers = match changed.recv().await {
            Ok(number) => BTreeSet::from([number]),
            // The desk pages of the other nodes find the missed changes when they poll.
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
        if let Err(failure) = notify_nodes(bank.db(), numbers).await {
            tracing::warn!(error = %failure, "the other nodes were not told what has changed");
        }
    }
}
