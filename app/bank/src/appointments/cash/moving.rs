//! A customer moves a booking (docs/domain.md §3.5): the booking form, filled in with the booking, and one transaction that swaps
//! the capacity under the same number. What the branch or the company's approver has answered was about the old values, so both
//! answer anew.

mod filled_in;

use std::sync::LazyLock;

use filled_in::{as_requested, begun, completed};
use scoped_futures::ScopedFutureExt;
use serde_json::{Value, json};

use super::book::message_details;
use super::booked::{Booked, facts};
use super::form::FORM;
use super::model::{CashRequest, CashState, Collector};
use super::own::OwnBooking;
use super::records::{self, Hold, NewBooking, Place};
use super::rules::read_cash;
use super::snapshot::{Snapshot, capacity, snapshot};
use super::states::{CashAction, HAS_APPROVER};
use super::timing::Timing;
use super::{CashParameters, CashRefusal};
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{
    CaseLine, CustomerMessage, Decided, Effect, Moved, NotAllowed, decide_for_holder, find_mine, lock_holder, lock_of_holder,
    record,
};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    AttemptOutcome, DraftLifetime, Form, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values, submit,
};
use crate::kernel::money::Fen;
use crate::kernel::people::mask_id;
use crate::kernel::time::{At, Day, Time, day_text, hhmm};
use crate::sessions::{Customer, CustomerKind, find_approver};

/// The form: that of a booking. Nobody finds an unfinished one again but by its address, so it is kept for a day.
pub static MOVE_FORM: LazyLock<Form> =
    LazyLock::new(|| Form { name: "cash_move".into(), lifetime: DraftLifetime::Days(1), ..FORM.clone() });

/// The hidden field that tells how often the booking had been moved when the page showed it.
pub const MOVES: &str = "moves";

const MOVE: &str = CashAction::Move.code();

/// A booking that its customer may move now.
#[derive(Clone, Debug)]
pub struct Moving {
    pub number: String,
    /// The form, which begins with the booking.
    pub form: Form,
    pub own: OwnBooking,
    /// As its customer asked for it. It holds in full what pages show masked.
    pub booked: CashRequest,
    /// The value of [`MOVES`].
    pub moves: i64,
}

impl Moving {
    /// The values of the form completed with what it does not show. No page may show the result.
    pub fn completed(&self, values: &Values) -> Values {
        completed(&self.booked, values)
    }

    /// The masked number of the agent's document.
    pub fn agent_id_masked(&self) -> Option<String> {
        match &self.booked.collector {
            Collector::Agent { id, .. } => Some(mask_id(id)),
            Collector::Myself => None,
        }
    }
}

/// The form in which the customer moves this booking of theirs, or why they cannot.
pub async fn moving(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Result<Moving, CashRefusal>, Failure> {
    let reference = reference(bank).await?;
    let (booked, now) = (Booked::read(&mut bank.read().await?, &reference, case).await?, bank.now());
    if let Err(refusal) = judge(customer, case, &booked, &reference, now) {
        return Ok(Err(refusal));
    }
    let requested = as_requested(bank.seal(), &case.number, &booked)?;
    Ok(Ok(Moving {
        number: case.number.clone(),
        form: form_of(&requested),
        own: own(case, &booked, &reference, now),
        moves: booked.row.moves,
        booked: requested,
    }))
}

/// Moves the booking to the values of the form, including those posted last. Idempotent per key.
pub async fn move_cash(
    bank: &Bank,
    customer: &Customer,
    number: &str,
    post: &Post,
) -> Result<SubmitOutcome<CashRefusal>, Failure> {
    let reference = reference(bank).await?;
    let mover = Mover { bank, customer, number, seen: post.values.filled(MOVES).and_then(|seen| seen.parse().ok()) };
    let form = match mover.read(&reference).await? {
        Some((_, booked)) => form_of(&as_requested(bank.seal(), number, &booked)?),
        None => MOVE_FORM.clone(),
    };
    submit(bank, post.row(customer.user_id(), &form), post, &mover).await
}

fn judge(customer: &Customer, case: &CaseLine, booked: &Booked, reference: &Reference, now: At) -> Result<(), CashRefusal> {
    match decide_for_holder(customer, case, MOVE, &booked.facts(reference), now) {
        Ok(_) => Ok(()),
        Err(NotAllowed::TooLate(until)) => Err(CashRefusal::MoveClosed { until }),
        Err(_) => Err(CashRefusal::MoveOver),
    }
}

fn form_of(booked: &CashRequest) -> Form {
    Form { begins_with: MOVE_FORM.keep(&begun(booked)), ..MOVE_FORM.clone() }
}

pub(super) fn own(case: &CaseLine, booked: &Booked, reference: &Reference, now: At) -> OwnBooking {
    let can_stay = reference.branch(&booked.row.branch_id).is_some_and(|branch| {
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &booked.parameters };
        timing.answer_due_before(now, booked.time.0).is_some()
    });
    OwnBooking {
        branch: booked.row.branch_id.clone(),
        day: booked.day,
        slot: booked.slot,
        amount: Fen(booked.row.amount),
        notes: booked.notes,
        submitted_at: case.created_at,
        cancel_until: At(booked.row.cancel_until),
        can_stay,
        proposed: booked.proposed.as_ref().map(|proposed| {
            let proposal = &proposed.proposal;
            (proposal.branch_id.clone(), proposal.day, proposal.slot)
        }),
    }
}

