//! Founding a bank (docs/domain.md §12): its names and contact details, and the two administrators whom everything else needs.
//! It is done once, by `lobby init`, in a database that holds nothing yet.
//!
//! Reading order: this file, then `records.rs` and `check_records.rs`.

mod check_records;
mod records;

use scoped_futures::ScopedFutureExt;

pub(crate) use self::check_records::check;
use crate::branches::{BankDetails, insert_bank_details, reference};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::facts::{find_fact, insert_fact};
use crate::kernel::failure::{Failure, Rejected};
use crate::sessions::{ADMINISTRATOR, ActivationKind, Secret, SessionParameters, StaffEntry, invite, put_staff};

/// The fact that marks a demo bank; its value is the day of loading.
pub const DEMO: &str = "demo";

/// The fact that marks a founded bank; its value is the day.
pub const FOUNDED: &str = "founded";

/// What a new bank begins with.
#[derive(Clone, Debug)]
pub struct Founding {
    pub details: BankDetails,
    /// Two different people, because one alone may approve nothing.
    pub administrators: [Administrator; 2],
}

/// One of the first administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    pub sign_in_name: String,
    /// Full name.
    pub name: String,
}

/// Why a bank is not founded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundingRefusal {
    /// The database holds the demo bank.
    Demo,
    /// The database holds a bank with users.
    Founded,
    /// A value of an administrator is refused.
    Entry(Vec<EntryRefusal>),
}

/// Founds the bank and returns the secret of each administrator's activation link, in their order.
pub async fn found(bank: &Bank, founding: &Founding) -> Result<[Secret; 2], Rejected<FoundingRefusal>> {
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let entries = founding.administrators.clone().map(|administrator| StaffEntry {
        sign_in_name: administrator.sign_in_name,
        name: administrator.name,
        role: ADMINISTRATOR.to_owned(),
        branch: None,
    });
    if entries[0].sign_in_name == entries[1].sign_in_name {
        let same = EntryRefusal { column: "sign_in_name", rule: EntryRule::AlreadyUsed };
        return Err(Rejected::Refused(FoundingRefusal::Entry(vec![same])));
    }
    let secrets = bank.write("found_bank", |tx| {
        let (entries, limits) = (&entries, &limits);
        async move {
            let today = tx.now().day().to_string();
            if find_fact(tx, DEMO).await?.is_some() {
                return Err(Rejected::Refused(FoundingRefusal::Demo));
            }
            // The key of the fact serialises concurrent foundings.
            if !insert_fact(tx, FOUNDED, &today).await? || records::has_users(tx).await? {
                return Err(Rejected::Refused(FoundingRefusal::Founded));
            }
            insert_bank_details(tx, &founding.details).await?;
            let mut secrets = Vec::new();
            for entry in entries {
                let put = put_staff(tx, entry).await.map_err(|rejected| rejected.map(FoundingRefusal::Entry))?;
                secrets.push(invite(tx, &put.user_id, ActivationKind::Link, None, limits).await?);
                insert_audit(tx, &Actor::operator(), "staff_joined", &put.user_id, "ok").await?;
            }
            insert_audit(tx, &Actor::operator(), "bank_founded", "bank", "ok").await?;
            Ok(secrets)
        }
        .scope_boxed()
    });
    let secrets = secrets.await?;
    secrets.try_into().map_err(|_| Rejected::Unexpected(Failure::Host("not two activation links".to_owned())))
}

/// Whether the database holds a bank: a founded one, the demo bank, or one of an earlier release with an administrator.
pub async fn is_founded(bank: &Bank) -> Result<bool, Failure> {
    records::holds_bank(&mut bank.read().await?).await
}
