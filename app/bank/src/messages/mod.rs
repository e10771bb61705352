//! Messages to customers: rows of the outbox, written in the transaction that gives the reason, shown in the portal
//! and sent by the worker. Nothing is lost, nothing is sent twice. The words are the app's.
//!
//! Reading order: this file (types and operations), `records.rs` (rows).

mod records;

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
    /// When the customer said that they have read it.
    pub read_at: Option<At>,
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
}

/// A message to be sent, with where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// What.
    pub message: Message,
    /// The customer's phone, opened.
    pub phone: String,
}

/// How long a worker may hold a message before another takes it over (ms).
const CLAIM_FOR: i64 = 5 * 60_000;

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
    bank.write::<_, std::convert::Infallible, _>("mark_read", |tx| {
        async move { Ok(records::mark_read(tx, customer.customer_id(), number, now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Claims up to `limit` unsent messages for this worker.
pub async fn claim_unsent(bank: &Bank, limit: i64) -> Result<Vec<Unsent>, Failure> {
    let now = bank.now();
    let rows = bank
        .write::<_, std::convert::Infallible, _>("claim_messages", |tx| {
            async move { Ok(records::claim_unsent(tx, now, At(now.0 - CLAIM_FOR), limit).await?) }.scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    let opened = rows.into_iter().filter_map(|(message, to)| match to.open(bank.seal()) {
        Ok(phone) => Some(Unsent { message, phone }),
        Err(failure) => {
            tracing::error!(error = %failure, message = message.id, "a message has no readable number and stays unsent");
            None
        }
    });
    Ok(opened.collect())
}

/// A claimed message has been handed over.
pub async fn mark_sent(bank: &Bank, id: &str) -> Result<(), Failure> {
    let now = bank.now();
    bank.write::<_, std::convert::Infallible, _>("mark_sent", |tx| {
        async move { Ok(records::mark_sent(tx, id, now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