/// The form of a customer who moves a booking.
struct Mover<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
    number: &'b str,
    /// How often it had been moved when the posting page showed it.
    seen: Option<i64>,
}

impl Mover<'_> {
    async fn read(&self, reference: &Reference) -> Result<Option<(CaseLine, Booked)>, Failure> {
        let Some(case) = find_mine(self.bank, self.customer, self.number).await? else { return Ok(None) };
        let booked = Booked::read(&mut self.bank.read().await?, reference, &case).await?;
        Ok(Some((case, booked)))
    }
}

impl SubmitHandler for Mover<'_> {
    type Refusal = CashRefusal;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<CashRefusal>, Rejected<SubmitConflict>> {
        let known = reference(self.bank).await?;
        let found = self.read(&known).await?;
        let Some((case, booked)) = found else { return Ok(AttemptOutcome::Refused(CashRefusal::MoveOver)) };
        let (branch, own) = (submitted.values.filled("branch"), own(&case, &booked, &known, self.bank.now()));
        let Snapshot { context, reference, .. } = snapshot(self.bank, self.customer, branch, Some(own.clone())).await?;
        if let Err(refusal) = judge(self.customer, &case, &booked, &reference, context.now) {
            return Ok(AttemptOutcome::Refused(refusal));
        }
        if self.seen != Some(booked.row.moves) {
            return Ok(AttemptOutcome::Refused(CashRefusal::Moved));
        }
        let before = as_requested(self.bank.seal(), self.number, &booked)?;
        let parsed = read_cash(&completed(&before, &submitted.values), &submitted.offered, &context);
        let Some(mut request) = parsed.request() else {
            return Ok(parsed.refusals.into_iter().next().map_or(AttemptOutcome::Open, AttemptOutcome::Refused));
        };
        // A purpose that was asked for then and is not now has not been taken back.
        if !parsed.purpose_asked && request.amount == before.amount {
            request.purpose.clone_from(&before.purpose);
        }
        // The split that the branch chooses can be another one by now; that is no wish of the customer.
        let notes = if request.any_notes { before.notes } else { request.notes };
        if (CashRequest { notes, ..request.clone() }) == before {
            return Ok(AttemptOutcome::Refused(CashRefusal::NothingMoved));
        }
        let plan = Plan::of(self, &own, &before, &request, &reference, context.now)
            .ok_or(Rejected::Refused(SubmitConflict::LostRace))?;
        if booked.has_approver && plan.leaves_no_time(context.now) {
            return Ok(AttemptOutcome::Refused(CashRefusal::ApproverTooLate { until: plan.cancel_until }));
        }
        let done = self.bank.write("move_cash", |tx| {
            let (plan, booked) = (&plan, &booked);
            async move { plan.carry_out(tx, submitted, booked.row.moves).await }.scope_boxed()
        });
        done.await.map(AttemptOutcome::Booked)
    }

    fn changed(&self) -> Option<CashRefusal> {
        Some(CashRefusal::Changed)
    }
}

/// What a move writes.
struct Plan<'p> {
    customer: &'p Customer,
    number: &'p str,
    reference: &'p Reference,
    request: &'p CashRequest,
    made: CashParameters,
    collected: CashParameters,
    /// The most that the customer may have booked, as of today.
    open_max: Fen,
    /// Until when the booking could be cancelled when this was planned: an answer since then may have given more time.
    stood_until: At,
    /// Start and end of the new slot.
    time: (At, At),
    /// The first submission.
    submitted_at: At,
    cancel_until: At,
    due_at: At,
    message: Value,
    /// The entry in history: from where to where.
    detail: Value,
}

