//! What happens to an application after it was made: the branch confirms or declines, the customer gives it up. Each is one
//! transaction: the case changes under its version, the place and the time are given back, the customer is told.

use scoped_futures::ScopedFutureExt;
use serde_json::json;

use super::ReceptionRefusal;
use super::apply::{PHONE, told};
use super::model::ReceptionState;
use super::records;
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Reference, reference};
use crate::cases::{CaseLine, CaseMove, DeskRefusal, ensure_reason, find_case, find_mine, move_case};
use crate::kernel::audit::Actor;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::messages::{NewMessage, insert_message};
use crate::sessions::{Customer, Staff};

/// A button of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceptionAction {
    /// The customer will be received.
    Confirm,
    /// The customer will not be, for a reason.
    Decline,
}

impl ReceptionAction {
    /// Every action, in the order of the desk.
    pub const ALL: [Self; 2] = [Self::Confirm, Self::Decline];

    /// The button's value.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Decline => "decline",
        }
    }

    /// From a form.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// The buttons a staff member sees on an application: both while it waits.
pub fn reception_actions(_staff: &Staff, case: &CaseLine) -> Vec<ReceptionAction> {
    if case.state == ReceptionState::Applied.code() { ReceptionAction::ALL.to_vec() } else { Vec::new() }
}

/// The branch answers. Two on one case: the second is refused with [`DeskRefusal::Changed`].
pub async fn act_on_reception(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    version: i64,
    action: ReceptionAction,
    reason: Option<&str>,
) -> Result<(), Rejected<DeskRefusal>> {
    let (to, message, reason) = match action {
        ReceptionAction::Confirm => (ReceptionState::Confirmed, "reception_confirmed", None),
        ReceptionAction::Decline => {
            let reason = ensure_reason(reason).map_err(Rejected::Refused)?;
            (ReceptionState::Declined, "reception_declined", Some(reason))
        }
    };
    let change = Change { number, version: Some(version), to, action: action.code(), message, reason, actor: staff.actor() };
    match carry_out(bank, &change).await? {
        Outcome::Done => Ok(()),
        Outcome::Changed => Err(Rejected::Refused(DeskRefusal::Changed)),
        Outcome::NotNow | Outcome::TooLate(_) => Err(Rejected::Refused(DeskRefusal::NotNow)),
    }
}

/// The customer gives an application up, until the cut-off. Giving up what is given up already is done.
pub async fn cancel_reception(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Rejected<ReceptionRefusal>> {
    let case = find_mine(bank, customer, number).await?;
    if case.is_none_or(|case| case.state == ReceptionState::Cancelled.code()) {
        return Ok(());
    }
    let change = Change {
        number,
        version: None,
        to: ReceptionState::Cancelled,
        action: "cancel",
        message: "reception_cancelled",
        reason: None,
        actor: customer.actor(),
    };
    match carry_out(bank, &change).await? {
        Outcome::Done => Ok(()),
        Outcome::TooLate(until) => Err(Rejected::Refused(ReceptionRefusal::CancelClosed { until })),
        Outcome::Changed => Err(Rejected::Refused(ReceptionRefusal::Changed)),
        Outcome::NotNow => Err(Rejected::Refused(ReceptionRefusal::CancelOver)),
    }
}

/// Whether a state may follow another: the branch answers what waits, the customer gives up what is live.
pub const fn may_follow(from: ReceptionState, to: ReceptionState) -> bool {
    match to {
        ReceptionState::Applied => false,
        ReceptionState::Confirmed | ReceptionState::Declined => matches!(from, ReceptionState::Applied),
        ReceptionState::Cancelled => from.is_live(),
    }
}

struct Change<'c> {
    number: &'c str,
    /// The version the page showed; `None`: decided on what is there (a customer's own case).
    version: Option<i64>,
    to: ReceptionState,
    action: &'static str,
    message: &'static str,
    reason: Option<String>,
    actor: Actor,
}

enum Outcome {
    Done,
    /// Somebody was faster.
    Changed,
    /// The state does not allow it.
    NotNow,
    /// The customer's time to cancel has passed.
    TooLate(At),
}

async fn carry_out(bank: &Bank, change: &Change<'_>) -> Result<Outcome, Failure> {
    let reference = reference(bank).await?;
    bank.write::<_, std::convert::Infallible, _>("act_on_reception", |tx| {
        let reference = &reference;
        async move { Ok(run(tx, reference, change).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

async fn run(tx: &mut Tx, reference: &Reference, change: &Change<'_>) -> Result<Outcome, Failure> {
    let now = tx.now();
    let Some(case) = find_case(tx, change.number).await? else { return Ok(Outcome::NotNow) };
    let Some(stored) = records::find_application(tx, change.number).await? else { return Ok(Outcome::NotNow) };
    let from = ReceptionState::parse(&case.state).ok_or_else(|| Failure::stored("cases.state", &case.state))?;
    if change.version.is_some_and(|version| version != case.version) {
        return Ok(Outcome::Changed);
    }
    if !may_follow(from, change.to) {
        return Ok(Outcome::NotNow);
    }
    if change.to == ReceptionState::Cancelled && now >= stored.cancel_until {
        return Ok(Outcome::TooLate(stored.cancel_until));
    }
    let step = CaseMove {
        number: change.number,
        version: case.version,
        from: from.code(),
        to: change.to.code(),
        action: change.action,
        actor: &change.actor,
        waiting: false,
        acts_at: None,
        reason: change.reason.clone(),
        detail: json!({}),
    };
    if !move_case(tx, &step).await? {
        return Ok(Outcome::Changed);
    }
    if let (ReceptionState::Confirmed, Some((start, _)), Some(branch)) =
        (change.to, case.time, reference.branch(&stored.reception.branch_id))
    {
        let parameters = reference.parameters(&branch.id, case.created_at.day());
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &parameters };
        let until = timing.cancel_until_answered(stored.cancel_until, now, start);
        records::set_cancel_until(tx, change.number, until).await?;
    }
    if !change.to.is_live() {
        records::give_back(tx, change.number).await?;
        engagements::free_time(tx, change.number).await?;
    }
    let phone = tx.seal().open(PHONE, &stored.phone_sealed)?;
    let told = told(reference, &stored.reception, stored.slot, change.reason.as_deref());
    let message = NewMessage {
        customer_id: &stored.customer_id,
        case_number: change.number,
        kind: change.message,
        details: &told,
        phone: Some(&phone),
    };
    insert_message(tx, &message).await?;
    Ok(Outcome::Done)
}
