//! What the bank does by itself, once a minute: what the kinds' tables let time do, and the alarms of cases whose answer
//! is late (docs/domain.md §1). Each case is a transaction of its own, decided by the same table as everybody's acts, so
//! two workers, or a worker and a clerk, never both win. When to run it is the host's affair.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use crate::cases::{act_by_system, alarm, due_for_alarm, due_to_act};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Cases changed because their time had come.
    pub acted: u32,
    /// Alarms given: warned, breached, escalated.
    pub alarms: u32,
}

/// One round. A case that cannot be worked on is logged and left for the next; the others go on.
pub async fn round(bank: &Bank) -> Result<Round, Failure> {
    let now = bank.now();
    let mut done = Round::default();
    let late = due_for_alarm(&mut bank.read().await?, now).await?;
    for number in late {
        done.alarms += logged(give_alarms(bank, &number).await);
    }
    let due = due_to_act(&mut bank.read().await?, now).await?;
    for number in due {
        done.acted += u32::from(logged(act_by_system(bank, &number).await));
    }
    Ok(done)
}

/// What was done; a failure is ours to mend and must not stop the round.
fn logged<T: Default>(outcome: Result<T, Failure>) -> T {
    outcome.unwrap_or_else(|failure| {
        tracing::error!(error = %failure, "the worker left a case for the next round");
        T::default()
    })
}

async fn give_alarms(bank: &Bank, number: &str) -> Result<u32, Failure> {
    bank.write::<_, Infallible, _>("alarm", |tx| async move { Ok(alarm(tx, number).await?) }.scope_boxed())
        .await
        .map_err(Rejected::into_failure)
}
