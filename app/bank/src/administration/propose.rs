//! Previews and proposes a change. A change that needs no second administrator is applied by the same transaction.

use scoped_futures::ScopedFutureExt;

use super::forms::{SEEN, SUBJECT};
use super::kind::{ChangeKind, Proposal};
use super::model::{ChangeRequest, ChangeState, Preview, differences};
use super::records::{self, NewRequest, StoredChange};
use super::refusals::{ChangeNotDone, ChangeRefusal};
use crate::branches::{hold_reference, read_reference};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{AttemptOutcome, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values, submit};
use crate::kernel::time::At;
use crate::sessions::{Staff, user_may};

/// A change to be judged.
pub(super) struct Asked<'a> {
    pub kind: &'static dyn ChangeKind,
    pub subject: &'a str,
    pub values: &'a Values,
    pub proposed_by: &'a str,
}

/// Judges a change on the rows of this transaction.
pub(super) async fn weigh(conn: &mut Conn, asked: &Asked<'_>, now: At) -> Result<Preview, Rejected<Vec<ChangeRefusal>>> {
    let reference = read_reference(conn).await?;
    let proposal = asked.proposal(&reference, now);
    let standing = asked.kind.standing(conn, &proposal).await?;
    let standing = standing.ok_or_else(|| Rejected::Refused(vec![ChangeRefusal::NotYours]))?;
    let judgement = asked.kind.judge(conn, &proposal).await?;
    let differences = differences(asked.kind, &standing, &judgement.values);
    if differences.is_empty() {
        return Err(Rejected::Refused(vec![ChangeRefusal::NothingChanges]));
    }
    Ok(Preview { judgement, standing, differences })
}

impl Asked<'_> {
    pub(super) fn proposal<'p>(&'p self, reference: &'p crate::branches::Reference, now: At) -> Proposal<'p> {
        Proposal { subject: self.subject, values: self.values, reference, now, proposed_by: self.proposed_by }
    }
}

/// What stands now for a subject, as values of the kind's form; `None` if there is no such subject.
pub async fn standing(
    bank: &Bank,
    staff: &Staff,
    kind: &'static dyn ChangeKind,
    subject: &str,
    values: &Values,
) -> Result<Option<Values>, Failure> {
    if !staff.may(kind.permission()) {
        return Ok(None);
    }
    let mut conn = bank.read().await?;
    let reference = read_reference(&mut conn).await?;
    let asked = Asked { kind, subject, values, proposed_by: staff.user_id() };
    kind.standing(&mut conn, &asked.proposal(&reference, bank.now())).await
}

/// What a change would do if it were applied now.
pub async fn preview(
    bank: &Bank,
    staff: &Staff,
    kind: &'static dyn ChangeKind,
    subject: &str,
    values: &Values,
) -> Result<Preview, Rejected<Vec<ChangeRefusal>>> {
    if !staff.may(kind.permission()) {
        return Err(Rejected::Refused(vec![ChangeRefusal::NotYours]));
    }
    let asked = Asked { kind, subject, values, proposed_by: staff.user_id() };
    weigh(&mut bank.read().await?, &asked, bank.now()).await
}

/// Proposes a posted change whose preview the page showed. Idempotent per key; the result is the id of the request.
pub async fn propose(
    bank: &Bank,
    staff: &Staff,
    kind: &'static dyn ChangeKind,
    subject: &str,
    post: &Post,
) -> Result<SubmitOutcome<ChangeNotDone>, Failure> {
    let proposing = Proposing { bank, staff, kind, subject };
    submit(bank, post.row(staff.user_id(), kind.form()), post, &proposing).await
}

/// Why a transaction was rolled back.
pub(super) enum Stop {
    Form(SubmitConflict),
    Change(Vec<ChangeRefusal>),
}

/// The outcome of a transaction that ends with a request's id.
pub(super) fn ended(done: Result<String, Rejected<Stop>>) -> Result<AttemptOutcome<ChangeNotDone>, Rejected<SubmitConflict>> {
    match done {
        Ok(id) => Ok(AttemptOutcome::Booked(id)),
        Err(Rejected::Refused(Stop::Change(mut refusals))) => {
            // The page validates the fields again and says what is wrong with them.
            refusals.retain(|refusal| !matches!(refusal, ChangeRefusal::Entry(_)));
            if refusals.is_empty() {
                refusals.push(ChangeRefusal::PreviewChanged);
            }
            Ok(AttemptOutcome::Refused(ChangeNotDone { refusals }))
        }
        Err(Rejected::Refused(Stop::Form(conflict))) => Err(Rejected::Refused(conflict)),
        Err(Rejected::Unexpected(failure)) => Err(Rejected::Unexpected(failure)),
    }
}

