//! Another place that the bank proposes for an appointment (docs/domain.md §3.5), and the customer's answer, for every kind
//! whose table has the actions [`super::ACCEPT`] and [`super::REJECT`]. What the place holds, and what becomes of it, is up to
//! the kind.

use scoped_futures::ScopedFutureExt;

use super::flow::act_for_holder;
use super::record::lock_of_holder;
use super::records;
use super::table::NotAllowed;
use crate::branches::reference;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Rejected;
use crate::kernel::forms::Values;
use crate::kernel::time::{At, Day, Time};
use crate::sessions::Customer;

/// Another place for an appointment, which waits for its customer's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Id of the branch.
    pub branch_id: String,
    pub day: Day,
    /// Start.
    pub slot: Time,
    pub end: At,
    /// Until when the customer can answer.
    pub until: At,
    /// Code of the state before.
    pub from: String,
    /// User id of who proposed it.
    pub by: String,
}

impl Proposal {
    pub fn start(&self) -> At {
        At::of(self.day, self.slot)
    }
}

/// A customer answers the proposal that their page showed; `seen` is the version of the case there, so that another proposal is
/// not answered unseen. The same answer again succeeds and changes nothing. An answer that was decided on outdated branches or
/// calendar is decided again.
///
/// # Errors
/// [`NotAllowed`]: the proposal has been answered otherwise, has lapsed, or cannot be accepted any more.
pub async fn answer_proposal(
    bank: &Bank,
    customer: &Customer,
    number: &str,
    action: &str,
    seen: i64,
) -> Result<(), Rejected<NotAllowed>> {
    let mut known = reference(bank).await?;
    loop {
        let done = bank
            .write("answer_proposal", |tx| {
                let reference = &known;
                async move {
                    let case = lock_of_holder(tx, customer, number).await?.ok_or(Rejected::Refused(NotAllowed::State))?;
                    if case.version == seen {
                        return act_for_holder(tx, reference, customer, number, action, &Values::default()).await;
                    }
                    let repeated = records::was_done(tx, number, seen + 1, action).await?;
                    if repeated { Ok(()) } else { Err(Rejected::Refused(NotAllowed::State)) }
                }
                .scope_boxed()
            })
            .await;
        let current = reference(bank).await?;
        if !matches!(done, Err(Rejected::Refused(_))) || current.version == known.version {
            return done;
        }
        known = current;
    }
}
