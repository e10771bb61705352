//! Another name of a staff member: after a marriage, or a typing error (docs/domain.md §12). It touches neither money nor rights,
//! and requests and the audit trail name people by id, so one administrator does it. The sign-in name stays.

use std::sync::LazyLock;

use super::records;
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Standing, change_form, entry_refused,
};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::Reader;
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::sessions::access::Permission;

/// Another name. Its subject is the user's id.
pub struct RenameChange;

/// The form: the full name.
pub static RENAME_FORM: LazyLock<Form> = LazyLock::new(|| change_form("admin_rename", vec![Field::new(NAME, FieldKind::Line)]));

const NAME: &str = "name";

fn named(name: String) -> Values {
    Values(vec![(NAME.to_owned(), name)])
}

impl ChangeKind for RenameChange {
    fn code(&self) -> &'static str {
        "rename"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &RENAME_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let member = records::find_member(conn, proposal.subject, proposal.now).await?;
            Ok(member.map(|member| named(member.name)))
        })
    }

    fn judge<'a>(&'a self, _conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let columns = |column: &'static str| proposal.values.filled(column);
            let mut reader = Reader::new(&columns);
            let name = reader.need_person(NAME);
            let name = reader.finish(name).map_err(|refusals| Rejected::Refused(entry_refused(refusals)))?;
            Ok(Judgement { values: named(name), effective_from: None, second: None, touches: Vec::new() })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let Some(name) = judgement.values.filled(NAME) else {
                return Err(Rejected::Refused(vec![ChangeRefusal::Missing { field: NAME.to_owned() }]));
            };
            Ok(records::set_name(tx, proposal.subject, name).await?)
        })
    }
}
