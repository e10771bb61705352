//! Staff: who they are, and how administrators let them join, move and leave (docs/domain.md §12). Everything that concerns rights
//! is a kind of change, so a second administrator approves it.
//!
//! Reading order: `members.rs` (the list, one member, the activation link), `handover.rs` (what must be settled before somebody
//! goes), `presence.rs` (branches at which nobody may act), `joiner.rs`, `mover.rs`, `moves.rs` (moves and leaves whose day has come), `leaver.rs`, `sign_in.rs` (reset, unlock), `operator.rs`
//! (reset at the machine), `rename.rs`, `roles.rs` (what a role may do), `records.rs`.

mod handover;
mod joiner;
mod leaver;
mod members;
mod mover;
mod moves;
mod operator;
mod presence;
mod records;
mod rename;
mod roles;
mod sign_in;

pub use handover::Moved;
pub use joiner::{JOINER_FORM, JoinerChange};
pub use leaver::{LEAVER_FORM, LeaverChange};
pub use members::{
    IssuedLink, LIST_FORM, LinkRefusal, PlannedMove, StaffMember, StaffPage, StaffPosition, find_member, find_sign_in_name,
    hand_out_link, list_staff,
};
pub use mover::{MOVER_FORM, MoverChange};
pub(crate) use moves::apply_due_plans;
pub use moves::{Planned, Stuck, list_stuck};
pub use operator::{OperatorRefusal, find_for_operator, reset_by_operator};
pub use presence::{Gap, find_gaps, find_gaps_for_operator};
pub(crate) use presence::{is_anybody_else_there, is_anybody_there, list_missing};
pub(super) use records::check;
pub use rename::{RENAME_FORM, RenameChange};
pub use roles::{ROLE_FORM, Role, RoleChange, list_roles};
pub use sign_in::{RESET_FORM, ResetChange, UNLOCK_FORM, UnlockChange};

use super::access::{Permission, Reach};
use super::entry_records::role_reach;
use crate::branches::Reference;
use crate::kernel::database::Conn;
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::failure::Failure;
use crate::kernel::time::Day;

/// Where somebody works: a role, and a branch or head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub role: String,
    pub branch: Option<String>,
}

impl Place {
    /// Why nobody can work there: no such role of staff, a role of a branch without one, a branch that is not open.
    async fn refusals(&self, conn: &mut Conn, reference: &Reference) -> Result<Vec<EntryRefusal>, Failure> {
        let mut refusals = Vec::new();
        let mut refuse = |column, rule| refusals.push(EntryRefusal { column, rule });
        match role_reach(conn, &self.role).await? {
            None | Some(Reach::Own) => refuse("role", EntryRule::UnknownReference),
            Some(Reach::Branch) if self.branch.is_none() => refuse("branch", EntryRule::Missing),
            Some(_) => {}
        }
        let is_open = |id: &String| reference.branches.iter().any(|branch| branch.id == *id);
        if self.branch.as_ref().is_some_and(|id| !is_open(id)) {
            refuse("branch", EntryRule::UnknownReference);
        }
        Ok(refusals)
    }
}

/// The permissions without which nobody can administer.
const ADMINISTERS: [Permission; 2] = [Permission::ManageStaff, Permission::ChangeSettings];

/// The permissions with which staff handle cases.
const HANDLES: [Permission; 3] = [Permission::AnswerCases, Permission::ServeCounter, Permission::ApproveCases];

/// Every permission whose last holder cannot simply go.
fn held_by_somebody() -> Vec<Permission> {
    [&ADMINISTERS[..], &HANDLES[..]].concat()
}

/// The first day of a change that holds at once or from a later day.
fn begins(from: Day, today: Day) -> Option<Day> {
    (from > today).then_some(from)
}