impl<'p> Plan<'p> {
    /// `None`: the branch has been closed for good meanwhile.
    fn of(
        mover: &Mover<'p>,
        own: &OwnBooking,
        before: &CashRequest,
        request: &'p CashRequest,
        reference: &'p Reference,
        now: At,
    ) -> Option<Self> {
        let branch = reference.branch(&request.branch)?;
        let made: CashParameters = reference.parameters(&request.branch, own.submitted_at.day());
        let collected: CashParameters = reference.parameters(&request.branch, request.day);
        let start = At::of(request.day, request.slot);
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &made };
        let end = Timing { parameters: &collected, ..timing }.slot_end(request.day, request.slot);
        let cancel_until = own.cancel_until_at(&timing, &request.branch, request.day, request.slot);
        let due_at = timing.answer_due_before(now, start).unwrap_or_else(|| timing.answer_due(now));
        let at =
            |request: &CashRequest| place_words(reference.branch(&request.branch), request.day, request.slot, request.amount);
        Some(Self {
            customer: mover.customer,
            number: mover.number,
            reference,
            request,
            time: (start, end),
            submitted_at: own.submitted_at,
            cancel_until,
            due_at,
            message: message_details(branch, request, due_at),
            detail: json!({ "from": at(before), "to": at(request) }),
            made,
            collected,
            open_max: reference.parameters::<CashParameters>(&request.branch, now.day()).cash_open_max,
            stood_until: own.cancel_until,
        })
    }

    /// Whether the company's approver has less time to agree than for a new booking: it would hardly be agreed to in time, and
    /// cancelled although it was agreed to before.
    fn leaves_no_time(&self, now: At) -> bool {
        self.reference.branch(&self.request.branch).is_none_or(|branch| {
            let timing = Timing { calendar: &self.reference.calendar, hours: &branch.hours, parameters: &self.made };
            self.cancel_until < timing.cancel_until(now, self.time.0)
        })
    }

    /// The transaction. Rows are locked in the order of a booking: form, case, slots, cash, notes, customer.
    async fn carry_out(
        &self,
        tx: &mut Tx,
        submitted: &SubmittedForm<'_>,
        moves: i64,
    ) -> Result<String, Rejected<SubmitConflict>> {
        let lost = || Rejected::Refused(SubmitConflict::LostRace);
        let Self { customer, number, reference, request, .. } = *self;
        let state = submitted.lock(tx).await?;
        let case = lock_of_holder(tx, customer, number).await?.ok_or_else(lost)?;
        let mut booked = Booked::read(tx, reference, &case).await?;
        // What has ended holds nothing that could be given back.
        if booked.row.moves != moves
            || At(booked.row.cancel_until) != self.stood_until
            || judge(customer, &case, &booked, reference, tx.now()).is_err()
        {
            return Err(lost());
        }
        let place = Place { branch: &request.branch, day: request.day, slot: request.slot };
        let wanted = [Hold { place, notes: request.notes }];
        if let Err(shortage) = records::swap(tx, &booked.holds(), &wanted, &capacity(&self.collected)).await? {
            tracing::debug!(?shortage, "the capacity was taken since the form was validated");
            return Err(lost());
        }
        if !lock_holder(tx, customer.customer_id(), reference).await? {
            return Err(lost());
        }
        // Asked for again with the customer locked, so that an approver who goes sees what waits for them.
        let is_company = customer.kind() == CustomerKind::Company;
        booked.has_approver = is_company && find_approver(tx, customer.customer_id()).await?.is_some();
        let facts = booked.facts(reference);
        let transition = decide_for_holder(customer, &case, MOVE, &facts, tx.now()).map_err(|_| lost())?;
        let time = engagements::time_of(customer.customer_id(), number, self.time.0, self.time.1);
        let operator_id = is_company.then(|| customer.user_id());
        let row = NewBooking::of(customer.customer_id(), request, self.cancel_until, operator_id);
        if !records::move_booking(tx, number, &row, self.open_max, time).await? {
            return Err(lost());
        }
        let actor = customer.actor();
        let decided = Decided { case: &case, facts: &facts, transition, actor: &actor, reason: None };
        let held = transition.to == CashState::AwaitingCompanyApprover.code();
        // An approver who has come meanwhile needs time, too.
        if held && self.leaves_no_time(tx.now()) {
            return Err(lost());
        }
        if !record(tx, reference, &decided, self.effect(held)).await? {
            return Err(lost());
        }
        submitted.finish(tx, state, number).await?;
        Ok(number.to_owned())
    }

    /// `held`: the company's approver has to agree first, by the time until which the customer can cancel.
    fn effect(&self, held: bool) -> Effect {
        let mut facts = facts(&self.made, self.time, (self.submitted_at, self.cancel_until), self.request.amount);
        facts.holds.push((HAS_APPROVER, held));
        Effect {
            reason: None,
            detail: Some(self.detail.clone()),
            message: Some(CustomerMessage {
                kind: if held { "cash_to_approve" } else { "cash_moved" },
                details: self.message.clone(),
                phone: Some(self.request.phone.as_str().to_owned()),
            }),
            due_at: Some(if held { self.cancel_until } else { self.due_at }),
            moved: Some(Moved { branch_id: self.request.branch.clone(), time: self.time, amount: Some(self.request.amount) }),
            facts: Some(facts),
        }
    }
}

/// Where, when and how much, for the history.
pub(super) fn place_words(branch: Option<&Branch>, day: Day, slot: Time, amount: Fen) -> Value {
    json!({
        "branch_zh": branch.map(|branch| &branch.name_zh), "branch_en": branch.map(|branch| &branch.name_en),
        "day": day_text(day), "slot": hhmm(slot), "amount": amount.0,
    })
}
