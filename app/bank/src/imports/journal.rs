//! The journal: what a run has decided is written in small transactions, so that nobody waits long for the writer. If the
//! process dies, the next import or the worker of a portal goes on where it stopped; each portion is written and leaves the
//! staging tables in one transaction.

use std::convert::Infallible;
use std::time::Duration;

use scoped_futures::ScopedFutureExt;

use super::model::ImportKind;
use super::records::{self, Portion, Run, RunState};
use crate::customers::{write_accounts, write_customers};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::recommendations::write_holdings;

/// Customers whose rows one transaction writes.
const CUSTOMERS: i64 = 400;

/// Staged rows removed per transaction.
const REMOVED: i64 = 2_000;

/// Between two portions. Another process that waits for SQLite's writer tries again after 25 ms at most during the first tenth
/// of a second, so each of these pauses lets it in.
const PAUSE: Duration = Duration::from_millis(30);

/// Between two looks at an import that is writing.
const LOOK: Duration = Duration::from_millis(100);

/// What a step has done.
enum Step {
    /// The state of the run has changed, or another process goes on with it.
    Turned,
    Wrote,
}

/// Writes what runs have decided, and removes what was staged and not decided. The caller holds the import lock.
pub(super) async fn settle(bank: &Bank) -> Result<(), Failure> {
    while let Some(run) = records::find_run(&mut bank.read().await?).await? {
        let step = bank
            .write::<_, Infallible, _>("import_step", |tx| {
                let run = &run;
                async move { Ok(take_step(tx, run).await?) }.scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)?;
        if matches!(step, Step::Wrote) {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

/// Goes on with an import whose process has died, unless another process does.
pub(crate) async fn resume(bank: &Bank) -> Result<(), Failure> {
    if records::find_run(&mut bank.read().await?).await?.is_none() {
        return Ok(());
    }
    match bank.db().import_lock().await? {
        Some(_alone) => settle(bank).await,
        None => Ok(()),
    }
}

/// Returns when everything that imports have decided is written; writes it, or waits for the import that does.
pub(crate) async fn finish_decided(bank: &Bank) -> Result<(), Failure> {
    while records::holds_decided(&mut bank.read().await?).await? {
        resume(bank).await?;
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn take_step(tx: &mut Tx, run: &Run) -> Result<Step, Failure> {
    // Locks the run's row: a process that has lost its import lock must not write beside another one.
    if !records::turn_run(tx, &run.id, run.state, run.state).await? {
        return Ok(Step::Turned);
    }
    let fresh = match run.state {
        RunState::Staging => {
            records::turn_run(tx, &run.id, RunState::Staging, RunState::Dropped).await?;
            return Ok(Step::Turned);
        }
        RunState::Dropped => {
            if records::remove_staged(tx, &run.id, REMOVED).await? {
                return Ok(Step::Wrote);
            }
            records::delete_run(tx, &run.id).await?;
            return Ok(Step::Turned);
        }
        RunState::Decided => true,
        RunState::Published => false,
    };
    let Some(last) = records::end_of_portion(tx, run, fresh, CUSTOMERS).await? else {
        if fresh {
            records::turn_run(tx, &run.id, RunState::Decided, RunState::Published).await?;
        } else {
            records::delete_run(tx, &run.id).await?;
        }
        return Ok(Step::Turned);
    };
    let portion = Portion { run: &run.id, fresh, last: &last };
    match run.kind {
        ImportKind::Customers => write_customers(tx, &portion).await?,
        ImportKind::Accounts => write_accounts(tx, &portion).await?,
        _ => write_holdings(tx, &portion).await?,
    }
    records::delete_portion(tx, run, &portion).await?;
    Ok(Step::Wrote)
}
