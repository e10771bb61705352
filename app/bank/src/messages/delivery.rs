//! How the delivery of messages goes, for administrators: counts and reasons, no message and no customer.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::{SEND_WITHIN, delivery_records as records};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::{Permission, Staff};

/// How delivery goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Waiting to be sent.
    pub open: i64,
    /// When the oldest of them was written.
    pub oldest: Option<At>,
    /// Written today, and sent.
    pub sent_today: i64,
    /// Messages that were given up, by kind and reason.
    pub given_up: Vec<Undelivered>,
}

/// Messages of one kind that were given up for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// `<kind of case>_<what>`.
    pub kind: String,
    /// As the gateway said it; `quota` and `too old` are the portal's.
    pub reason: String,
    pub count: i64,
    /// How many of them are recent enough to be sent again.
    pub again: i64,
    /// When the latest of them was given up.
    pub latest: At,
}

/// How delivery goes now.
pub async fn deliveries(bank: &Bank, staff: &Staff) -> Result<Deliveries, Failure> {
    if !staff.may(Permission::ChangeSettings) {
        return Ok(Deliveries::default());
    }
    let now = bank.now();
    let mut conn = bank.read().await?;
    let (open, oldest) = records::count_open(&mut conn).await?;
    Ok(Deliveries {
        open,
        oldest,
        sent_today: records::count_sent(&mut conn, At::midnight(now.day())).await?,
        given_up: records::list_given_up(&mut conn, At(now.0 - SEND_WITHIN)).await?,
    })
}

/// Sends messages of a kind again that were given up for this reason and are not outdated; returns their number. Messages
/// beyond the quota of their number are not sent. A repeated call finds none.
pub async fn retry(bank: &Bank, staff: &Staff, kind: &str, reason: &str) -> Result<i64, Failure> {
    if !staff.may(Permission::ChangeSettings) {
        return Ok(0);
    }
    bank.write::<_, Infallible, _>("retry_messages", |tx| {
        async move {
            let since = At(tx.now().0 - SEND_WITHIN);
            let count = records::reopen(tx, kind, reason, since).await?;
            insert_audit(tx, &staff.actor(), "messages_retry", kind, &count.to_string()).await?;
            Ok(count)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
