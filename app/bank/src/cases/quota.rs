//! How much one customer may ask of the bank at a time: open cases, and messages a day (docs/domain.md §3). The judgement is
//! pure; the transaction that makes a case locks the customer's row and judges again, so that many at once are one after
//! the other.

use serde::{Deserialize, Serialize};

#[cfg(feature = "records")]
use super::quota_records::{lock_customer, used};
#[cfg(feature = "records")]
use crate::kernel::database::{Conn, Tx};
#[cfg(feature = "records")]
use crate::kernel::failure::Failure;
use crate::kernel::parameters::Parameters;
#[cfg(feature = "records")]
use crate::kernel::time::At;

/// A quota that is used up; nothing new is taken until it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaFull {
    /// As many cases are open as may be.
    OpenCases {
        /// The most.
        max: i64,
    },
    /// As many messages have gone out today as may.
    Messages {
        /// The most a day.
        max: i64,
    },
}

/// What a customer has used of their quotas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Cases the bank still owes an answer to, or that still take the customer's time.
    pub open_cases: i64,
    /// Messages written for the customer today.
    pub messages: i64,
}

impl Used {
    /// The first quota that leaves no room for another case.
    pub fn full(&self, parameters: &Parameters) -> Option<QuotaFull> {
        let (cases, messages) = (parameters.open_cases_max, parameters.messages_day_max);
        if self.open_cases >= cases {
            Some(QuotaFull::OpenCases { max: cases })
        } else {
            (self.messages >= messages).then_some(QuotaFull::Messages { max: messages })
        }
    }
}

/// The quota of a customer that leaves no room, as things stand.
#[cfg(feature = "records")]
pub(crate) async fn quota_full(
    conn: &mut Conn,
    customer_id: &str,
    now: At,
    parameters: &Parameters,
) -> Result<Option<QuotaFull>, Failure> {
    Ok(used(conn, customer_id, At::midnight(now.day())).await?.full(parameters))
}

/// The same inside the transaction that makes a case: from here on it is the only one of this customer.
#[cfg(feature = "records")]
pub(crate) async fn take_quota(tx: &mut Tx, customer_id: &str, parameters: &Parameters) -> Result<Option<QuotaFull>, Failure> {
    lock_customer(tx, customer_id).await?;
    let now = tx.now();
    quota_full(tx, customer_id, now, parameters).await
}

#[cfg(test)]
mod tests {
    use super::{QuotaFull, Used};
    use crate::kernel::parameters::Parameters;

    #[test]
    fn the_last_one_is_taken_and_no_more() {
        let rules = Parameters::default();
        let (cases, messages) = (rules.open_cases_max, rules.messages_day_max);
        assert_eq!(Used { open_cases: cases - 1, messages: messages - 1 }.full(&rules), None);
        assert_eq!(Used { open_cases: cases, messages: 0 }.full(&rules), Some(QuotaFull::OpenCases { max: cases }));
        assert_eq!(Used { open_cases: 0, messages }.full(&rules), Some(QuotaFull::Messages { max: messages }));
    }
}
