//! What must be settled before somebody goes: at least two people can administer, and no open case is left that nobody may
//! handle (docs/domain.md §12). A case belongs to a branch, not to a person, so whoever is not the last there can always go.

use super::super::access::{Permission, Reach};
use super::records::{self, Holder, Who};
use super::{ADMINISTERS, Place};
use crate::administration::Touch;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::Day;

/// How many people must be able to administer at any time, because nobody approves what they proposed.
pub(super) const ADMINISTRATORS: i64 = 2;

/// Who goes, and when.
pub(super) struct Going<'g> {
    pub who: Who<'g>,
    /// Where a single person works afterwards; `None`: nowhere.
    pub becomes: Option<&'g Place>,
    /// The first day on which they no longer hold the permissions.
    pub from: Day,
    pub today: Day,
    /// The permissions they could lose.
    pub permissions: &'g [Permission],
}

impl Going<'_> {
    /// What must be settled first; empty: they may go. Somebody who has not activated, leaves, or moves on a later day does not
    /// count as one who stays.
    pub async fn hindered(&self, conn: &mut Conn) -> Result<Vec<Touch>, Failure> {
        let mut administrators = None;
        let mut unattended = 0;
        for permission in self.permissions.iter().copied() {
            let lost = records::list_holders(conn, permission, self.who, self.today).await?;
            if lost.is_empty() {
                continue;
            }
            let mut stay = records::list_staying(conn, permission, self.who, self.from).await?;
            if let Some(place) = self.becomes {
                stay.extend(records::find_holder(conn, permission, &place.role, place.branch.as_deref(), self.from).await?);
            }
            if ADMINISTERS.contains(&permission) {
                let count = i64::try_from(stay.len()).unwrap_or(i64::MAX);
                if count < ADMINISTRATORS {
                    administrators = Some(administrators.map_or(count, |fewest: i64| fewest.min(count)));
                }
                continue;
            }
            let cases = records::count_waiting_for(conn, permission).await?;
            let alone = cases.iter().filter(|(branch, _)| covers(&lost, branch) && !covers(&stay, branch));
            unattended = unattended.max(alone.map(|(_, count)| count).sum());
        }
        let administrators = administrators.map(|count| Touch::Administrators { count });
        let unattended = (unattended > 0).then_some(Touch::Unattended { count: unattended });
        Ok(administrators.into_iter().chain(unattended).collect())
    }
}

/// Whether one of the holders reaches the cases of a branch; an empty one is head office.
fn covers(holders: &[Holder], branch: &str) -> bool {
    holders.iter().any(|holder| match Reach::parse(&holder.reach) {
        Some(Reach::Bank) => true,
        Some(Reach::Branch) => !branch.is_empty() && holder.branch_id.as_deref() == Some(branch),
        _ => false,
    })
}
