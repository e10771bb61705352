//! What the nodes of a PostgreSQL bank tell each other: which cases have changed, so that a desk served by one node hears
//! what another has done. Told after the commit, several at once; what a notification missed is found by looking again
//! every few seconds. On SQLite there is one node and nothing to do.

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

/// Changes within this time are told together.
const TOGETHER: Duration = Duration::from_millis(100);

/// How often what a notification missed is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How far back beyond that it is looked (ms): commits become visible in another order than they were dated.
const OVERLAP: i64 = 10_000;

/// After a failure.
const AGAIN: Duration = Duration::from_secs(5);

/// Until it is dropped.
pub async fn run(bank: Bank) {
    if bank.db().engine() == Engine::Postgres {
        tokio::join!(hear(&bank), pass_on(&bank, bank.changed_here()), look(&bank));
    }
}

/// Passes on what other nodes tell.
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

/// Tells the other nodes what this one has changed.
async fn pass_on(bank: &Bank, mut changed: Receiver<String>) {
    loop {
        let mut numbers = match changed.recv().await {
            Ok(number) => BTreeSet::from([number]),
            // Other nodes find the rest when they poll.
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

/// Looks again and again for what was not heard.
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

/// The cases something has happened to that `known` does not hold: the last look's and a few seconds more.
async fn look_once(bank: &Bank, known: &mut BTreeMap<String, At>) -> Result<Vec<String>, Failure> {
    let window = OVERLAP + i64::try_from(LOOK_EVERY.as_millis()).unwrap_or(OVERLAP);
    let found = changed_since(bank, bank.now().plus_ms(-window)).await?;
    let new = found.iter().filter(|(number, at)| known.get(number) != Some(at)).map(|(number, _)| number.clone()).collect();
    *known = found.into_iter().collect();
    Ok(new)
}
