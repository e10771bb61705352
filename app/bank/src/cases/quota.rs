//! How many cases one customer may have open at a time, and record of one kind a day (docs/domain.md §1). A kind judges this
//! before it begins its transaction; `flow::open` judges again under the lock of the customer's row, so that concurrent forms
//! of one customer are counted one after the other.

use serde::{Deserialize, Serialize};

use crate::kernel::parameters::Parameters;

/// A limit on a customer's cases that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaFull {
    /// Cases of any kind that are not final.
    Open {
        /// `cases_open_max`.
        max: i64,
    },
    /// Cases of this kind recorded today, whatever became of them.
    Today {
        /// `cases_day_max`.
        max: i64,
    },
}

impl QuotaFull {
    /// Every code; each kind's refusals contain them.
    pub const CODES: [&str; 2] = ["too_many_open", "too_many_today"];

    /// Stable code, the same for every kind.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open { .. } => Self::CODES[0],
            Self::Today { .. } => Self::CODES[1],
        }
    }
}

/// The cases a customer has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Of any kind, not final.
    pub open: i64,
    /// Of one kind, recorded today.
    pub today: i64,
}

impl Counted {
    /// The first limit that leaves no room for another case.
    pub fn full(self, parameters: &Parameters) -> Option<QuotaFull> {
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
    use crate::branches::Reference;
    use crate::cases::CaseKind;
    use crate::cases::records::{count_cases, lock_customer};
    use crate::kernel::bank::Bank;
    use crate::kernel::database::Tx;
    use crate::kernel::failure::Failure;
    use crate::kernel::time::At;
    use crate::sessions::Customer;

    /// The limit that leaves this customer no room for another case of a kind.
    pub(crate) async fn quota_full(
        bank: &Bank,
        customer: &Customer,
        kind: CaseKind,
        reference: &Reference,
    ) -> Result<Option<QuotaFull>, Failure> {
        let today = bank.now().day();
        let since = At::midnight(today);
        let counted: Counted = count_cases(&mut bank.read().await?, customer.customer_id(), kind, since).await?;
        Ok(counted.full(&reference.parameters("", today)))
    }

    /// The same in the transaction that makes the case: until it ends, no other makes one for this customer.
    pub(in crate::cases) async fn has_room(
        tx: &mut Tx,
        customer_id: &str,
        kind: CaseKind,
        reference: &Reference,
    ) -> Result<bool, Failure> {
        lock_customer(tx, customer_id).await?;
        let today = tx.now().day();
        let counted = count_cases(tx, customer_id, kind, At::midnight(today)).await?;
        Ok(counted.full(&reference.parameters("", today)).is_none())
    }
}

#[cfg(feature = "records")]
pub(in crate::cases) use operations::has_room;
#[cfg(feature = "records")]
pub(crate) use operations::quota_full;

#[cfg(test)]
mod tests {
    use super::{Counted, QuotaFull};
    use crate::kernel::parameters::Parameters;

    #[test]
    fn the_last_one_is_taken_and_no_more() {
        let rules = Parameters::default();
        let (open, today) = (rules.cases_open_max, rules.cases_day_max);
        assert_eq!(Counted { open: open - 1, today: today - 1 }.full(&rules), None);
        assert_eq!(Counted { open, today }.full(&rules), Some(QuotaFull::Open { max: open }));
        assert_eq!(Counted { open: 0, today }.full(&rules), Some(QuotaFull::Today { max: today }));
    }
}
