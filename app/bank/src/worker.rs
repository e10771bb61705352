//! Scheduled work, once a minute: system actions of the transition tables, alarms of cases (docs/domain.md §1), moves and leaves of
//! staff whose day has come (docs/domain.md §12), and imports whose process has died. Each case has its own transaction and is decided
//! with the same table as every other action, so that of two workers, or of a worker and a clerk, only one succeeds. The host
//! schedules it.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use crate::cases::{act_by_system, due_for_alarm, due_to_act, give_alarms};
use crate::imports;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::sessions::apply_due_plans;

/// The result of one pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Cases changed because their time had come.
    pub acted: u32,
    /// Alarms raised.
    pub alarms: u32,
    /// Staff who moved or left because their day had come.
    pub moved: u32,
}

/// One pass. A case that cannot be handled is logged and left for the next pass; the others continue.
pub async fn round(bank: &Bank) -> Result<Round, Failure> {
    let now = bank.now();
    let mut done = Round::default();
    let late = due_for_alarm(&mut bank.read().await?, now).await?;
    for number in late {
        done.alarms += logged(alarm(bank, &number).await);
    }
    let due = due_to_act(&mut bank.read().await?, now).await?;
    for number in due {
        done.acted += u32::from(logged(act_by_system(bank, &number).await));
    }
    done.moved = apply_due_plans(bank).await?;
    imports::resume(bank).await?;
    Ok(done)
}

/// The result; a failure is logged and counts as the default, so that it does not stop the pass.
fn logged<T: Default>(outcome: Result<T, Failure>) -> T {
    outcome.unwrap_or_else(|failure| {
        tracing::error!(error = %failure, "the worker left a case for the next round");
        T::default()
    })
}

async fn alarm(bank: &Bank, number: &str) -> Result<u32, Failure> {
    bank.write::<_, Infallible, _>("alarm", |tx| async move { Ok(give_alarms(tx, number).await?) }.scope_boxed())
        .await
        .map_err(Rejected::into_failure)
}
