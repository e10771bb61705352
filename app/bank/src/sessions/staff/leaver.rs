//! Somebody leaves: from a day on they have no session and cannot sign in (docs/domain.md §12). On a later day the worker carries
//! it out (`moves.rs`); until then it can be moved or taken back. Whoever has left comes back without the old password.

use std::sync::LazyLock;

use super::handover::Going;
use super::records::{self, MemberRow, Who};
use super::{begins, held_by_somebody};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form,
};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::{Day, day_text, parse_day};
use crate::sessions::access::Permission;
use crate::sessions::activation_records::end_open;
use crate::sessions::reset::{ResetOf, reset_sign_in};

/// Somebody leaves. Its subject is the user's id.
pub struct LeaverChange;

/// The form: the first day without access; blank: they stay.
pub static LEAVER_FORM: LazyLock<Form> = LazyLock::new(|| change_form("admin_leaver", vec![Field::new(LEAVES, FieldKind::Day)]));

const LEAVES: &str = "leaves";

fn leaving_day(values: &Values, today: Day) -> Result<Option<Day>, ChangeRefusal> {
    let Some(typed) = values.filled(LEAVES) else { return Ok(None) };
    let day = parse_day(typed).ok_or_else(|| ChangeRefusal::Invalid { field: LEAVES.to_owned() })?;
    if day < today { Err(ChangeRefusal::DayPassed { field: LEAVES.to_owned(), earliest: today }) } else { Ok(Some(day)) }
}

fn has_left(member: &MemberRow, today: Day) -> bool {
    member.left_on.as_deref().and_then(parse_day).is_some_and(|day| day <= today)
}

impl ChangeKind for LeaverChange {
    fn code(&self) -> &'static str {
        "leaver"
    }

    fn permission(&self) -> Permission {
        Permission::ManageStaff
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &LEAVER_FORM
    }

    /// The open cases that would be left alone.
    fn counts_cases(&self) -> bool {
        true
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let member = records::find_member(conn, proposal.subject, proposal.now).await?;
            Ok(member.map(|member| {
                let pairs = [("name", member.name), (LEAVES, member.left_on.or(member.leaves_on).unwrap_or_default())];
                Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
            }))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let (today, subject) = (proposal.now.day(), proposal.subject);
            let day = leaving_day(proposal.values, today).map_err(|refusal| Rejected::Refused(vec![refusal]))?;
            let member = records::find_member(conn, subject, proposal.now).await?;
            let member = member.ok_or_else(|| Rejected::Refused(vec![ChangeRefusal::NotYours]))?;
            let mut touches = Vec::new();
            if let Some(from) = day {
                let permissions = held_by_somebody();
                let going = Going { who: Who::Member(subject), becomes: None, from, today, permissions: &permissions };
                let by = going.hindered(conn).await?;
                if !by.is_empty() {
                    return Err(Rejected::Refused(vec![ChangeRefusal::Blocked { by }]));
                }
                touches = going.deserted(conn, &proposal.reference.branches).await?;
            } else if has_left(&member, today) {
                touches.push(Touch::ComesBack);
            }
            let values = [("name", member.name), (LEAVES, day.map(day_text).unwrap_or_default())];
            Ok(Judgement {
                values: Values(values.map(|(field, value)| (field.to_owned(), value)).into()),
                effective_from: day,
                second: Some(Second::Rights),
                touches,
            })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let (subject, today) = (proposal.subject, proposal.now.day());
            let member = records::find_member(tx, subject, proposal.now).await?;
            let had_left = member.is_some_and(|member| has_left(&member, today));
            let day = judgement.effective_from;
            if let Some(day) = day.filter(|day| begins(*day, today).is_none()) {
                return Ok(take_access(tx, subject, day).await?);
            }
            records::set_left(tx, subject, None, day).await?;
            if day.is_some() {
                records::delete_planned(tx, subject, day).await?;
            }
            if had_left {
                reset_sign_in(tx, subject, ResetOf::PasswordAndFactor).await?;
            }
            Ok(())
        })
    }
}

/// Ends the access of somebody from a day on that has come: every session, the password, an open link, planned moves.
pub(super) async fn take_access(tx: &mut Tx, user_id: &str, day: Day) -> Result<(), Failure> {
    records::set_left(tx, user_id, Some(day), None).await?;
    end_open(tx, user_id).await?;
    reset_sign_in(tx, user_id, ResetOf::PasswordAndFactor).await?;
    records::delete_planned(tx, user_id, None).await
}
