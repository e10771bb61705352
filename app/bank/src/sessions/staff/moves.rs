//! Carries out planned moves whose day has come. The rules of a move hold at that moment, too: a move that is hindered stays
//! planned, the page of the person says why, and the next round tries again.

use scoped_futures::ScopedFutureExt;

use super::handover::Going;
use super::records::{self, MoveRow, Who};
use super::{Place, held_by_somebody};
use crate::administration::{Touch, take_turn};
use crate::branches::{hold_reference, read_reference};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::Day;
use crate::sessions::access::Permission;
use crate::sessions::model::Staff;

impl MoveRow {
    fn place(&self) -> Place {
        Place { role: self.role.clone(), branch: self.branch_id.clone() }
    }
}

/// What hinders a move today; empty: it can be carried out.
async fn hindered(conn: &mut Conn, user_id: &str, place: &Place, today: Day) -> Result<Vec<Touch>, Failure> {
    let reference = read_reference(conn).await?;
    if !place.refusals(conn, &reference).await?.is_empty() {
        return Ok(vec![Touch::ClosedBranch]);
    }
    let permissions = held_by_somebody();
    let going = Going { who: Who::Member(user_id), becomes: Some(place), from: today, today, permissions: &permissions };
    going.hindered(conn).await
}

/// Why the move of a member whose day has come has not been carried out.
pub async fn why_not_moved(bank: &Bank, staff: &Staff, member: &super::StaffMember) -> Result<Vec<Touch>, Failure> {
    let today = bank.now().day();
    let due = member.moves.as_ref().filter(|planned| planned.from <= today && staff.may(Permission::ManageStaff));
    let Some(planned) = due else { return Ok(Vec::new()) };
    let place = Place { role: planned.role.clone(), branch: planned.branch_id.clone() };
    hindered(&mut bank.read().await?, &member.user_id, &place, today).await
}

/// Carries out every due move; returns their number.
pub(crate) async fn apply_due_moves(bank: &Bank) -> Result<u32, Failure> {
    let due = records::list_due_moves(&mut bank.read().await?, bank.now().day()).await?;
    let mut done = 0;
    for row in due {
        match apply(bank, &row).await {
            Ok(moved) => done += u32::from(moved),
            Err(failure) => tracing::error!(error = %failure, "the worker left a move for the next round"),
        }
    }
    Ok(done)
}

async fn apply(bank: &Bank, row: &MoveRow) -> Result<bool, Failure> {
    let moved = bank.write("move_staff", |tx| {
        async move {
            take_turn(tx).await?;
            // All cases that are being opened are counted.
            hold_reference(tx).await?;
            // The guard: of several workers one carries it out, and not one that was replaced meanwhile.
            if !records::claim_move(tx, row).await? {
                return Ok(false);
            }
            let (place, today) = (row.place(), tx.now().day());
            if !hindered(tx, &row.user_id, &place, today).await?.is_empty() {
                return Err(Rejected::Refused(()));
            }
            records::set_place(tx, &row.user_id, &place).await?;
            insert_audit(tx, &Actor::system(), "staff_moved", &row.user_id, "ok").await?;
            Ok(true)
        }
        .scope_boxed()
    });
    match moved.await {
        Ok(moved) => Ok(moved),
        Err(Rejected::Refused(())) => Ok(false),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}
