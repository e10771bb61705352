//! The sign-in of a staff member (docs/domain.md §12). A reset takes the password away, a lost second factor only if that is
//! said, and ends every session: whoever hands out the next link could act in that person's place, so it takes a second
//! administrator. Unlocking only brings forward what the next day brings, so it does not.

use std::sync::LazyLock;

use super::handover::Going;
use super::records::{self, Who};
use super::{ADMINISTERS, HANDLES, StaffMember};
use crate::administration::{Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, change_form};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::sessions::access::Permission;
use crate::sessions::activation_records::{end_open, unlock};
use crate::sessions::parameters::SessionParameters;
use crate::sessions::reset::{ResetOf, reset_sign_in};

/// Takes a password away, and a lost second factor. Its subject is the user's id.
pub struct ResetChange;

/// Lifts the lock after failed sign-ins. Its subject is the user's id.
pub struct UnlockChange;

/// The tick that the second factor is lost too.
const FACTOR_LOST: &str = "factor_lost";

/// The form: a tick that says it is meant, and another one if the second factor is lost too.
pub static RESET_FORM: LazyLock<Form> = LazyLock::new(|| {
    change_form("admin_reset", vec![Field::new("reset", FieldKind::Tick), Field::new(FACTOR_LOST, FieldKind::Tick)])
});

/// The form: a tick that says it is meant.
pub static UNLOCK_FORM: LazyLock<Form> =
    LazyLock::new(|| change_form("admin_unlock", vec![Field::new("unlock", FieldKind::Tick)]));

async fn member(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Option<StaffMember>, Failure> {
    let (now, limits) = (proposal.now, proposal.reference.parameters::<SessionParameters>("", proposal.now.day()));
    let row = records::find_member(conn, proposal.subject, now).await?;
    row.map(|row| StaffMember::read(row, &limits)).transpose()
}

fn named(member: StaffMember, ticked: Option<&str>) -> Values {
    let mut values = vec![("name".to_owned(), member.name)];
    values.extend(ticked.map(|field| (field.to_owned(), "on".to_owned())));
    Values(values)
}

/// The judgement of a tick, or its refusal.
async fn ticked(
    conn: &mut Conn,
    proposal: &Proposal<'_>,
    field: &'static str,
    second: Option<Second>,
) -> Result<Judgement, Rejected<Vec<ChangeRefusal>>> {
    let refuse = |refusal| Rejected::Refused(vec![refusal]);
    let member = member(conn, proposal).await?.ok_or_else(|| refuse(ChangeRefusal::NotYours))?;
    if !proposal.values.ticked(field) {
        return Err(refuse(ChangeRefusal::Missing { field: field.to_owned() }));
    }
    Ok(Judgement { values: named(member, Some(field)), effective_from: None, second, touches: Vec::new() })
}

impl ChangeKind for ResetChange {
    fn code(&self) -> &'static str {
        "reset"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &RESET_FORM
    }

    /// It stands as done while there is no password to take away. The factor can be taken away then, too.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let member = member(conn, proposal).await?;
            Ok(member.map(|member| {
                let done = !member.active || member.has_left(proposal.now.day());
                named(member, done.then_some("reset"))
            }))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let today = proposal.now.day();
            // Until the link is used, one administrator is missing.
            let who = Who::Member(proposal.subject);
            let going = Going { who, becomes: None, from: today, today, permissions: &ADMINISTERS };
            let by = going.hindered(conn).await?;
            if !by.is_empty() {
                return Err(Rejected::Refused(vec![ChangeRefusal::Blocked { by }]));
            }
            let mut judgement = ticked(conn, proposal, "reset", Some(Second::Rights)).await?;
            let has_factor = member(conn, proposal).await?.is_some_and(|member| member.has_factor);
            if has_factor && proposal.values.ticked(FACTOR_LOST) {
                judgement.values.0.push((FACTOR_LOST.to_owned(), "on".to_owned()));
            }
            let handling = Going { permissions: &HANDLES, ..going };
            judgement.touches = handling.deserted(conn, &proposal.reference.branches).await?;
            Ok(judgement)
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            end_open(tx, proposal.subject).await?;
            let of = ResetOf::ticked(judgement.values.ticked(FACTOR_LOST));
            Ok(reset_sign_in(tx, proposal.subject, of).await?)
        })
    }
}

impl ChangeKind for UnlockChange {
    fn code(&self) -> &'static str {
        "unlock"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &UNLOCK_FORM
    }

    /// It stands as done while the sign-in name is not locked.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let member = member(conn, proposal).await?;
            Ok(member.map(|member| {
                let done = !member.locked;
                named(member, done.then_some("unlock"))
            }))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move { ticked(conn, proposal, "unlock", None).await })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move { Ok(unlock(tx, proposal.subject).await?) })
    }
}
