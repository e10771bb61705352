//! Appointments that fall into closed time, because a holiday, other hours or a closure came after the booking (docs/domain.md §2).
//! Nothing is stored: the calendar and the hours decide whenever a page is read, so the mark goes when the branch is open again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::model::{BookedTime, CaseLine};
use super::records::list_booked;
use super::table::Phase;
use crate::branches::Reference;
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::Scope;

/// The branches with appointments in closed time under the version of the reference data that this process has looked at last.
/// Under one version none is added: a case is opened only under the version it was prepared with (`flow::open`). So while
/// nothing is closed, the desk's pages do not read what is booked.
#[derive(Debug, Default)]
pub(crate) struct BranchesInClosure(Mutex<(i64, Option<Arc<BTreeSet<String>>>)>);

impl BranchesInClosure {
    fn get(&self, version: i64) -> Option<Arc<BTreeSet<String>>> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.1.clone().filter(|_| seen.0 == version)
    }

    fn put(&self, version: i64, branches: BTreeSet<String>) -> Arc<BTreeSet<String>> {
        let branches = Arc::new(branches);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (version, Some(branches.clone()));
        branches
    }
}

/// Whether this is a live appointment to come for which its branch will not be open.
pub fn falls_into_closure(reference: &Reference, case: &CaseLine, now: At) -> bool {
    let kind = case.kind.registered();
    let live = case.phase().is_some_and(|phase| phase != Phase::Final);
    let (Some(branch), Some((start, end))) = (&case.branch_id, case.time) else { return false };
    live && start > now && kind.is_shut(reference, branch, start, end)
}

/// The live appointments to come that fall into closed time, the earliest first.
pub async fn list_in_closure(
    bank: &Bank,
    conn: &mut Conn,
    scope: &Scope,
    reference: &Reference,
    now: At,
) -> Result<Vec<BookedTime>, Failure> {
    let seen = bank.branches_in_closure();
    let branches = match seen.get(reference.version) {
        Some(branches) => branches,
        None => {
            let every: Vec<&str> = reference.every_branch().map(|branch| branch.id.as_str()).collect();
            let shut = list_shut(conn, &Scope::EVERYTHING, &every, reference, now).await?;
            seen.put(reference.version, shut.into_iter().map(|time| time.branch_id).collect())
        }
    };
    let branches: Vec<&str> = branches.iter().map(String::as_str).collect();
    list_shut(conn, scope, &branches, reference, now).await
}

/// Those at some branches.
async fn list_shut(
    conn: &mut Conn,
    scope: &Scope,
    branches: &[&str],
    reference: &Reference,
    now: At,
) -> Result<Vec<BookedTime>, Failure> {
    let mut booked = list_booked(conn, scope, branches, At(now.0 + 1), None).await?;
    booked.retain(|time| time.kind.registered().is_shut(reference, &time.branch_id, time.start, time.end));
    Ok(booked)
}
