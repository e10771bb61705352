//! Messages to customers (outbox). They are written in the transaction of the change, shown in the portal and sent by the worker,
//! up to the daily quota of a phone number. No message is lost; all attempts carry the same idempotency key, so that a gateway
//! accepts a message once. Texts are rendered by the crate `app`.
//!
//! Reading order: this file (types and operations), `records.rs` (rows), `quota_records.rs` (messages per number and day),
//! `parameters.rs`, `delivery.rs` (how delivery goes, for administrators).

mod check_records;
mod delivery;
mod delivery_records;
mod parameters;
mod quota_records;
mod records;

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

pub(crate) use check_records::check;
pub use delivery::{Deliveries, Undelivered, deliveries, retry};
pub use parameters::MessageParameters;
pub(crate) use records::insert_message;

use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::language::Language;
use crate::kernel::time::At;
use crate::sessions::Customer;

/// A stored message: kind and values; the text is rendered when it is shown or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub case_number: Option<String>,
    /// `<kind of case>_<what>`; selects the text.
    pub kind: String,
    /// Values for the text.
    pub details: serde_json::Value,
    /// The customer's language when it was written.
    pub language: Language,
    pub created_at: At,
    /// Whether the message was sent to the customer's phone.
    pub delivery: Delivery,
    /// When the customer marked it as read.
    pub read_at: Option<At>,
}

/// Delivery state of a message. The portal shows the message in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Not sent yet.
    Open,
    /// Accepted by the gateway.
    Sent(At),
    /// Not sent, because the daily quota of its phone number was exhausted.
    OverQuota,
    /// Not delivered after the last attempt.
    GivenUp,
}

/// The kind of the message with a code for a step-up.
pub const STEP_UP_CODE: &str = "step_up_code";

/// A one-time code, stored sealed beside its message until that is sent or given up, and never shown in the portal.
pub(crate) struct OneTimeCode<'m> {
    pub code: &'m str,
    /// It is not sent after this time.
    pub until: At,
}

/// A new message.
pub(crate) struct NewMessage<'m> {
    pub customer_id: &'m str,
    /// `None`: it is about the sign-in.
    pub case_number: Option<&'m str>,
    /// Selects the text.
    pub kind: &'m str,
    /// Values for the text.
    pub details: &'m serde_json::Value,
    /// The phone number given for this case; `None`: the number on file.
    pub phone: Option<&'m str>,
    /// The parameter `messages_day_max`.
    pub day_max: i64,
    /// Sent with the text; a newer one replaces those of the customer that are not sent yet.
    pub code: Option<OneTimeCode<'m>>,
}

/// A message this worker has claimed. Its id is the idempotency key of all attempts. A one-time code is the value `code` of its details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMessage {
    pub message: Message,
    /// The recipient's number; `None` if it cannot be opened.
    pub phone: Option<String>,
    /// Number of this attempt, from 1.
    pub attempt: i64,
    claim: String,
    claimed_at: At,
}

impl ClaimedMessage {
    /// Whether the claim is still valid, with enough time left for sending.
    pub fn is_held(&self, now: At) -> bool {
        now.0 < self.claimed_at.0 + CLAIM_FOR / 2
    }
}

/// Validity of a claim (ms); afterwards another worker may claim the message.
const CLAIM_FOR: i64 = 5 * 60_000;

/// Minutes between attempts; after the last one the message becomes a dead letter.
const BACK_OFF: [i64; 5] = [1, 5, 15, 60, 240];

/// A message not sent within this time (ms) is outdated and is not sent any more.
const SEND_WITHIN: i64 = 2 * 24 * 3_600_000;

/// Messages of a case, the oldest first.
pub async fn list_for_case(bank: &Bank, case: &CaseLine) -> Result<Vec<Message>, Failure> {
    records::list_for_case(&mut bank.read().await?, &case.number).await
}

/// The latest messages about the customer's sign-in, the newest first.
pub async fn list_notices(bank: &Bank, customer: &Customer) -> Result<Vec<Message>, Failure> {
    records::list_notices(&mut bank.read().await?, customer.customer_id()).await
}

/// The customer's unread messages about cases, the newest first.
pub async fn list_unread(bank: &Bank, customer: &Customer) -> Result<Vec<Message>, Failure> {
    records::list_unread(&mut bank.read().await?, customer.customer_id()).await
}

/// Marks the messages of a case as read by the customer.
pub async fn mark_read(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Failure> {
    let now = bank.now();
    bank.write::<_, Infallible, _>("mark_read", |tx| {
        async move { Ok(records::mark_read(tx, customer.customer_id(), number, now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Claims up to `limit` due messages for this worker. A claim counts as an attempt, even if the worker crashes while sending.
pub async fn claim_unsent(bank: &Bank, limit: i64) -> Result<Vec<ClaimedMessage>, Failure> {
    let rows = bank
        .write::<_, Infallible, _>("claim_messages", |tx| {
            async move {
                let now = tx.now();
                records::expire_older(tx, At(now.0 - SEND_WITHIN)).await?;
                let claim = tx.new_id()?;
                let rows = records::claim_unsent(tx, &claim, At(now.0 - CLAIM_FOR), limit).await?;
                Ok((claim, now, rows))
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    let (claim, claimed_at, rows) = rows;
    let open = |(mut message, attempt, sealed): (Message, i64, records::SealedParts)| {
        let parts = sealed.open(bank.seal());
        if let Err(failure) = &parts {
            tracing::error!(error = %failure, message = message.id, "the number or the code of a message cannot be read");
        }
        let (phone, code) = parts.map_or((None, None), |(phone, code)| (Some(phone), code));
        if let (Some(code), Some(details)) = (code, message.details.as_object_mut()) {
            details.insert("code".to_owned(), code.into());
        }
        ClaimedMessage { message, phone, attempt, claim: claim.clone(), claimed_at }
    };
    Ok(rows.into_iter().map(open).collect())
}

/// Marks a claimed message as sent.
pub async fn mark_sent(bank: &Bank, claimed: &ClaimedMessage) -> Result<(), Failure> {
    bank.write::<_, Infallible, _>("mark_sent", |tx| {
        async move { Ok(records::mark_sent(tx, &claimed.message.id, &claimed.claim).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Records that a claimed message was not accepted. It is retried later, or becomes a dead letter if retrying is pointless
/// (`for_good`) or the attempts are used up. Returns whether it is a dead letter. `reason` must not hold personal data.
pub async fn mark_failed(bank: &Bank, claimed: &ClaimedMessage, reason: &str, for_good: bool) -> Result<bool, Failure> {
    let tried = usize::try_from(claimed.attempt - 1).unwrap_or_default();
    let wait = BACK_OFF.get(tried).filter(|_| !for_good);
    bank.write::<_, Infallible, _>("mark_failed", |tx| {
        async move {
            let due = wait.map(|minutes| At(tx.now().0 + minutes * 60_000));
            records::mark_failed(tx, &claimed.message.id, &claimed.claim, reason, due).await?;
            Ok(due.is_none())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
