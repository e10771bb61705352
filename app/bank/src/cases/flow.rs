//! The engine that creates and changes cases of every kind, each in one transaction: lock the case's row, read the case,
//! decide by the kind's table, let the kind apply the effect, write history, audit, due time and message. The row lock is
//! the first statement, so the second of two concurrent actions is decided on the result of the first.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::kind::Change;
use super::model::{CaseLine, NewCase};
use super::quota::has_room;
use super::record::{Decided, record};
use super::records;
use super::refusals::{DeskRefusal, INTERNAL_REASON, REASON, REASON_MAX};
use super::table::{
    ActionContext, ActorKind, Facts, Guard, NotAllowed, Phase, PossibleAction, State, Transition, acting, acts_at, deadline,
    decide, possible,
};
use crate::branches::{Reference, reference, share_reference};
use crate::kernel::audit::Actor;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{SubmitConflict, Values};
use crate::kernel::ids::CaseNumber;
use crate::kernel::text::{cut, length};
use crate::kernel::time::At;
use crate::sessions::{Customer, Permission, Scope, Staff, is_anybody_there};

/// Inserts a case with a new number. Refused if a quota of the customer is exhausted, or
/// if the reference data are no longer those it was prepared with: no case is opened at a branch or on a day that has been
/// closed in the meantime.
pub(crate) async fn open(
    tx: &mut Tx,
    reference: &Reference,
    case: &NewCase,
    actor: &Actor,
) -> Result<String, Rejected<SubmitConflict>> {
    if !has_room(tx, &case.customer_id, case.kind, reference).await? {
        return Err(Rejected::Refused(SubmitConflict::LostRace));
    }
    let kind = case.kind.registered();
    let wanted = |state: &&State| case.state.is_none_or(|code| state.code == code);
    let first = kind.states().iter().find(wanted).ok_or_else(|| Failure::stored("cases.kind", case.kind.code()))?;
    let acts_at = acts_at(kind.table(), first.code, &case.facts);
    for _ in 0..CaseNumber::TRIES {
        let number = CaseNumber::generate(case.kind.prefix(), &tx.random::<8>()?);
        if let Some(recorded) = records::insert_case(tx, case, number.as_str(), *first, acts_at, actor).await? {
            if first.phase == Phase::Waiting {
                records::start_clock(tx, reference, number.as_str(), recorded.branch_id.as_deref(), case.due_at);
            }
            return Ok(number.to_string());
        }
    }
    Err(Failure::Host("no free case number was drawn".to_owned()).into())
}

