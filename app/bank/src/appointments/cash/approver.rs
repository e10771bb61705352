//! The answer of a company's approver to what its operator has booked (docs/domain.md §3.5): a form with a key, so that a press
//! that is repeated is one answer. The table of states decides; a fresh proof of who answers is asked for before, by the route.

use std::sync::LazyLock;

use scoped_futures::ScopedFutureExt;

use super::moving::MOVES;
use super::records::find_booking;
use crate::branches::reference;
use crate::cases::{ACTION, CaseLine, DeskRefusal, NotDone, REASON_MAX, act_for_holder};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    AttemptOutcome, Field, FieldKind, Form, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values, submit,
};
use crate::kernel::text::{cut, length};
use crate::sessions::{Customer, CustomerKind, find_approver};

/// The field with the reason of a refusal, which may stay empty.
pub const WHY: &str = "reason";

/// The form: the pressed button, how often the booking had been moved when the page showed it, and the reason.
pub static APPROVER_FORM: LazyLock<Form> = LazyLock::new(|| {
    Form::new(
        "cash_approver",
        vec![(
            "answer",
            vec![
                Field::new(ACTION, FieldKind::Carried),
                Field::new(MOVES, FieldKind::Carried),
                Field::new(WHY, FieldKind::Lines(|_| REASON_MAX)),
            ],
        )],
    )
});

/// The name of the approver for whom the bookings of this case's company wait; `None`: it has none any more.
pub async fn approver_of(bank: &Bank, case: &CaseLine) -> Result<Option<String>, Failure> {
    find_approver(&mut bank.read().await?, &case.customer_id).await
}

/// Whether what this customer books waits for a company's approver first.
pub async fn waits_for_approver(bank: &Bank, customer: &Customer) -> Result<bool, Failure> {
    Ok(customer.kind() == CustomerKind::Company
        && find_approver(&mut bank.read().await?, customer.customer_id()).await?.is_some())
}

/// Answers for the company, as the posted button says. Idempotent per key.
pub async fn answer_for_company(
    bank: &Bank,
    customer: &Customer,
    number: &str,
    post: &Post,
) -> Result<SubmitOutcome<NotDone>, Failure> {
    let row = post.row(customer.user_id(), &APPROVER_FORM);
    // Only the values of this post: an earlier one with the same key may have had the other button.
    let posted = row.form.keep(&post.values);
    submit(bank, row, post, &Answering { bank, customer, number, posted }).await
}

struct Answering<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
    number: &'b str,
    posted: Values,
}

/// Why the transaction was rolled back.
enum Stop {
    Form(SubmitConflict),
    Act(DeskRefusal),
}

impl Answering<'_> {
    fn refused(&self, refusal: DeskRefusal) -> NotDone {
        NotDone { number: self.number.to_owned(), since: 0, refusals: vec![refusal] }
    }
}

impl SubmitHandler for Answering<'_> {
    type Refusal = NotDone;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<NotDone>, Rejected<SubmitConflict>> {
        let Self { bank, customer, number, posted } = self;
        let Some(action) = posted.filled(ACTION) else { return Ok(AttemptOutcome::Open) };
        if let Some(why) = posted.filled(WHY).filter(|why| length(why) > REASON_MAX) {
            let (length, cut) = (length(why), cut(why, REASON_MAX));
            return Ok(AttemptOutcome::Refused(self.refused(DeskRefusal::ReasonTooLong { max: REASON_MAX, length, cut })));
        }
        let reference = reference(bank).await?;
        let seen: i64 = posted.filled(MOVES).and_then(|seen| seen.parse().ok()).unwrap_or_default();
        let done = bank.write("answer_for_company", |tx| {
            let reference = &reference;
            async move {
                let state = submitted.lock(tx).await.map_err(|rejected| rejected.map(Stop::Form))?;
                let acted = act_for_holder(tx, reference, customer, number, action, posted).await;
                acted.map_err(|rejected| rejected.map(|not_allowed| Stop::Act(not_allowed.into())))?;
                // Nobody agrees to what they have not seen. The case is locked by now.
                if find_booking(tx, number).await?.is_some_and(|booked| booked.moves != seen) {
                    return Err(Rejected::Refused(Stop::Act(DeskRefusal::Changed)));
                }
                Ok(submitted.finish(tx, state, number).await?)
            }
            .scope_boxed()
        });
        match done.await {
            Ok(()) => Ok(AttemptOutcome::Booked((*number).to_owned())),
            Err(Rejected::Refused(Stop::Act(refusal))) => Ok(AttemptOutcome::Refused(self.refused(refusal))),
            Err(Rejected::Refused(Stop::Form(conflict))) => Err(Rejected::Refused(conflict)),
            Err(Rejected::Unexpected(failure)) => Err(Rejected::Unexpected(failure)),
        }
    }

    /// The form was changed by other posts at every attempt.
    fn changed(&self) -> Option<NotDone> {
        Some(self.refused(DeskRefusal::Changed))
    }
}
