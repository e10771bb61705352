//! Reading cases: a customer's own, any for staff; and the notes only staff write and see.

use scoped_futures::ScopedFutureExt;

use super::kind::CaseKind;
use super::model::{CaseLine, HistoryLine, NoteLine};
use super::records::{self, Event, View, insert_event};
use super::refusals::{DeskRefusal, REASON_MAX};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{FormRow, FormState, FormStates, Taken, Values};
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

/// What happened to a case as its customer may know it, the oldest first. The case itself is the proof that the caller
/// may see it.
pub async fn history(bank: &Bank, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, &Scope::EVERYTHING, &case.number, View::Customer).await
}

/// What happened to a case in this scope as the desk sees it, alarms included, the oldest first.
pub async fn desk_history(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<Vec<HistoryLine>, Failure> {
    records::list_events(&mut bank.read().await?, scope, &case.number, View::Desk).await
}

/// Cases something has happened to after a moment, with when: what a node that missed announcements asks for. For the
/// host, which tells its own streams; it reads nothing but numbers.
pub async fn changed_since(bank: &Bank, since: At) -> Result<Vec<(String, At)>, Failure> {
    records::list_changed(&mut bank.read().await?, &Scope::EVERYTHING, since).await
}

/// The same for a staff member: cases in this scope.
pub async fn changed_in_scope(bank: &Bank, scope: &Scope, since: At) -> Result<Vec<(String, At)>, Failure> {
    records::list_changed(&mut bank.read().await?, scope, since).await
}

/// Which of these cases are in this scope. Asks nothing for who sees every branch.
pub async fn in_scope(bank: &Bank, scope: &Scope, numbers: Vec<String>) -> Result<Vec<String>, Failure> {
    if numbers.is_empty() || scope.is_whole_bank() {
        return Ok(numbers);
    }
    records::list_in_scope(&mut bank.read().await?, scope, &numbers).await
}

/// Internal notes, the oldest first.
pub async fn notes(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<Vec<NoteLine>, Failure> {
    let events = records::list_events(&mut bank.read().await?, scope, &case.number, View::Notes).await?;
    let note = |event: HistoryLine| NoteLine { at: event.at, user_name: event.user_name, content: event.reason.unwrap_or_default() };
    Ok(events.into_iter().map(note).collect())
}

/// Adds the internal note typed in the field `note` of a posted form; sent twice under one key it is one note. For who
/// may answer the case.
pub async fn add_note(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    row: &FormRow,
    version: Option<i64>,
    posted: &Values,
) -> Result<(), Rejected<DeskRefusal>> {
    let content = posted.filled("note").ok_or(Rejected::Refused(DeskRefusal::NoteMissing))?;
    if count(content) > REASON_MAX {
        return Err(Rejected::Refused(DeskRefusal::NoteTooLong { max: i64::try_from(REASON_MAX).unwrap_or(i64::MAX) }));
    }
    bank.write("add_note", |tx| {
        async move {
            if records::find_case(tx, &staff.scope(Permission::AnswerCases), number).await?.is_none() {
                return Err(Rejected::Refused(DeskRefusal::NotYours));
            }
            let now = tx.now();
            let mut state = match FormStates(bank.seal()).take(tx, row, version, posted, now).await? {
                Taken::Fresh(state) | Taken::Stale(state) => state,
                Taken::Case { same: true, .. } => return Ok(()),
                // Other words under the same key are another note.
                Taken::Case { same: false, .. } => {
                    FormState { version: version.unwrap_or_default(), values: posted.clone(), ..FormState::default() }
                }
                Taken::NotYours => return Err(Rejected::Refused(DeskRefusal::NotNow)),
            };
            let actor = staff.actor();
            insert_event(tx, &Event { reason: Some(content), ..Event::internal(number, "note") }, &actor).await?;
            insert_audit(tx, &actor, "note", number, "ok").await?;
            state.case_number = Some(number.to_owned());
            FormStates(bank.seal()).store(tx, row, &state, now).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}
