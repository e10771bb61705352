//! Messages to customers: rows of the outbox, written in the transaction that gives the reason, shown in the portal
//! and sent by the worker, as many to one number a day as the quota allows. Nothing is lost; every attempt at a message carries the same key, so that a gateway accepts it
//! once. The words are the app's.
//!
//! Reading order: this file (types and operations), `records.rs` (rows), `quota_records.rs` (messages per number and day).

mod quota_records;
mod records;

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

pub(crate) use records::insert_message;

use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::language::Language;
use crate::kernel::time::At;
use crate::sessions::Customer;

/// A message as it is stored: kind and facts, no words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its row.
    pub id: String,
    /// The case it is about.
    pub case_number: Option<String>,
    /// Which text: `<kind of case>_<action>`.
    pub kind: String,
    /// Values for the text.
    pub details: serde_json::Value,
    /// The language the customer had chosen.
    pub language: Language,
    /// When it was written.
    pub created_at: At,
    /// Whether it was sent to the customer's phone.
    pub delivery: Delivery,
    /// When the customer said that they have read it.
    pub read_at: Option<At>,
}

/// What became of sending a message. The portal shows it whatever became of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Not sent yet.
    Open,
    /// Handed over to the gateway.
    Sent(At),
    /// Not sent, because its number had its messages of the day.
    OverQuota,
    /// Given up after several attempts.
    GivenUp,
}

/// A message to be written.
pub(crate) struct NewMessage<'m> {
    /// To whom.
    pub customer_id: &'m str,
    /// About what.
    pub case_number: &'m str,
    /// Which text.
    pub kind: &'m str,
    /// Values for the text.
    pub details: &'m serde_json::Value,
    /// The number the customer gave for this case; `None`: the one the bank holds.
    pub phone: Option<&'m str>,
    /// `messages_day_max`.
    pub day_max: i64,
}

/// A message this worker has claimed, with where to. Its id is the key of every attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// What.
    pub message: Message,
    /// The number it goes to; `None` when it cannot be opened.
    pub phone: Option<String>,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    claim: String,
    claimed_at: At,
}

impl Unsent {
    /// Whether the claim still holds, with time to spare for sending.
    pub fn is_held(&self, now: At) -> bool {
        now.0 < self.claimed_at.0 + CLAIM_FOR / 2
    }
}

/// How long a worker may hold a message before another takes it over (ms).
const CLAIM_FOR: i64 = 5 * 60_000;

/// Minutes between one attempt and the next; after the last the message is a dead letter.
const BACK_OFF: [i64; 5] = [1, 5, 15, 60, 240];

/// A message that has not gone out within this time (ms) says nothing worth knowing any more.
const SEND_WITHIN: i64 = 2 * 24 * 3_600_000;

/// Messages of a case, the oldest first.
pub async fn list_for_case(bank: &Bank, case: &CaseLine) -> Result<Vec<Message>, Failure> {
    records::list_for_case(&mut bank.read().await?, &case.number).await
}

/// The customer's unread messages, the newest first.
pub async fn list_unread(bank: &Bank, customer: &Customer) -> Result<Vec<Message>, Failure> {
    records::list_unread(&mut bank.read().await?, customer.customer_id()).await
}

/// The customer has read what was said about a case.
pub async fn mark_read(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Failure> {
    let now = bank.now();
    bank.write::<_, Infallible, _>("mark_read", |tx| {
        async move { Ok(records::mark_read(tx, customer.customer_id(), number, now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Claims up to `limit` messages that are due for this worker. A claim counts as an attempt: whoever crashes while sending
/// has tried.
pub async fn claim_unsent(bank: &Bank, limit: i64) -> Result<Vec<Unsent>, Failure> {
    let rows = bank
        .write::<_, Infallible, _>("claim_messages", |tx| {
            async move {
                let now = tx.now();
                records::give_up_older(tx, At(now.0 - SEND_WITHIN)).await?;
                let claim = tx.new_id()?;
                let rows = records::claim_unsent(tx, &claim, At(now.0 - CLAIM_FOR), limit).await?;
                Ok((claim, now, rows))
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    let (claim, claimed_at, rows) = rows;
    let open = |(message, attempt, to): (Message, i64, records::SealedPhone)| {
        let phone = to.open(bank.seal());
        if let Err(failure) = &phone {
            tracing::error!(error = %failure, message = message.id, "the number of a message cannot be read");
        }
        Unsent { message, phone: phone.ok(), attempt, claim: claim.clone(), claimed_at }
    };
    Ok(rows.into_iter().map(open).collect())
}

/// A claimed message has been handed over.
pub async fn mark_sent(bank: &Bank, unsent: &Unsent) -> Result<(), Failure> {
    bank.write::<_, Infallible, _>("mark_sent", |tx| {
        async move { Ok(records::mark_sent(tx, &unsent.message.id, &unsent.claim).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// A claimed message was not accepted: it is tried again later, or given up when that is of no use (`for_good`) or was
/// tried often enough. Whether it is a dead letter now. `reason` never holds personal data.
pub async fn mark_failed(bank: &Bank, unsent: &Unsent, reason: &str, for_good: bool) -> Result<bool, Failure> {
    let tried = usize::try_from(unsent.attempt - 1).unwrap_or_default();
    let wait = BACK_OFF.get(tried).filter(|_| !for_good);
    bank.write::<_, Infallible, _>("mark_failed", |tx| {
        async move {
            let due = wait.map(|minutes| At(tx.now().0 + minutes * 60_000));
            records::mark_failed(tx, &unsent.message.id, &unsent.claim, reason, due).await?;
            Ok(due.is_none())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
