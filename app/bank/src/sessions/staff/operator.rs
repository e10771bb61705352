//! The operator at the machine resets the sign-in of a staff member (docs/domain.md §12). This is the way back when no second
//! administrator can approve a reset, so it asks for none and may leave fewer than two who can administer. Whoever runs the
//! command can read the database anyway; the audit trail names the operator.

use scoped_futures::ScopedFutureExt;

use super::StaffMember;
use super::members::{IssuedLink, limits};
use super::records;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::entries::read_code;
use crate::kernel::failure::Rejected;
use crate::kernel::time::At;
use crate::sessions::activation::{ActivationKind, invite};
use crate::sessions::activation_records::unlock;
use crate::sessions::parameters::SessionParameters;
use crate::sessions::reset::{ResetOf, reset_sign_in};

/// Why the operator resets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorRefusal {
    /// No staff member has this sign-in name; it may be a customer's.
    NotStaff,
    /// They have no access any more. Coming back takes two administrators.
    HasLeft,
}

/// The staff member with this sign-in name as typed, unless they have left.
async fn find(
    conn: &mut Conn,
    sign_in_name: &str,
    limits: &SessionParameters,
    now: At,
) -> Result<StaffMember, Rejected<OperatorRefusal>> {
    let not_staff = || Rejected::Refused(OperatorRefusal::NotStaff);
    let sign_in_name = read_code(sign_in_name).ok_or_else(not_staff)?;
    let id = records::find_by_name(conn, &sign_in_name).await?.ok_or_else(not_staff)?;
    let row = records::find_member(conn, &id, now).await?.ok_or_else(not_staff)?;
    let member = StaffMember::read(row, limits)?;
    if member.has_left(now.day()) { Err(Rejected::Refused(OperatorRefusal::HasLeft)) } else { Ok(member) }
}

/// Whom [`reset_by_operator`] would reset, to be confirmed.
pub async fn find_for_operator(bank: &Bank, sign_in_name: &str) -> Result<StaffMember, Rejected<OperatorRefusal>> {
    let limits = limits(bank).await?;
    find(&mut bank.read().await?, sign_in_name, &limits, bank.now()).await
}

/// Takes the password of a staff member away, ends every session and open link, and makes a new link. Somebody who has not
/// activated yet just gets a new link.
pub async fn reset_by_operator(bank: &Bank, sign_in_name: &str, of: ResetOf) -> Result<IssuedLink, Rejected<OperatorRefusal>> {
    let limits = limits(bank).await?;
    bank.write("reset_by_operator", |tx| {
        let limits = &limits;
        async move {
            let now = tx.now();
            let found = find(tx, sign_in_name, limits, now).await?;
            // Locks the user's row: whoever leaves at the same moment has left before the next statement, or leaves afterwards
            // and their new link ends.
            unlock(tx, &found.user_id).await?;
            let member = find(tx, sign_in_name, limits, now).await?;
            reset_sign_in(tx, &member.user_id, of).await?;
            let secret = invite(tx, &member.user_id, ActivationKind::Link, None, limits).await?;
            insert_audit(tx, &Actor::operator(), of.audited(), &member.user_id, "ok").await?;
            Ok(IssuedLink { secret, name: member.name, sign_in_name: member.sign_in_name, days: limits.activation_link_days })
        }
        .scope_boxed()
    })
    .await
}
