//! What happens without a request: once at start and once a minute. Each task is one call of a bank operation; what
//! fails is logged and tried again a minute later, the other tasks go on.

use std::time::Duration;

use bank::kernel::bank::Bank;
use bank::kernel::forms::forget_drafts;
use bank::messages;

use crate::adapters::outbox::OutboxFolder;
use crate::commands::demo;
use crate::host;

/// How often the tasks are done.
const EVERY: Duration = Duration::from_mins(1);

/// Messages sent at once; the rest follows a minute later.
const BATCH: i64 = 200;

/// The worker of one server.
#[derive(Clone)]
pub struct Worker {
    bank: Bank,
    outbox: OutboxFolder,
}

impl Worker {
    /// For this bank; messages go to this folder.
    pub fn new(bank: Bank, outbox: OutboxFolder) -> Self {
        Self { bank, outbox }
    }

    /// Once a minute until it is dropped.
    pub async fn run(self) {
        let mut minutes = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
        minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            minutes.tick().await;
            self.pass().await;
        }
    }

    /// Everything once: the list of all tasks.
    pub async fn pass(&self) {
        report("time-outs, no-shows, late cases", self.act().await);
        report("top up receptions", self.top_up_receptions().await);
        report("send messages", self.send_messages().await);
        report("forget old drafts", self.forget_drafts().await);
    }

    /// What the bank does by itself (docs/domain.md §3).
    async fn act(&self) -> anyhow::Result<usize> {
        let round = bank::worker::round(&self.bank).await?;
        Ok(usize::try_from(round.acted + round.escalated).unwrap_or(usize::MAX))
    }

    /// Lays every unsent message into the outbox. A message that cannot be laid stays unsent.
    async fn send_messages(&self) -> anyhow::Result<usize> {
        let mut sent = 0;
        for unsent in messages::claim_unsent(&self.bank, BATCH).await? {
            let message = &unsent.message;
            let words = app::messages::text(message.language, &message.kind, &message.details);
            let case = message.case_number.as_deref().unwrap_or_default();
            let text =
                [case, &words.title, &words.body].into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
            match self.outbox.lay(message.created_at, &message.id, &unsent.phone, &text) {
                Ok(()) => {
                    messages::mark_sent(&self.bank, &message.id).await?;
                    sent += 1;
                }
                Err(error) => tracing::error!(message = message.id, error = format!("{error:#}"), "a message stays unsent"),
            }
        }
        Ok(sent)
    }

    async fn forget_drafts(&self) -> anyhow::Result<usize> {
        Ok(usize::try_from(forget_drafts(&self.bank).await?).unwrap_or(usize::MAX))
    }

    /// A demo bank always has reception days in the coming three weeks.
    async fn top_up_receptions(&self) -> anyhow::Result<usize> {
        if host::is_demo(&self.bank).await? { demo::top_up(&self.bank).await } else { Ok(0) }
    }
}

fn report(task: &'static str, outcome: anyhow::Result<usize>) {
    match outcome {
        Ok(0) => {}
        Ok(done) => tracing::info!(task, done, "worker"),
        Err(error) => tracing::error!(task, error = format!("{error:#}"), "worker"),
    }
}