/// The refusal that ends a transaction.
pub(super) fn stop(refusal: ChangeRefusal) -> Rejected<Stop> {
    Rejected::Refused(Stop::Change(vec![refusal]))
}

struct Proposing<'b> {
    bank: &'b Bank,
    staff: &'b Staff,
    kind: &'static dyn ChangeKind,
    subject: &'b str,
}

impl SubmitHandler for Proposing<'_> {
    type Refusal = ChangeNotDone;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<ChangeNotDone>, Rejected<SubmitConflict>> {
        let Self { bank, staff, kind, subject } = *self;
        // The page puts its subject into the form, so a form filled in for another subject is not used.
        if submitted.values.typed(SUBJECT) != subject {
            return Ok(AttemptOutcome::Open);
        }
        let done = bank.write("propose_change", |tx| {
            async move {
                let state = submitted.lock(tx).await.map_err(|rejected| rejected.map(Stop::Form))?;
                records::take_turn(tx).await?;
                if kind.counts_cases() {
                    hold_reference(tx).await?;
                }
                let now = tx.now();
                if !user_may(tx, staff.user_id(), kind.permission(), now.day()).await? {
                    return Err(stop(ChangeRefusal::NotYours));
                }
                let asked = Asked { kind, subject, values: &submitted.values, proposed_by: staff.user_id() };
                let preview = weigh(tx, &asked, now).await.map_err(|rejected| rejected.map(Stop::Change))?;
                if submitted.values.filled(SEEN) != Some(preview.mark().as_str()) {
                    return Err(stop(ChangeRefusal::PreviewChanged));
                }
                if let Some(id) = records::find_waiting(tx, kind.code(), subject).await? {
                    return Err(stop(ChangeRefusal::AlreadyWaiting { id }));
                }
                let id = tx.new_id()?;
                let judgement = &preview.judgement;
                let change = StoredChange {
                    values: kind.form().keep(&submitted.values),
                    judged: judgement.values.clone(),
                    before: preview.standing.clone(),
                    touches: judgement.touches.clone(),
                };
                let new = NewRequest {
                    id: &id,
                    kind: kind.code(),
                    subject,
                    change: &change,
                    effective_from: judgement.effective_from,
                    needs_second: judgement.second.is_some(),
                    proposed_by: staff.user_id(),
                };
                records::insert_waiting(tx, &new).await?;
                insert_audit(tx, &staff.actor(), "change_propose", &id, kind.code()).await?;
                if judgement.second.is_none() {
                    let reference = read_reference(tx).await?;
                    let applied = kind.apply(tx, &asked.proposal(&reference, now), judgement).await;
                    applied.map_err(|rejected| rejected.map(Stop::Change))?;
                    records::decide(tx, &id, ChangeState::Applied, staff.user_id(), None).await?;
                    insert_audit(tx, &staff.actor(), "change_apply", &id, kind.code()).await?;
                }
                submitted.finish(tx, state, &id).await?;
                Ok(id)
            }
            .scope_boxed()
        });
        ended(done.await)
    }

    fn changed(&self) -> Option<ChangeNotDone> {
        Some(ChangeNotDone { refusals: vec![ChangeRefusal::PreviewChanged] })
    }
}

/// Whether this staff member reads requests of the kind.
pub(super) fn may_see(staff: &Staff, request: &ChangeRequest) -> bool {
    staff.may(request.kind.permission())
}

/// A request, if this staff member decides on its kind.
pub async fn find_change(bank: &Bank, staff: &Staff, id: &str) -> Result<Option<ChangeRequest>, Failure> {
    Ok(records::find(&mut bank.read().await?, id).await?.filter(|request| may_see(staff, request)))
}

/// Every request that waits for a second administrator, the oldest first.
pub async fn list_waiting(bank: &Bank, staff: &Staff) -> Result<Vec<ChangeRequest>, Failure> {
    let mut requests = records::list_waiting(&mut bank.read().await?).await?;
    requests.retain(|request| may_see(staff, request));
    Ok(requests)
}

/// Number of decided requests listed.
const DECIDED: i64 = 20;

/// The requests decided last, the newest first.
pub async fn list_decided(bank: &Bank, staff: &Staff) -> Result<Vec<ChangeRequest>, Failure> {
    let mut requests = records::list_decided(&mut bank.read().await?, DECIDED).await?;
    requests.retain(|request| may_see(staff, request));
    Ok(requests)
}
