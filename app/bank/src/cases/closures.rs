//! Appointments that fall into closed time, because a holiday, other hours or a closure came after the booking (docs/domain.md §2).
//! Nothing is stored: the calendar and the hours decide whenever a page is read, so the mark goes when the branch is open again.

use super::model::{BookedTime, CaseLine};
use super::records::list_booked;
use super::table::Phase;
use crate::branches::Reference;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::Scope;

/// Whether this is a live appointment to come for which its branch will not be open.
pub fn falls_into_closure(reference: &Reference, case: &CaseLine, now: At) -> bool {
    let kind = case.kind.registered();
    let live = kind.phase(&case.state).is_some_and(|phase| phase != Phase::Final);
    let (Some(branch), Some((start, end))) = (&case.branch_id, case.time) else { return false };
    live && start > now && kind.is_shut(reference, branch, start, end)
}

/// The live appointments to come that fall into closed time, the earliest first.
pub async fn list_in_closure(conn: &mut Conn, scope: &Scope, reference: &Reference, now: At) -> Result<Vec<BookedTime>, Failure> {
    let branches: Vec<&str> = reference.every_branch().map(|branch| branch.id.as_str()).collect();
    let mut booked = list_booked(conn, scope, &branches, At(now.0 + 1), None).await?;
    booked.retain(|time| time.kind.registered().is_shut(reference, &time.branch_id, time.start, time.end));
    Ok(booked)
}
