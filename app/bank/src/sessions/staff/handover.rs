//! What must be settled before somebody goes: at least two people can administer, and no open case is left that nobody may
//! handle (docs/domain.md §12). A case belongs to a branch, not to a person, so whoever is not the last there can always go.

use super::super::access::{Permission, Reach};
use super::records::{self, Holder, Who};
use super::{ADMINISTERS, HANDLES, Place, held_by_somebody};
use crate::administration::Touch;
use crate::branches::Branch;
use crate::kernel::database::Conn;
use crate::kernel::entries::{EntryRefusal, EntryRule};
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
        let held = self.held(conn).await?;
        self.left_behind(conn, &held).await
    }

    /// What those who go hold today.
    async fn held(&self, conn: &mut Conn) -> Result<Vec<Held>, Failure> {
        let mut held = Vec::new();
        for permission in self.permissions.iter().copied() {
            let holders = records::list_holders(conn, permission, self.who, self.today).await?;
            if !holders.is_empty() {
                held.push(Held { permission, holders });
            }
        }
        Ok(held)
    }

    /// The branches at which nobody is left for what they do there. It hinders nobody: bookings are accepted all the same, and the
    /// preview says so.
    pub async fn deserted(&self, conn: &mut Conn, branches: &[Branch]) -> Result<Vec<Touch>, Failure> {
        let mut deserted = Vec::new();
        for Held { permission, holders } in self.held(conn).await?.iter().filter(|held| HANDLES.contains(&held.permission)) {
            let stay = self.staying(conn, *permission).await?;
            let alone = branches.iter().filter(|branch| covers(holders, &branch.id) && !covers(&stay, &branch.id));
            deserted.extend(alone.map(|branch| Touch::Deserted { branch: branch.id.clone(), permission: *permission }));
        }
        Ok(deserted)
    }

    /// Who holds a permission when they have gone.
    async fn staying(&self, conn: &mut Conn, permission: Permission) -> Result<Vec<Holder>, Failure> {
        let mut stay = records::list_staying(conn, permission, self.who, self.from).await?;
        if let Some(place) = self.becomes {
            stay.extend(records::find_holder(conn, permission, &place.role, place.branch.as_deref(), self.from).await?);
        }
        Ok(stay)
    }

    async fn left_behind(&self, conn: &mut Conn, held: &[Held]) -> Result<Vec<Touch>, Failure> {
        let mut administrators = None;
        let mut unattended = 0;
        for Held { permission, holders: lost } in held {
            let permission = *permission;
            let stay = self.staying(conn, permission).await?;
            if ADMINISTERS.contains(&permission) {
                let count = i64::try_from(stay.len()).unwrap_or(i64::MAX);
                if count < ADMINISTRATORS {
                    administrators = Some(administrators.map_or(count, |fewest: i64| fewest.min(count)));
                }
                continue;
            }
            let cases = records::count_waiting_for(conn, permission).await?;
            let alone = cases.iter().filter(|(branch, _)| covers(lost, branch) && !covers(&stay, branch));
            unattended = unattended.max(alone.map(|(_, count)| count).sum());
        }
        let administrators = administrators.map(|count| Touch::Administrators { count });
        let unattended = (unattended > 0).then_some(Touch::Unattended { count: unattended });
        Ok(administrators.into_iter().chain(unattended).collect())
    }
}

/// A permission, and those who held it.
struct Held {
    permission: Permission,
    holders: Vec<Holder>,
}

/// Somebody whom an import has moved to another place. The rule can be judged only when all rows are stored, because a later
/// row may bring the successor.
pub struct Moved {
    user_id: String,
    place: Place,
    /// What they held before.
    held: Vec<Held>,
    /// The column that says most about the move.
    column: &'static str,
}

impl Moved {
    /// Before a user of this place moves to another one.
    pub(in crate::sessions) async fn before(
        conn: &mut Conn,
        user_id: &str,
        from: &Place,
        to: &Place,
        today: Day,
    ) -> Result<Self, Failure> {
        let permissions = held_by_somebody();
        let going = Going { who: Who::Member(user_id), becomes: Some(to), from: today, today, permissions: &permissions };
        let held = going.held(conn).await?;
        let column = if from.role == to.role { "branch" } else { "role" };
        Ok(Self { user_id: user_id.to_owned(), place: to.clone(), held, column })
    }

    /// Why the move cannot stand: the same rule as for a move on a page.
    pub async fn refusals(&self, conn: &mut Conn, today: Day) -> Result<Vec<EntryRefusal>, Failure> {
        let who = Who::Member(&self.user_id);
        let going = Going { who, becomes: Some(&self.place), from: today, today, permissions: &[] };
        let by = going.left_behind(conn, &self.held).await?;
        let rules = by.into_iter().filter_map(|touch| match touch {
            Touch::Administrators { count } => Some(EntryRule::TooFewAdministrators { count }),
            Touch::Unattended { count } => Some(EntryRule::LeavesCases { count }),
            _ => None,
        });
        Ok(rules.map(|rule| EntryRefusal { column: self.column, rule }).collect())
    }
}

/// Whether one of the holders reaches the cases of a branch; an empty one is head office.
fn covers(holders: &[Holder], branch: &str) -> bool {
    holders.iter().any(|holder| reaches(&holder.reach, holder.branch_id.as_deref(), branch))
}

/// Whether somebody with this reach, at this branch, reaches the cases of a branch; an empty one is head office.
pub(super) fn reaches(reach: &str, own: Option<&str>, branch: &str) -> bool {
    match Reach::parse(reach) {
        Some(Reach::Bank) => true,
        Some(Reach::Branch) => !branch.is_empty() && own == Some(branch),
        _ => false,
    }
}
