//! The periodic work, once a minute: system actions of the kinds' tables, and escalation of cases whose service time has
//! passed (docs/domain.md §1). Each case is a transaction of its own, decided by the same table as every other act, so that
//! of two workers, or of a worker and a clerk, only one succeeds. The host schedules it.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use crate::cases::{act_by_system, due_for_escalation, due_to_act, escalate};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Cases changed because their time had come.
    pub acted: u32,
    /// Late cases marked.
    pub escalated: u32,
}

/// One round. A case that cannot be worked on is logged and left for the next; the others go on.
pub async fn round(bank: &Bank) -> Result<Round, Failure> {
    let now = bank.now();
    let mut done = Round::default();
    let late = due_for_escalation(&mut bank.read().await?, now).await?;
    for number in late {
        done.escalated += u32::from(logged(mark_late(bank, &number).await));
    }
    let due = due_to_act(&mut bank.read().await?, now).await?;
    for number in due {
        done.acted += u32::from(logged(act_by_system(bank, &number).await));
    }
    Ok(done)
}

/// Whether something was done; a failure is ours to mend and must not stop the round.
fn logged(outcome: Result<bool, Failure>) -> bool {
    outcome.unwrap_or_else(|failure| {
        tracing::error!(error = %failure, "the worker left a case for the next round");
        false
    })
}

async fn mark_late(bank: &Bank, number: &str) -> Result<bool, Failure> {
    bank.write::<_, Infallible, _>("escalate", |tx| async move { Ok(escalate(tx, number).await?) }.scope_boxed())
        .await
        .map_err(Rejected::into_failure)
}
