//! The full phone number of a case for the staff of its own branch, who must call the customer (docs/domain.md §12). Pages show
//! it masked; each look at it is an act of its own in the audit trail.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::records;
use crate::customers::phone_on_file;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::sessions::{Permission, Staff};

/// The phone number given for a case, or else the one on file; recorded with who looked, when and at which case. `None`: no such
/// case, or none that this staff member may answer at their own branch. A role that reaches the whole bank sees only the
/// numbers of head office's cases.
pub async fn reveal_phone(bank: &Bank, staff: &Staff, number: &str) -> Result<Option<String>, Failure> {
    let scope = staff.scope(Permission::AnswerCases);
    bank.write::<_, Infallible, _>("reveal_phone", |tx| {
        let scope = &scope;
        async move {
            let case = records::find_case(tx, scope, number).await?;
            let Some(case) = case.filter(|case| case.branch_id.as_deref() == staff.branch_id()) else { return Ok(None) };
            let phone = match case.kind.registered().contact(tx, number).await? {
                Some(phone) => phone,
                None => phone_on_file(tx, &case.customer_id).await?,
            };
            insert_audit(tx, &staff.actor(), "phone_shown", number, "ok").await?;
            Ok(Some(phone))
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Whether the page of a case offers it.
pub fn may_reveal_phone(staff: &Staff, branch_id: Option<&str>) -> bool {
    staff.may(Permission::AnswerCases) && staff.branch_id() == branch_id
}
