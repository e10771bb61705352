//! Writes a change that was decided, in its transaction: state, event, audit, clock, message. And the customer's action whose effect
//! the kind writes itself, because more than posted fields decides on it: moving an appointment.

use serde_json::{Map, Value};

use super::flow::part_of;
use super::kind::{CustomerMessage, Effect};
use super::model::CaseLine;
use super::records;
use super::table::{ActionContext, Facts, NotAllowed, Phase, Transition, acts_at, decide};
use crate::branches::Reference;
use crate::kernel::audit::Actor;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::messages::{MessageParameters, NewMessage, insert_message};
use crate::sessions::Customer;

/// A change that the table allows, on a case whose row is locked.
pub(crate) struct Decided<'d> {
    pub case: &'d CaseLine,
    pub facts: &'d Facts,
    pub transition: &'static Transition,
    pub actor: &'d Actor,
    /// The reason given, if the action needs one.
    pub reason: Option<&'d str>,
}

/// Writes the change; `false` if the case no longer has the version it was decided on.
pub(crate) async fn record(tx: &mut Tx, reference: &Reference, decided: &Decided<'_>, effect: Effect) -> Result<bool, Failure> {
    let Decided { case, transition, .. } = *decided;
    let kind = case.kind.registered();
    let waiting = kind.phase(transition.to) == Some(Phase::Waiting);
    let facts = effect.facts.as_ref().unwrap_or(decided.facts);
    let change = records::StateChange {
        case,
        to: transition.to,
        action: transition.action,
        actor: decided.actor,
        waiting,
        acts_at: acts_at(kind.table(), transition.to, facts),
        due_at: effect.due_at,
        moved: effect.moved.as_ref(),
        reason: effect.reason.as_deref().or(decided.reason),
        detail: &effect.detail.unwrap_or_else(|| Value::Object(Map::new())),
    };
    if !records::move_case(tx, &change).await? {
        return Ok(false);
    }
    if case.phase() == Some(Phase::Proposed) {
        records::delete_proposal(tx, &case.number).await?;
    }
    if effect.due_at.is_some() {
        // The branch answers anew, by a clock of its own hours.
        records::forget_clock(tx, &case.number).await?;
    } else if case.waiting && !waiting {
        records::stop_clock(tx, &case.number).await?;
    }
    if let Some(due_at) = effect.due_at.filter(|_| waiting) {
        let branch = effect.moved.as_ref().map(|moved| moved.branch_id.as_str());
        records::start_clock(tx, reference, &case.number, branch.or(case.branch_id.as_deref()), due_at);
    }
    if let Some(message) = &effect.message {
        enqueue_message(tx, reference, &case.customer_id, &case.number, message).await?;
    }
    Ok(true)
}

/// Locks the case of this holder until the end of the transaction, and reads it.
pub(crate) async fn lock_of_holder(tx: &mut Tx, customer: &Customer, number: &str) -> Result<Option<CaseLine>, Failure> {
    records::lock_case(tx, number).await?;
    records::find_owned(tx, customer.customer_id(), number).await
}

/// Whether the holder's user may take an action on a case now.
pub(crate) fn decide_for_holder(
    customer: &Customer,
    case: &CaseLine,
    action: &str,
    facts: &Facts,
    now: At,
) -> Result<&'static Transition, NotAllowed> {
    let context = ActionContext { by: &[part_of(customer)], user: customer.user_id(), now, reason: true, internal_reason: true };
    decide(case.kind.registered().table(), &case.state, action, facts, &context)
}

/// Writes a message to the case's customer, in the transaction of the change.
pub(crate) async fn enqueue_message(
    tx: &mut Tx,
    reference: &Reference,
    customer_id: &str,
    number: &str,
    message: &CustomerMessage,
) -> Result<(), Failure> {
    let message = NewMessage {
        customer_id,
        case_number: Some(number),
        kind: message.kind,
        details: &message.details,
        phone: message.phone.as_deref(),
        day_max: reference.parameters::<MessageParameters>("", tx.now().day()).messages_day_max,
        code: None,
    };
    insert_message(tx, &message).await
}
