//! Carries out planned moves and leaves whose day has come. The rules hold at that moment, too: what is hindered stays planned, the
//! person keeps the rights of before, administrators are told why, and the next round tries again.

use scoped_futures::ScopedFutureExt;

use super::handover::Going;
use super::leaver::take_access;
use super::records::{self, LeaveRow, MoveRow, Who};
use super::{Place, held_by_somebody};
use crate::administration::{Touch, take_turn};
use crate::branches::{hold_reference, read_reference};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::Day;
use crate::sessions::access::Permission;
use crate::sessions::model::Staff;

/// What was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    Move,
    Leave,
}

/// Something planned whose day has come and that is hindered.
#[derive(Clone, Debug)]
pub struct Stuck {
    pub user_id: String,
    pub name: String,
    pub planned: Planned,
    pub from: Day,
    /// What must be settled first.
    pub by: Vec<Touch>,
}

/// Something planned whose day has come.
enum Due {
    Move(MoveRow),
    Leave(LeaveRow),
}

impl Due {
    fn user_id(&self) -> &str {
        match self {
            Self::Move(row) => &row.user_id,
            Self::Leave(row) => &row.id,
        }
    }

    /// What it is, and its stored day.
    fn planned(&self) -> (Planned, &str) {
        match self {
            Self::Move(row) => (Planned::Move, &row.effective_from),
            Self::Leave(row) => (Planned::Leave, &row.leaves_on),
        }
    }

    /// Where they work afterwards; `None`: nowhere.
    fn place(&self) -> Option<Place> {
        match self {
            Self::Move(row) => Some(Place { role: row.role.clone(), branch: row.branch_id.clone() }),
            Self::Leave(_) => None,
        }
    }

    /// The guard: of several workers one carries it out, and not what was replaced meanwhile.
    async fn claim(&self, tx: &mut Tx) -> Result<bool, Failure> {
        match self {
            Self::Move(row) => records::claim_move(tx, row).await,
            Self::Leave(row) => records::claim_leave(tx, row).await,
        }
    }

    /// What hinders it today; empty: it can be carried out.
    async fn hindered(&self, conn: &mut Conn, today: Day) -> Result<Vec<Touch>, Failure> {
        let place = self.place();
        if let Some(place) = &place {
            let reference = read_reference(conn).await?;
            if !place.refusals(conn, &reference).await?.is_empty() {
                return Ok(vec![Touch::ClosedBranch]);
            }
        }
        let (who, permissions) = (Who::Member(self.user_id()), held_by_somebody());
        let going = Going { who, becomes: place.as_ref(), from: today, today, permissions: &permissions };
        going.hindered(conn).await
    }
}

/// Everything due. Moves come first: whoever moves may be the successor of somebody who leaves.
async fn list_due(conn: &mut Conn, today: Day) -> Result<Vec<Due>, Failure> {
    let moves = records::list_due_moves(conn, today).await?;
    let leaves = records::list_due_leaves(conn, today).await?;
    Ok(moves.into_iter().map(Due::Move).chain(leaves.into_iter().map(Due::Leave)).collect())
}

/// Everything due that is hindered, for those who manage staff.
pub async fn list_stuck(bank: &Bank, staff: &Staff) -> Result<Vec<Stuck>, Failure> {
    if !staff.may(Permission::ManageStaff) {
        return Ok(Vec::new());
    }
    let (now, mut conn) = (bank.now(), bank.read().await?);
    let mut stuck = Vec::new();
    for due in list_due(&mut conn, now.day()).await? {
        let by = due.hindered(&mut conn, now.day()).await?;
        if by.is_empty() {
            continue;
        }
        let ((planned, from), user_id) = (due.planned(), due.user_id().to_owned());
        let from = from.parse().map_err(|error| Failure::stored("a day of a staff member", error))?;
        let member = records::find_member(&mut conn, &user_id, now).await?;
        stuck.extend(member.map(|member| Stuck { user_id, name: member.name, planned, from, by }));
    }
    Ok(stuck)
}

/// Carries out everything due; returns the number.
pub(crate) async fn apply_due_plans(bank: &Bank) -> Result<u32, Failure> {
    let list = list_due(&mut bank.read().await?, bank.now().day()).await?;
    let mut done = 0;
    for due in list {
        match apply(bank, &due).await {
            Ok(applied) => done += u32::from(applied),
            Err(failure) => tracing::error!(error = %failure, "the worker left a planned change of staff for the next round"),
        }
    }
    Ok(done)
}

async fn apply(bank: &Bank, due: &Due) -> Result<bool, Failure> {
    let applied = bank.write("apply_plan", |tx| {
        async move {
            take_turn(tx).await?;
            // All cases that are being opened are counted.
            hold_reference(tx).await?;
            if !due.claim(tx).await? {
                return Ok(false);
            }
            let today = tx.now().day();
            if !due.hindered(tx, today).await?.is_empty() {
                return Err(Rejected::Refused(()));
            }
            let action = match due.place() {
                Some(place) => {
                    records::set_place(tx, due.user_id(), &place).await?;
                    "staff_moved"
                }
                None => {
                    take_access(tx, due.user_id(), today).await?;
                    "staff_left"
                }
            };
            insert_audit(tx, &Actor::system(), action, due.user_id(), "ok").await?;
            Ok(true)
        }
        .scope_boxed()
    });
    match applied.await {
        Ok(applied) => Ok(applied),
        Err(Rejected::Refused(())) => Ok(false),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}