/// The actions a staff member may take on a case now, for the buttons of its page.
pub async fn possible_actions(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<Vec<PossibleAction>, Failure> {
    possible_to(bank, &staff_parts(staff), staff.user_id(), case).await
}

/// The actions the customer may take on their own case now, for the buttons of its page.
pub async fn possible_actions_of_customer(
    bank: &Bank,
    customer: &Customer,
    case: &CaseLine,
) -> Result<Vec<PossibleAction>, Failure> {
    possible_to(bank, &[part_of(customer)], customer.user_id(), case).await
}

/// Until when the customer may take an action on their own case; `None` if they may not take it now, or if nothing ends it.
pub async fn deadline_of_customer(
    bank: &Bank,
    customer: &Customer,
    case: &CaseLine,
    action: &str,
) -> Result<Option<At>, Failure> {
    let reference = reference(bank).await?;
    let kind = case.kind.registered();
    let facts = kind.facts(&mut bank.read().await?, &reference, case).await?;
    let context = ActionContext {
        by: &[part_of(customer)],
        user: customer.user_id(),
        now: bank.now(),
        reason: true,
        internal_reason: true,
    };
    Ok(deadline(kind.table(), &case.state, action, &facts, &context))
}

async fn possible_to(bank: &Bank, by: &[ActorKind], user: &str, case: &CaseLine) -> Result<Vec<PossibleAction>, Failure> {
    let reference = reference(bank).await?;
    let kind = case.kind.registered();
    let facts = kind.facts(&mut bank.read().await?, &reference, case).await?;
    let context = ActionContext { by, user, now: bank.now(), reason: true, internal_reason: true };
    Ok(possible(kind.table(), &case.state, &facts, &context))
}

/// A staff action on a case whose page showed `version`, with the posted fields. If the case has changed since, it is refused
/// with [`DeskRefusal::Changed`].
pub(super) async fn act_as_staff(
    tx: &mut Tx,
    reference: &Reference,
    staff: &Staff,
    number: &str,
    action: &str,
    version: i64,
    posted: &Values,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let act = ActionRequest {
        number,
        action,
        posted,
        by: staff_parts(staff),
        actor: staff.actor(),
        scope: staff.scope(Permission::SeeCases),
        version: Some(version),
        owner: None,
    };
    let refusals = |stopped| match stopped {
        ActionError::Refused(refusals) => refusals,
        ActionError::NotAllowed(not_allowed) => vec![not_allowed.into()],
    };
    carry_out(tx, reference, &act).await.map_err(|rejected| rejected.map(refusals))
}

pub(super) fn staff_parts(staff: &Staff) -> Vec<ActorKind> {
    Permission::ALL.into_iter().filter(|permission| staff.may(*permission)).map(ActorKind::Staff).collect()
}

/// What a customer's user is to a case of the holder.
pub(super) fn part_of(customer: &Customer) -> ActorKind {
    if customer.approves() { ActorKind::Approver } else { ActorKind::Customer }
}

/// A customer's action on their own case. It is decided on the current state, without a version. If the case is already in
/// the state the action leads to, it succeeds without a change.
pub(crate) async fn act_as_customer(
    bank: &Bank,
    customer: &Customer,
    number: &str,
    action: &str,
    posted: &Values,
) -> Result<(), Rejected<NotAllowed>> {
    let reference = reference(bank).await?;
    let done = bank.write("act", |tx| {
        let reference = &reference;
        async move { act_for_holder(tx, reference, customer, number, action, posted).await }.scope_boxed()
    });
    done.await
}

/// The same within a transaction: an action of one of the holder's users, by the part they have.
pub(crate) async fn act_for_holder(
    tx: &mut Tx,
    reference: &Reference,
    customer: &Customer,
    number: &str,
    action: &str,
    posted: &Values,
) -> Result<(), Rejected<NotAllowed>> {
    let (owner, by) = (Some(customer.customer_id()), vec![part_of(customer)]);
    let act =
        ActionRequest { number, action, posted, by, actor: customer.actor(), scope: Scope::EVERYTHING, version: None, owner };
    let not_allowed = |stopped| match stopped {
        ActionError::NotAllowed(not_allowed) => not_allowed,
        ActionError::Refused(_) => NotAllowed::State,
    };
    carry_out(tx, reference, &act).await.map_err(|rejected| rejected.map(not_allowed))
}

/// Performs the system's action on a case whose time has come; `false` if there was nothing left to do.
pub(crate) async fn act_by_system(bank: &Bank, number: &str) -> Result<bool, Failure> {
    let reference = reference(bank).await?;
    bank.write::<_, Infallible, _>("act_by_system", |tx| {
        let reference = &reference;
        async move { Ok(let_time_pass(tx, reference, number).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

async fn let_time_pass(tx: &mut Tx, reference: &Reference, number: &str) -> Result<bool, Failure> {
    let Some(case) = lock(tx, &Scope::EVERYTHING, number).await? else { return Ok(false) };
    let kind = case.kind.registered();
    let facts = kind.facts(tx, reference, &case).await?;
    let context = ActionContext { by: &[ActorKind::System], user: "", now: tx.now(), reason: false, internal_reason: false };
    let table = kind.table();
    let due = table.iter().find_map(|line| decide(table, &case.state, line.action, &facts, &context).ok());
    let Some(transition) = due else {
        // The time has not come yet, or the case has changed in the meantime.
        records::set_acts_at(tx, number, acts_at(table, &case.state, &facts)).await?;
        return Ok(false);
    };
    let act = ActionRequest {
        number,
        action: transition.action,
        posted: &Values::default(),
        by: vec![ActorKind::System],
        actor: Actor::system(),
        scope: Scope::EVERYTHING,
        version: None,
        owner: None,
    };
    match apply_transition(tx, reference, &act, &case, &facts, transition).await {
        Ok(()) => Ok(true),
        Err(Rejected::Refused(refusals)) => {
            Err(Failure::Host(format!("{} of {number} was refused: {refusals:?}", transition.action)))
        }
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}

/// An action to carry out.
struct ActionRequest<'a> {
    number: &'a str,
    action: &'a str,
    posted: &'a Values,
    by: Vec<ActorKind>,
    actor: Actor,
    /// The rows the actor may reach.
    scope: Scope,
    /// The version shown on the page; `None`: decided on the current state.
    version: Option<i64>,
    /// The customer who must own the case.
    owner: Option<&'a str>,
}

/// Why an action was not carried out.
enum ActionError {
    NotAllowed(NotAllowed),
    Refused(Vec<DeskRefusal>),
}

async fn carry_out(tx: &mut Tx, reference: &Reference, act: &ActionRequest<'_>) -> Result<(), Rejected<ActionError>> {
    let stop = |not_allowed| Err(Rejected::Refused(ActionError::NotAllowed(not_allowed)));
    let case = lock(tx, &act.scope, act.number).await?.filter(|case| act.owner.is_none_or(|owner| owner == case.customer_id));
    let Some(case) = case else { return stop(NotAllowed::State) };
    let table = case.kind.registered().table();
    if act.owner.is_some() && table.iter().any(|transition| already_in_target_state(transition, act, &case)) {
        return Ok(());
    }
    if act.version.is_some_and(|version| version != case.version) {
        return Err(Rejected::Refused(ActionError::Refused(vec![DeskRefusal::Changed])));
    }
    let facts = case.kind.registered().facts(tx, reference, &case).await?;
    let context = ActionContext {
        by: &act.by,
        user: act.actor.user_id.as_deref().unwrap_or_default(),
        now: tx.now(),
        reason: act.posted.filled(REASON).is_some(),
        internal_reason: act.posted.filled(INTERNAL_REASON).is_some(),
    };
    match decide(table, &case.state, act.action, &facts, &context) {
        Err(missing @ (NotAllowed::ReasonMissing | NotAllowed::InternalReasonMissing)) => {
            let mut refusals = besides_reason(tx, reference, act, &case, &facts, &context).await?;
            refusals.push(missing.into());
            Err(Rejected::Refused(ActionError::Refused(refusals)))
        }
        Err(not_allowed) => stop(not_allowed),
        Ok(transition) => {
            if let Some(permission) = nobody_goes_on(tx, act, &case, transition).await? {
                return Err(Rejected::Refused(ActionError::Refused(vec![DeskRefusal::NobodyThere { permission }])));
            }
            let applied = apply_transition(tx, reference, act, &case, &facts, transition).await;
            applied.map_err(|rejected| rejected.map(ActionError::Refused))
        }
    }
}

/// What nobody at the branch may do, if staff would let the case wait for it. Whoever goes counts the cases that wait for them
/// (docs/domain.md §12), so of two at once the second one sees what the first one has done.
async fn nobody_goes_on(
    tx: &mut Tx,
    act: &ActionRequest<'_>,
    case: &CaseLine,
    transition: &Transition,
) -> Result<Option<Permission>, Failure> {
    let kind = case.kind.registered();
    if act.owner.is_some() || kind.phase(transition.to) != Some(Phase::Waiting) {
        return Ok(None);
    }
    share_reference(tx).await?;
    let (branch, today) = (case.branch_id.as_deref().unwrap_or_default(), tx.now().day());
    for permission in acting(kind.table(), transition.to) {
        if !is_anybody_there(tx, permission, branch, today).await? {
            return Ok(Some(permission));
        }
    }
    Ok(None)
}

/// Everything that is missing besides the reason, so that the page names it at once. What the kind writes meanwhile is rolled back
/// with the refusal.
async fn besides_reason(
    tx: &mut Tx,
    reference: &Reference,
    act: &ActionRequest<'_>,
    case: &CaseLine,
    facts: &Facts,
    context: &ActionContext<'_>,
) -> Result<Vec<DeskRefusal>, Failure> {
    let kind = case.kind.registered();
    let context = ActionContext { reason: true, internal_reason: true, ..*context };
    if let Ok(Transition { action, to, .. }) = decide(kind.table(), &case.state, act.action, facts, &context) {
        let change = Change { case, action, to, actor: &act.actor, reason: None, posted: act.posted, reference };
        match kind.apply(tx, &change).await {
            Ok(_) => {}
            Err(Rejected::Refused(others)) => return Ok(others),
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        }
    }
    Ok(Vec::new())
}

/// Whether the case is already in the state this line leads to.
fn already_in_target_state(transition: &Transition, act: &ActionRequest<'_>, case: &CaseLine) -> bool {
    transition.action == act.action && transition.by.iter().any(|by| act.by.contains(by)) && transition.to == case.state
}

/// Locks the case's row until the end of the transaction, so that actions on one case are serialised, and reads it.
async fn lock(tx: &mut Tx, scope: &Scope, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::lock_case(tx, number).await?;
    records::find_case(tx, scope, number).await
}

/// Carries out a line of the table whose guards hold.
async fn apply_transition(
    tx: &mut Tx,
    reference: &Reference,
    act: &ActionRequest<'_>,
    case: &CaseLine,
    facts: &Facts,
    transition: &'static Transition,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let kind = case.kind.registered();
    let given = |field, guard| act.posted.filled(field).filter(|_| transition.guards.contains(&guard));
    let (reason, internal) = (given(REASON, Guard::Reason), given(INTERNAL_REASON, Guard::InternalReason));
    if let Some(long) = reason.or(internal).filter(|text| length(text) > REASON_MAX) {
        let (max, length, cut) = (REASON_MAX, length(long), cut(long, REASON_MAX));
        return Err(Rejected::Refused(vec![match internal {
            Some(_) => DeskRefusal::InternalReasonTooLong { max, length, cut },
            None => DeskRefusal::ReasonTooLong { max, length, cut },
        }]));
    }
    let change =
        Change { case, action: transition.action, to: transition.to, actor: &act.actor, reason, posted: act.posted, reference };
    let effect = kind.apply(tx, &change).await?;
    let reason = reason.or(internal);
    let recorded = record(tx, reference, &Decided { case, facts, transition, actor: &act.actor, reason }, effect).await?;
    if recorded { Ok(()) } else { Err(Rejected::Refused(vec![DeskRefusal::Changed])) }
}
