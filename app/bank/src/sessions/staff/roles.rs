//! What a role of staff may do, from a day on (docs/domain.md §12). A change of rights, so a second administrator approves it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::handover::Going;
use super::records::{self, Who};
use super::{ADMINISTERS, HANDLES};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, effective_day,
};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::{Day, day_text, parse_day};
use crate::sessions::access::{Permission, Reach};
use crate::sessions::entry_records::role_reach;
use crate::sessions::model::Staff;

/// Another set of permissions. Its subject is the code of a role of staff.
pub struct RoleChange;

/// The form: every permission that the role has, and from when.
pub static ROLE_FORM: LazyLock<Form> = LazyLock::new(|| {
    change_form("admin_role", vec![Field::new(PERMISSIONS, FieldKind::Choices), Field::new("from", FieldKind::Day)])
});

const PERMISSIONS: &str = "permissions";

/// A role with its permissions on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The stored code.
    pub code: String,
    pub reach: Reach,
    /// Those that this program knows.
    pub permissions: BTreeSet<Permission>,
}

/// Every role with what it may do today, in order.
pub async fn list_roles(bank: &Bank, staff: &Staff) -> Result<Vec<Role>, Failure> {
    if !staff.may(Permission::ManageStaff) {
        return Ok(Vec::new());
    }
    let (mut conn, today) = (bank.read().await?, bank.now().day());
    let held = records::list_permissions(&mut conn, today).await?;
    let roles = records::list_roles(&mut conn).await?;
    Ok(roles
        .into_iter()
        .filter_map(|(code, reach)| {
            let permissions = held.iter().filter(|(role, _)| *role == code);
            let permissions = permissions.filter_map(|(_, permission)| Permission::parse(permission)).collect();
            Some(Role { reach: Reach::parse(&reach)?, code, permissions })
        })
        .collect())
}

async fn held(conn: &mut Conn, role: &str, day: Day) -> Result<BTreeSet<Permission>, Failure> {
    let held = records::list_permissions(conn, day).await?;
    Ok(held.iter().filter(|(code, _)| code == role).filter_map(|(_, permission)| Permission::parse(permission)).collect())
}

/// The permissions as values, in one order.
fn values(permissions: &BTreeSet<Permission>) -> Values {
    Values(permissions.iter().map(|permission| (PERMISSIONS.to_owned(), permission.code().to_owned())).collect())
}

/// The reach of a role of staff.
async fn reach(conn: &mut Conn, role: &str) -> Result<Option<Reach>, Failure> {
    Ok(role_reach(conn, role).await?.filter(|reach| *reach != Reach::Own))
}

impl ChangeKind for RoleChange {
    fn code(&self) -> &'static str {
        "role"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &ROLE_FORM
    }

    /// The open cases that would be left alone.
    fn counts_cases(&self) -> bool {
        true
    }

    /// What the role may do on the effective day without the change.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let Some(reach) = reach(conn, proposal.subject).await? else { return Ok(None) };
            let today = proposal.now.day();
            let day = effective_day(proposal.values, today).unwrap_or(today);
            let mut values = values(&held(conn, proposal.subject, day).await?);
            values.set("reach", reach.code());
            Ok(Some(values))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let (role, today) = (proposal.subject, proposal.now.day());
            let refuse = |refusal| Rejected::Refused(vec![refusal]);
            let reach = reach(conn, role).await?.ok_or_else(|| refuse(ChangeRefusal::NotYours))?;
            let from = effective_day(proposal.values, today).map_err(refuse)?;
            let mut wanted = BTreeSet::new();
            for code in proposal.values.all(PERMISSIONS).filter(|code| !code.is_empty()) {
                let permission = Permission::parse(code).filter(|permission| permission.suits(reach));
                wanted.insert(permission.ok_or_else(|| refuse(ChangeRefusal::Invalid { field: PERMISSIONS.to_owned() }))?);
            }
            let taken: Vec<Permission> = held(conn, role, from).await?.difference(&wanted).copied().collect();
            let watched: Vec<Permission> =
                taken.into_iter().filter(|taken| ADMINISTERS.contains(taken) || HANDLES.contains(taken)).collect();
            let going = Going { who: Who::Role(role), becomes: None, from, today, permissions: &watched };
            let by = going.hindered(conn).await?;
            if !by.is_empty() {
                return Err(refuse(ChangeRefusal::Blocked { by }));
            }
            let count = records::count_with_role(conn, role, today).await?;
            let mut touches = vec![Touch::WithRole { count }];
            touches.extend(going.deserted(conn, &proposal.reference.branches).await?);
            let later = records::find_later_permissions(conn, role, from).await?;
            touches.extend(later.as_deref().and_then(parse_day).map(|from| Touch::LaterRights { from }));
            let mut values = values(&wanted);
            values.set("from", day_text(from));
            values.set("reach", reach.code());
            Ok(Judgement { values, effective_from: Some(from), second: Some(Second::Rights), touches })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let Some(from) = judgement.effective_from else { return Err(Rejected::Refused(vec![ChangeRefusal::NotYours])) };
            let wanted: BTreeSet<Permission> = judgement.values.all(PERMISSIONS).filter_map(Permission::parse).collect();
            for permission in Permission::ALL {
                records::set_permission(tx, proposal.subject, permission, from, wanted.contains(&permission)).await?;
            }
            Ok(())
        })
    }
}
