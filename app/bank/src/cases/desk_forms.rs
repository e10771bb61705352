//! The forms of a case page on the desk: an action and a note. Each is submitted like every form: one transaction locks the
//! form's row first and the case second. `flow.rs` decides which actions are possible and applies them.

use scoped_futures::ScopedFutureExt;

use super::flow::act_as_staff;
use super::records::{self, Event, NOTE, insert_event};
use super::refusals::{DeskRefusal, NotDone, REASON_MAX};
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    AttemptOutcome, Field, FieldKind, FormRow, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values, submit,
};
use crate::kernel::text::{cut, length};
use crate::sessions::{Permission, Staff};

/// The field with the action code of the pressed button.
pub const ACTION: &str = "do";

/// The field with the case version that the page showed.
pub const SEEN: &str = "seen";

/// The hidden fields of every form of a case page. The action is one of them, so that a different button with the same key counts
/// as different values.
pub fn carried() -> [Field; 2] {
    [Field::new(ACTION, FieldKind::Carried), Field::new(SEEN, FieldKind::Carried)]
}

/// Executes the action of a posted form of a case page. A form without an action is only stored. Idempotent per key.
pub async fn act(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    row: FormRow<'_>,
    post: &Post,
) -> Result<SubmitOutcome<NotDone>, Failure> {
    // Only the values of this post: an earlier post with the same key may have had a different action.
    let posted = row.form.keep(&post.values);
    submit(bank, row, post, &Acting { form: OfCase { bank, staff, number, seen: seen(&posted) }, posted }).await
}

/// Adds the internal note in the field `note`. Idempotent per key. Requires permission to answer the case.
pub async fn add_note(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    row: FormRow<'_>,
    post: &Post,
) -> Result<SubmitOutcome<NotDone>, Failure> {
    submit(bank, row, post, &Noting(OfCase { bank, staff, number, seen: seen(&post.values) })).await
}

fn seen(posted: &Values) -> Option<i64> {
    posted.filled(SEEN).and_then(|version| version.parse().ok())
}

/// The user and the case of a form.
struct OfCase<'b> {
    bank: &'b Bank,
    staff: &'b Staff,
    number: &'b str,
    /// The case version that the page showed.
    seen: Option<i64>,
}

impl OfCase<'_> {
    fn not_done(&self, refusals: Vec<DeskRefusal>) -> NotDone {
        NotDone { number: self.number.to_owned(), since: self.seen.unwrap_or_default(), refusals }
    }
}

/// Submission of an action.
struct Acting<'b> {
    form: OfCase<'b>,
    posted: Values,
}

/// Why an action was rolled back.
enum Stop {
    Form(SubmitConflict),
    Act(Vec<DeskRefusal>),
}

impl SubmitHandler for Acting<'_> {
    type Refusal = NotDone;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<NotDone>, Rejected<SubmitConflict>> {
        let OfCase { bank, staff, number, seen } = self.form;
        let Some(action) = self.posted.filled(ACTION) else { return Ok(AttemptOutcome::Open) };
        // Without a case version the page cannot prove which state it showed.
        let Some(version) = seen else { return Ok(AttemptOutcome::Refused(self.form.not_done(vec![DeskRefusal::Changed]))) };
        let reference = reference(bank).await?;
        let done = bank.write("act", |tx| {
            let reference = &reference;
            async move {
                let state = submitted.lock(tx).await.map_err(|rejected| rejected.map(Stop::Form))?;
                let acted = act_as_staff(tx, reference, staff, number, action, version, &self.posted).await;
                acted.map_err(|rejected| rejected.map(Stop::Act))?;
                Ok(submitted.finish(tx, state, number).await?)
            }
            .scope_boxed()
        });
        match done.await {
            Ok(()) => Ok(AttemptOutcome::Booked(number.to_owned())),
            Err(Rejected::Refused(Stop::Act(refusals))) => Ok(AttemptOutcome::Refused(self.form.not_done(refusals))),
            Err(Rejected::Refused(Stop::Form(conflict))) => Err(Rejected::Refused(conflict)),
            Err(Rejected::Unexpected(failure)) => Err(Rejected::Unexpected(failure)),
        }
    }

    /// The form was changed by other posts at every attempt.
    fn changed(&self) -> Option<NotDone> {
        Some(self.form.not_done(vec![DeskRefusal::Changed]))
    }
}

/// Submission of a note.
struct Noting<'b>(OfCase<'b>);

impl SubmitHandler for Noting<'_> {
    type Refusal = NotDone;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<NotDone>, Rejected<SubmitConflict>> {
        let OfCase { bank, staff, number, .. } = self.0;
        let refused = |refusal| Ok(AttemptOutcome::Refused(self.0.not_done(vec![refusal])));
        let Some(content) = submitted.values.filled("note") else { return refused(DeskRefusal::NoteMissing) };
        let length = length(content);
        if length > REASON_MAX {
            return refused(DeskRefusal::NoteTooLong { max: REASON_MAX, length, cut: cut(content, REASON_MAX) });
        }
        let scope = staff.scope(Permission::AnswerCases);
        if records::find_case(&mut bank.read().await?, &scope, number).await?.is_none() {
            return refused(DeskRefusal::NotYours);
        }
        bank.write("add_note", |tx| {
            let scope = &scope;
            async move {
                if records::find_case(tx, scope, number).await?.is_none() {
                    return Err(Rejected::Refused(SubmitConflict::LostRace));
                }
                let state = submitted.lock(tx).await?;
                let actor = staff.actor();
                insert_event(tx, &Event { reason: Some(content), ..Event::internal(number, NOTE) }, &actor).await?;
                insert_audit(tx, &actor, NOTE, number, "ok").await?;
                Ok(submitted.finish(tx, state, number).await?)
            }
            .scope_boxed()
        })
        .await?;
        Ok(AttemptOutcome::Booked(number.to_owned()))
    }

    /// The form was changed by other posts at every attempt.
    fn changed(&self) -> Option<NotDone> {
        Some(self.0.not_done(vec![DeskRefusal::Changed]))
    }
}
