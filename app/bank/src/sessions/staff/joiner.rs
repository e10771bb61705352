//! A new member of the staff (docs/domain.md §12). They set their own password with a link that is handed out afterwards.

use std::sync::LazyLock;

use super::{Place, records};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, change_form, entry_refused,
};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::sessions::access::Permission;
use crate::sessions::entry::StaffEntry;
use crate::sessions::entry_records::put_staff;

/// A new staff member.
pub struct JoinerChange;

/// The form: who, and where.
pub static JOINER_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("name", FieldKind::Line),
        Field::new("sign_in_name", FieldKind::Line),
        Field::new("role", FieldKind::Choice),
        Field::new("branch", FieldKind::Choice),
    ];
    change_form("admin_joiner", fields)
});

async fn parse(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<StaffEntry, Rejected<Vec<ChangeRefusal>>> {
    let entry = StaffEntry::parse(&|column: &'static str| proposal.values.filled(column));
    let entry = entry.map_err(|refusals| Rejected::Refused(entry_refused(refusals)))?;
    let place = Place { role: entry.role.clone(), branch: entry.branch.clone() };
    let mut refusals = place.refusals(conn, proposal.reference).await?;
    if records::is_name_used(conn, &entry.sign_in_name).await? {
        refusals.push(EntryRefusal { column: "sign_in_name", rule: EntryRule::AlreadyUsed });
    }
    if refusals.is_empty() { Ok(entry) } else { Err(Rejected::Refused(entry_refused(refusals))) }
}

impl ChangeKind for JoinerChange {
    fn code(&self) -> &'static str {
        "joiner"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &JOINER_FORM
    }

    fn standing<'a>(&'a self, _conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move { Ok(proposal.subject.is_empty().then(Values::default)) })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let entry = parse(conn, proposal).await?;
            let values = [
                ("name", entry.name),
                ("sign_in_name", entry.sign_in_name),
                ("role", entry.role),
                ("branch", entry.branch.unwrap_or_default()),
            ];
            let values = Values(values.map(|(field, value)| (field.to_owned(), value)).into());
            Ok(Judgement { values, effective_from: None, second: Some(Second::Rights), touches: Vec::new() })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let entry = parse(tx, proposal).await?;
            // The name is free: it was looked for above, and staff are put only by whoever has taken the turn of administration.
            put_staff(tx, &entry).await.map_err(|rejected| rejected.map(entry_refused))?;
            Ok(())
        })
    }
}
