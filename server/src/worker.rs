//! The periodic tasks: once at start and then every minute; messages also when a code has to arrive at once. Each task calls one
//! bank operation. A failed task is logged and retried a minute later; the other tasks continue.

use std::sync::Arc;
use std::time::Duration;

use bank::cases::fold_counts;
use bank::kernel::bank::Bank;
use bank::kernel::forms::delete_expired_drafts;
use bank::kernel::retention::delete_expired_rows;
use bank::kernel::time::Day;
use bank::messages::{self, ClaimedMessage};
use tokio::sync::{Mutex, Notify};

use crate::adapters::outbox::{Gateway, OutgoingMessage, SendError};
use crate::commands::demo;
use crate::host;

/// Interval between passes.
const EVERY: Duration = Duration::from_mins(1);

/// Messages claimed at once; batches follow until none is due. Small, so that a claim does not expire during sending, and a code,
/// which comes first in the next batch, waits for few others.
const BATCH: i64 = 5;

/// The worker of one server process.
#[derive(Clone)]
pub struct Worker {
    bank: Bank,
    gateway: Option<Arc<dyn Gateway>>,
    /// Asks for the messages to be sent before the next minute.
    courier: Arc<Notify>,
    /// The day for which the daily tasks are done.
    daily: Arc<Mutex<Option<Day>>>,
}

impl Worker {
    /// A worker for this bank. Without a gateway messages are shown in the portal only.
    pub fn new(bank: Bank, gateway: Option<Arc<dyn Gateway>>) -> Self {
        Self { bank, gateway, courier: Arc::default(), daily: Arc::default() }
    }

    /// Wakes this worker to send messages, if there is a gateway.
    pub fn courier(&self) -> Option<Arc<Notify>> {
        self.gateway.is_some().then(|| self.courier.clone())
    }

    /// Runs a pass every minute until the future is dropped, and sends messages when it is woken.
    pub async fn run(self) {
        let mut minutes = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
        minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = minutes.tick() => self.pass().await,
                () = self.courier.notified() => { report("send messages", self.send_messages().await); }
            }
        }
    }

    /// Runs every task once.
    pub async fn pass(&self) {
        report("time-outs, no-shows, alarms", self.act().await);
        report("add up the desk's counts", self.fold_counts().await);
        report("top up receptions", self.top_up_receptions().await);
        report("send messages", self.send_messages().await);
        report("forget old drafts", self.delete_expired_drafts().await);
        let today = self.bank.now().day();
        let mut done = self.daily.lock().await;
        if *done != Some(today) {
            let deleted = report("forget what was kept long enough", self.delete_expired_rows().await);
            let optimized = self.bank.db().optimize().await.map(|()| 1).map_err(Into::into);
            if report("statistics of the query planner", optimized) && deleted {
                *done = Some(today);
            }
        }
    }

    /// Actions by time (docs/domain.md §3).
    async fn act(&self) -> anyhow::Result<usize> {
        let round = bank::worker::round(&self.bank).await?;
        Ok(usize::try_from(round.acted + round.alarms).unwrap_or(usize::MAX))
    }

    /// Sends messages until none is due.
    async fn send_messages(&self) -> anyhow::Result<usize> {
        let Some(gateway) = &self.gateway else { return Ok(0) };
        let mut sent = 0;
        loop {
            let batch = messages::claim_unsent(&self.bank, BATCH).await?;
            if batch.is_empty() {
                return Ok(sent);
            }
            for claimed in batch {
                // The gateway was slow and the claim has expired: another worker may have claimed the message.
                if !claimed.is_held(self.bank.now()) {
                    continue;
                }
                match send(gateway.as_ref(), &claimed).await {
                    Ok(()) => {
                        messages::mark_sent(&self.bank, &claimed).await?;
                        sent += 1;
                    }
                    Err(why) => {
                        let dead = messages::mark_failed(&self.bank, &claimed, &why.reason, why.for_good).await?;
                        tracing::error!(message = claimed.message.id, attempt = claimed.attempt, dead, %why, "a message was not sent");
                    }
                }
            }
        }
    }

    async fn fold_counts(&self) -> anyhow::Result<usize> {
        Ok(usize::try_from(fold_counts(&self.bank).await?).unwrap_or(usize::MAX))
    }

    async fn delete_expired_drafts(&self) -> anyhow::Result<usize> {
        Ok(usize::try_from(delete_expired_drafts(&self.bank).await?).unwrap_or(usize::MAX))
    }

    async fn delete_expired_rows(&self) -> anyhow::Result<usize> {
        Ok(usize::try_from(delete_expired_rows(&self.bank).await?).unwrap_or(usize::MAX))
    }

    /// Keeps a demo bank supplied with reception days for the next three weeks.
    async fn top_up_receptions(&self) -> anyhow::Result<usize> {
        if host::is_demo(&self.bank).await? { demo::top_up(&self.bank).await } else { Ok(0) }
    }
}

async fn send(gateway: &dyn Gateway, claimed: &ClaimedMessage) -> Result<(), SendError> {
    let message = &claimed.message;
    let Some(phone) = claimed.phone.clone() else {
        return Err(SendError { reason: "the number cannot be read".to_owned(), for_good: false });
    };
    let words = app::messages::text(message.language, &message.kind, &message.details);
    let case = message.case_number.as_deref().unwrap_or_default();
    let lines = [case, &words.title, &words.body];
    let text = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    gateway.send(&OutgoingMessage { key: message.id.clone(), written: message.created_at, phone, text }).await
}

fn report(task: &'static str, outcome: anyhow::Result<usize>) -> bool {
    match &outcome {
        Ok(0) => {}
        Ok(done) => tracing::info!(task, done, "worker"),
        Err(error) => tracing::error!(task, error = format!("{error:#}"), "worker"),
    }
    outcome.is_ok()
}
