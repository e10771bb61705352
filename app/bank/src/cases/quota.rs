//! Quotas of a customer: open cases, and new cases of one kind per day (docs/domain.md §1). A kind checks them before its
//! transaction; `flow::open` checks again with the customer's row locked, so that concurrent submissions of one customer are
//! counted one after the other.

use serde::{Deserialize, Serialize};

#[cfg(feature = "records")]
use super::parameters::CaseParameters;

/// A quota that is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaFull {
    /// Open cases of all kinds.
    Open {
        /// The parameter `cases_open_max`.
        max: i64,
    },
    /// Cases of this kind submitted today, in any state.
    Today {
        /// The parameter `cases_day_max`.
        max: i64,
    },
}

impl QuotaFull {
    /// All codes. They are part of the refusal codes of every kind.
    pub const CODES: [&str; 2] = ["too_many_open", "too_many_today"];

    /// The stable code, the same for every kind.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open { .. } => Self::CODES[0],
            Self::Today { .. } => Self::CODES[1],
        }
    }
}

/// Counts of a customer's cases.
#[cfg(feature = "records")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Cases of all kinds that are not final.
    pub open: i64,
    /// Cases of one kind submitted today.
    pub today: i64,
}

#[cfg(feature = "records")]
impl Counted {
    /// The first exhausted quota, if any.
    pub fn full(self, parameters: &CaseParameters) -> Option<QuotaFull> {
        let (open, today) = (parameters.cases_open_max, parameters.cases_day_max);
        if self.open >= open {
            Some(QuotaFull::Open { max: open })
        } else {
            (self.today >= today).then_some(QuotaFull::Today { max: today })
        }
    }
}

#[cfg(feature = "records")]
mod operations {
    use super::{Counted, QuotaFull};
    use crate::branches::{self, Reference};
    use crate::cases::CaseKind;
    use crate::cases::records::{count_cases, lock_customer};
    use crate::kernel::bank::Bank;
    use crate::kernel::database::{Part, Reads, Tx};
    use crate::kernel::failure::Failure;
    use crate::kernel::time::{At, Day};
    use crate::sessions::Customer;

    /// The exhausted quota that prevents this customer from submitting another case of a kind, if any.
    pub(crate) async fn quota_full(
        bank: &Bank,
        customer: &Customer,
        kind: CaseKind,
        reference: &Reference,
    ) -> Result<Option<QuotaFull>, Failure> {
        let today = bank.now().day();
        let counted = counted(customer.customer_id(), kind, today).fetch(&mut bank.read().await?).await?;
        Ok(counted.full(&reference.parameters("", today)))
    }

    /// The counts that [`Counted::full`] compares with the quotas, to be read together with other data.
    pub(crate) fn counted(customer_id: &str, kind: CaseKind, today: Day) -> Part<Counted> {
        count_cases(customer_id, kind, At::midnight(today))
    }

    /// Locks the customer's row. `false` if branch, day or a parameter may no longer be what was validated.
    pub(crate) async fn lock_holder(tx: &mut Tx, customer_id: &str, reference: &Reference) -> Result<bool, Failure> {
        lock_customer(tx, customer_id).await?;
        let holds = branches::version().fetch(tx).await? == reference.version;
        if !holds {
            branches::read_again();
        }
        Ok(holds)
    }

    /// The same check in the transaction that inserts the case. It locks the customer's row, so that no concurrent transaction
    /// inserts a case for this customer. `false` also if the branch, the day or a parameter may no longer be what the case was
    /// prepared with: the reference data have another version. The lock keeps that version until the case is committed.
    pub(in crate::cases) async fn has_room(
        tx: &mut Tx,
        customer_id: &str,
        kind: CaseKind,
        reference: &Reference,
    ) -> Result<bool, Failure> {
        lock_customer(tx, customer_id).await?;
        let today = tx.now().day();
        let mut reads = Reads::default();
        let (counted, version) = (reads.add(counted(customer_id, kind, today)), reads.add(branches::version()));
        let mut rows = reads.fetch(tx).await?;
        if rows.take(version)? != reference.version {
            branches::read_again();
            return Ok(false);
        }
        Ok(rows.take(counted)?.full(&reference.parameters("", today)).is_none())
    }
}

#[cfg(feature = "records")]
pub(in crate::cases) use operations::has_room;
#[cfg(feature = "records")]
pub(crate) use operations::{counted, lock_holder, quota_full};

#[cfg(all(test, feature = "records"))]
mod tests {
    use super::{Counted, QuotaFull};
    use crate::cases::CaseParameters;

    #[test]
    fn the_last_one_is_taken_and_no_more() {
        let rules = CaseParameters::default();
        let (open, today) = (rules.cases_open_max, rules.cases_day_max);
        assert_eq!(Counted { open: open - 1, today: today - 1 }.full(&rules), None);
        assert_eq!(Counted { open, today }.full(&rules), Some(QuotaFull::Open { max: open }));
        assert_eq!(Counted { open: 0, today }.full(&rules), Some(QuotaFull::Today { max: today }));
    }
}
