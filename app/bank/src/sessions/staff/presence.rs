//! Whether somebody is there: the open branches at which nobody may answer, serve the counter or approve (docs/domain.md §12).
//! Bookings are accepted all the same, so whoever can change it is told: `lobby check`, an import, the index of `/admin`, the
//! preview of a leaver or mover.

use super::HANDLES;
use super::handover::reaches;
use super::records::{self, Able};
use crate::branches::{Branch, reference};
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::Day;
use crate::sessions::access::Permission;
use crate::sessions::model::Staff;

/// Something that nobody may do at a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub branch_id: String,
    pub permission: Permission,
    /// Those who will be able to as soon as they have set a password.
    pub invited: usize,
    /// Open cases of the branch that wait for it.
    pub waiting: i64,
}

/// The gaps of all open branches, in the order of the branches.
async fn list_gaps(conn: &mut Conn, branches: &[Branch], today: Day) -> Result<Vec<Gap>, Failure> {
    let mut gaps = Vec::new();
    for permission in HANDLES {
        let able = records::list_able(conn, permission, today).await?;
        let there =
            |branch: &str, active: bool| able.iter().filter(|able| able.active == active && is_there(able, branch)).count();
        let open: Vec<&Branch> = branches.iter().filter(|branch| there(&branch.id, true) == 0).collect();
        if open.is_empty() {
            continue;
        }
        let cases = records::count_waiting_for(conn, permission).await?;
        for Branch { id, .. } in open {
            let waiting = cases.iter().filter(|(branch, _)| branch == id).map(|(_, count)| count).sum();
            gaps.push(Gap { branch_id: id.clone(), permission, invited: there(id, false), waiting });
        }
    }
    let place = |gap: &Gap| branches.iter().position(|branch| branch.id == gap.branch_id);
    gaps.sort_by_key(place);
    Ok(gaps)
}

fn is_there(able: &Able, branch: &str) -> bool {
    reaches(&able.reach, able.branch_id.as_deref(), branch)
}

/// The gaps, for those who administer; nobody else is told.
pub async fn find_gaps(bank: &Bank, staff: &Staff) -> Result<Vec<Gap>, Failure> {
    if staff.administers() { find_gaps_for_operator(bank).await } else { Ok(Vec::new()) }
}

/// The gaps, for whoever runs a command at the machine.
pub async fn find_gaps_for_operator(bank: &Bank) -> Result<Vec<Gap>, Failure> {
    let reference = reference(bank).await?;
    list_gaps(&mut bank.read().await?, &reference.branches, bank.now().day()).await
}

/// What nobody who can sign in may do at a branch that does not exist yet.
pub(crate) async fn list_missing(conn: &mut Conn, branch: &str, today: Day) -> Result<Vec<Permission>, Failure> {
    let mut missing = Vec::new();
    for permission in HANDLES {
        if !is_anybody_there(conn, permission, branch, today).await? {
            missing.push(permission);
        }
    }
    Ok(missing)
}

/// Whether somebody who can sign in may do something at a branch; an empty one is head office.
pub(crate) async fn is_anybody_there(conn: &mut Conn, permission: Permission, branch: &str, today: Day) -> Result<bool, Failure> {
    is_anybody_else_there(conn, permission, branch, today, "").await
}

/// The same, besides this user.
pub(crate) async fn is_anybody_else_there(
    conn: &mut Conn,
    permission: Permission,
    branch: &str,
    today: Day,
    but: &str,
) -> Result<bool, Failure> {
    let able = records::list_able(conn, permission, today).await?;
    Ok(able.iter().any(|able| able.active && able.id != but && is_there(able, branch)))
}
