//! Another role or branch from a day on (docs/domain.md §12). On a later day the worker carries it out (`moves.rs`). The rights
//! follow with the next request, without signing in again.

use std::sync::LazyLock;

use super::handover::Going;
use super::records::{self, Who};
use super::{Place, begins, held_by_somebody};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, effective_day,
    entry_refused,
};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::{day_text, parse_day};
use crate::sessions::access::Permission;

/// Another role or branch. Its subject is the user's id.
pub struct MoverChange;

/// The form: where, and from when.
pub static MOVER_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields =
        vec![Field::new("role", FieldKind::Choice), Field::new("branch", FieldKind::Choice), Field::new("from", FieldKind::Day)];
    change_form("admin_mover", fields)
});

fn values(name: &str, place: &Place) -> Values {
    let pairs = [("name", name), ("role", &place.role), ("branch", place.branch.as_deref().unwrap_or_default())];
    Values(pairs.map(|(field, value)| (field.to_owned(), value.to_owned())).into())
}

impl ChangeKind for MoverChange {
    fn code(&self) -> &'static str {
        "mover"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &MOVER_FORM
    }

    /// The open cases that would be left alone.
    fn counts_cases(&self) -> bool {
        true
    }

    /// Where the person works on the effective day without the change: planned moves count.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let today = proposal.now.day();
            let Some(member) = records::find_member(conn, proposal.subject, proposal.now).await? else { return Ok(None) };
            let day = effective_day(proposal.values, today).unwrap_or(today);
            let planned = records::find_planned(conn, proposal.subject, day).await?;
            let place = planned.unwrap_or(Place { role: member.role, branch: member.branch_id });
            Ok(Some(values(&member.name, &place)))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let (today, subject) = (proposal.now.day(), proposal.subject);
            let mut refusals = Vec::new();
            let branch = proposal.values.filled("branch").map(str::to_owned);
            let place = Place { role: proposal.values.filled("role").unwrap_or_default().to_owned(), branch };
            if place.role.is_empty() {
                refusals.extend(entry_refused(vec![EntryRefusal { column: "role", rule: EntryRule::Missing }]));
            } else {
                refusals.extend(entry_refused(place.refusals(conn, proposal.reference).await?));
            }
            let from = effective_day(proposal.values, today).map_err(|refusal| refusals.push(refusal)).ok();
            let member = records::find_member(conn, subject, proposal.now).await?;
            if let (Some(member), Some(from)) = (&member, from)
                && [&member.left_on, &member.leaves_on]
                    .into_iter()
                    .flatten()
                    .filter_map(|day| parse_day(day))
                    .any(|day| day <= from)
            {
                refusals.push(ChangeRefusal::Blocked { by: vec![Touch::HasLeft] });
            }
            let (Some(from), Some(member), true) = (from, member, refusals.is_empty()) else {
                return Err(Rejected::Refused(refusals));
            };
            let permissions = held_by_somebody();
            let going = Going { who: Who::Member(subject), becomes: Some(&place), from, today, permissions: &permissions };
            let by = going.hindered(conn).await?;
            if !by.is_empty() {
                return Err(Rejected::Refused(vec![ChangeRefusal::Blocked { by }]));
            }
            let later = records::find_later_move(conn, subject, from).await?;
            let mut values = values(&member.name, &place);
            values.set("from", day_text(from));
            let mut touches = going.deserted(conn, &proposal.reference.branches).await?;
            touches.extend(later.as_deref().and_then(parse_day).map(|from| Touch::LaterMove { from }));
            Ok(Judgement { values, effective_from: Some(from), second: Some(Second::Rights), touches })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let (subject, today) = (proposal.subject, proposal.now.day());
            let Some(from) = judgement.effective_from else { return Err(Rejected::Refused(vec![ChangeRefusal::NotYours])) };
            let filled = |field| judgement.values.filled(field).map(str::to_owned);
            let place = Place { role: filled("role").unwrap_or_default(), branch: filled("branch") };
            records::delete_planned(tx, subject, begins(from, today)).await?;
            match begins(from, today) {
                Some(from) => records::insert_move(tx, subject, from, &place).await?,
                None => records::set_place(tx, subject, &place).await?,
            }
            Ok(())
        })
    }
}
