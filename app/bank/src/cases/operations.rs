//! Reading cases: a customer's own, any for staff; and the notes only staff write and see.

use scoped_futures::ScopedFutureExt;

use super::kind::CaseKind;
use super::model::{CaseLine, EventMark, HistoryLine};
use super::records::{self, Event, NOTE, View, insert_event};
use super::refusals::{DeskRefusal, REASON_MAX};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, Post, Sent, Submitted, Turned, Verdict, Wish, submit};
use crate::kernel::text::count;
use crate::kernel::time::At;
use crate::sessions::{Customer, Permission, Scope, Staff};

/// The customer's cases of these kinds, the newest first.
pub async fn list_mine(bank: &Bank, customer: &Customer, kinds: &[CaseKind]) -> Result<Vec<CaseLine>, Failure> {
    records::list_owned(&mut bank.read().await?, customer.customer_id(), kinds).await
}

/// The customer's cases with a time that is not over, the next first, given up ones included: which states are live is
/// their kinds' affair.
pub async fn upcoming(bank: &Bank, customer: &Customer) -> Result<Vec<CaseLine>, Failure> {
    records::list_upcoming(&mut bank.read().await?, customer.customer_id(), bank.now()).await
}

/// One of the customer's own cases; another's is `None`, like one that does not exist.
pub async fn find_mine(bank: &Bank, customer: &Customer, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::find_owned(&mut bank.read().await?, customer.customer_id(), number).await
}

/// A case in this scope; one out of it is `None`, like one that does not exist.
pub async fn find_for_staff(bank: &Bank, scope: &Scope, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::find_case(&mut bank.read().await?, scope, number).await
}

/// What happened to a case as its customer sees it, the oldest first. The case itself is the proof that the caller may see
/// it.
pub async fn history(bank: &Bank, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, &case.number, View::Customer).await
}

/// What happened to a case in this scope as the desk sees it, notes and alarms included, the oldest first.
pub async fn desk_history(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, &case.number, View::Desk(scope)).await
}

/// What has happened to cases in this scope since a moment and, because commits become visible out of order, in the ten
/// seconds before it. Who compares the sequence numbers of two reads misses nothing.
pub async fn recent_events(bank: &Bank, scope: &Scope, since: At) -> Result<Vec<EventMark>, Failure> {
    records::list_recent(&mut bank.read().await?, scope, since).await
}

/// How many events a case in this scope has: a page that has shown fewer is out of date.
pub async fn event_count(bank: &Bank, scope: &Scope, number: &str) -> Result<i64, Failure> {
    records::count_events(&mut bank.read().await?, scope, number).await
}

/// Adds the internal note typed in the field `note` of a posted form; sent twice under one key it is one note. For who
/// may answer the case.
pub async fn add_note(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    row: FormRow<'_>,
    post: &Post,
) -> Result<Submitted<DeskRefusal>, Failure> {
    submit(bank, row, post, &Noting { bank, staff, number }).await
}

/// A staff member who writes a note.
struct Noting<'b> {
    bank: &'b Bank,
    staff: &'b Staff,
    number: &'b str,
}

impl Wish for Noting<'_> {
    type Refusal = DeskRefusal;

    async fn attempt(&self, sent: &Sent<'_>) -> Result<Verdict<DeskRefusal>, Rejected<Turned>> {
        let (bank, number) = (self.bank, self.number);
        let Some(content) = sent.values.filled("note") else { return Ok(Verdict::Refused(DeskRefusal::NoteMissing)) };
        if count(content) > REASON_MAX {
            let max = i64::try_from(REASON_MAX).unwrap_or(i64::MAX);
            return Ok(Verdict::Refused(DeskRefusal::NoteTooLong { max }));
        }
        bank.write("add_note", |tx| {
            async move {
                if records::find_case(tx, &self.staff.scope(Permission::AnswerCases), number).await?.is_none() {
                    return Err(Rejected::Refused(Turned::Less));
                }
                let state = sent.take(tx).await?;
                let actor = self.staff.actor();
                insert_event(tx, &Event { reason: Some(content), ..Event::internal(number, NOTE) }, &actor).await?;
                insert_audit(tx, &actor, NOTE, number, "ok").await?;
                Ok(sent.become_case(tx, state, number).await?)
            }
            .scope_boxed()
        })
        .await?;
        Ok(Verdict::Booked(number.to_owned()))
    }

    /// The case is no longer one this staff member may answer.
    fn changed(&self) -> Option<DeskRefusal> {
        Some(DeskRefusal::NotYours)
    }
}
