//! Decides on a request: a second administrator approves or rejects it, the proposer withdraws it. An approval judges the
//! change again and applies it in the same transaction.

use std::sync::LazyLock;

use scoped_futures::ScopedFutureExt;

use super::forms::SEEN;
use super::model::{ChangeRequest, ChangeState, Preview, differences};
use super::propose::{Asked, Stop, ended, may_see, stop, weigh};
use super::records::{self, StoredChange};
use super::refusals::{ChangeNotDone, ChangeRefusal, REASON_MAX};
use crate::branches::{hold_reference, read_reference};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    AttemptOutcome, Field, FieldKind, Form, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values, submit,
};
use crate::kernel::text::length;
use crate::kernel::time::At;
use crate::sessions::{Staff, user_may};

/// The field with the pressed button: `approve`, `reject` or `withdraw`.
pub const ACTION: &str = "do";

/// The form of a decision.
pub static DECISION: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("reason", FieldKind::Lines(|_| REASON_MAX)),
        Field::new(ACTION, FieldKind::Carried),
        Field::new(SEEN, FieldKind::Carried),
    ];
    Form::new("admin_decision", vec![("decide", fields)])
});

/// Decides on a request. Idempotent per key.
pub async fn decide(bank: &Bank, staff: &Staff, id: &str, post: &Post) -> Result<SubmitOutcome<ChangeNotDone>, Failure> {
    // Only the values of this post: an earlier post with the same key may have had another button.
    let posted = DECISION.keep(&post.values);
    submit(bank, post.row(staff.user_id(), &DECISION), post, &Deciding { bank, staff, id, posted }).await
}

struct Deciding<'b> {
    bank: &'b Bank,
    staff: &'b Staff,
    id: &'b str,
    posted: Values,
}

impl Deciding<'_> {
    async fn carry_out(&self, tx: &mut Tx, action: &str) -> Result<(), Rejected<Stop>> {
        let Self { staff, id, posted, .. } = self;
        let missing = || stop(ChangeRefusal::NotYours);
        let request = records::find(tx, id).await?.filter(|request| may_see(staff, request)).ok_or_else(missing)?;
        let own = request.proposed_by.user_id == staff.user_id();
        let today = tx.now().day();
        if !user_may(tx, staff.user_id(), request.kind.permission(), today).await? {
            return Err(stop(ChangeRefusal::NotYours));
        }
        let state = match action {
            "approve" => ChangeState::Applied,
            "reject" => ChangeState::Rejected,
            _ => ChangeState::Withdrawn,
        };
        let reason = if state == ChangeState::Rejected { Some(self.reason()?) } else { None };
        match (state, own) {
            (ChangeState::Withdrawn, false) => return Err(stop(ChangeRefusal::NotProposer)),
            (ChangeState::Applied | ChangeState::Rejected, true) => return Err(stop(ChangeRefusal::OwnProposal)),
            _ => {}
        }
        // The guard: a request is decided once.
        if !records::decide(tx, id, state, staff.user_id(), reason).await? {
            return Err(stop(ChangeRefusal::Decided { state: request.state }));
        }
        if state == ChangeState::Applied {
            approve(tx, &request, posted.filled(SEEN).unwrap_or_default()).await?;
        }
        let done = match state {
            ChangeState::Applied => "change_apply",
            ChangeState::Rejected => "change_reject",
            ChangeState::Waiting | ChangeState::Withdrawn => "change_withdraw",
        };
        insert_audit(tx, &staff.actor(), done, id, request.kind.code()).await?;
        Ok(())
    }

    fn reason(&self) -> Result<&str, Rejected<Stop>> {
        let reason = self.posted.filled("reason").ok_or_else(|| stop(ChangeRefusal::ReasonMissing))?;
        let (max, length) = (REASON_MAX, length(reason));
        if length > max { Err(stop(ChangeRefusal::ReasonTooLong { max, length })) } else { Ok(reason) }
    }
}

/// Judges a request on what stands now; outdated if that has changed since the proposal.
async fn judged_again<'r>(
    conn: &mut Conn,
    request: &'r ChangeRequest,
    now: At,
) -> Result<(Asked<'r>, Preview), Rejected<Vec<ChangeRefusal>>> {
    let kind = request.kind;
    let proposed_by = request.proposed_by.user_id.as_str();
    let asked = Asked { kind, subject: &request.subject, values: &request.values, proposed_by };
    let reference = read_reference(conn).await?;
    let standing = kind.standing(conn, &asked.proposal(&reference, now)).await?.unwrap_or_default();
    let changed = differences(kind, &request.before, &standing);
    if !changed.is_empty() {
        return Err(Rejected::Refused(vec![ChangeRefusal::Outdated { changed }]));
    }
    let preview = weigh(conn, &asked, now).await?;
    Ok((asked, preview))
}

/// What a waiting request would do if it were approved now.
pub async fn preview_request(bank: &Bank, request: &ChangeRequest) -> Result<Preview, Rejected<Vec<ChangeRefusal>>> {
    Ok(judged_again(&mut bank.read().await?, request, bank.now()).await?.1)
}

/// Judges the change on what stands now and applies it. Everything is rolled back unless it is what the page showed.
async fn approve(tx: &mut Tx, request: &ChangeRequest, seen: &str) -> Result<(), Rejected<Stop>> {
    let (kind, now) = (request.kind, tx.now());
    let proposer = request.proposed_by.user_id.as_str();
    if !user_may(tx, proposer, kind.permission(), now.day()).await? {
        return Err(stop(ChangeRefusal::ProposerMayNot));
    }
    if kind.counts_cases() {
        hold_reference(tx).await?;
    }
    let (asked, preview) = judged_again(tx, request, now).await.map_err(|rejected| rejected.map(Stop::Change))?;
    if preview.mark() != seen {
        return Err(stop(ChangeRefusal::PreviewChanged));
    }
    let judgement = &preview.judgement;
    let reference = read_reference(tx).await?;
    let applied = kind.apply(tx, &asked.proposal(&reference, now), judgement).await;
    applied.map_err(|rejected| rejected.map(Stop::Change))?;
    let change = StoredChange {
        values: request.values.clone(),
        judged: judgement.values.clone(),
        before: request.before.clone(),
        touches: judgement.touches.clone(),
    };
    Ok(records::store_judged(tx, &request.id, &change).await?)
}

impl SubmitHandler for Deciding<'_> {
    type Refusal = ChangeNotDone;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<ChangeNotDone>, Rejected<SubmitConflict>> {
        let Some(action) = self.posted.filled(ACTION).filter(|action| ["approve", "reject", "withdraw"].contains(action)) else {
            return Ok(AttemptOutcome::Open);
        };
        let done = self.bank.write("decide_change", |tx| {
            async move {
                let state = submitted.lock(tx).await.map_err(|rejected| rejected.map(Stop::Form))?;
                records::take_turn(tx).await?;
                self.carry_out(tx, action).await?;
                submitted.finish(tx, state, self.id).await?;
                Ok(self.id.to_owned())
            }
            .scope_boxed()
        });
        ended(done.await)
    }

    fn changed(&self) -> Option<ChangeNotDone> {
        Some(ChangeNotDone { refusals: vec![ChangeRefusal::PreviewChanged] })
    }
}
