//! The kind "reception day" (docs/domain.md §4, §14): states, permitted actions, and their effects on the place and the
//! customer's time.

use serde_json::Value;

use super::apply::message_details;
use super::check_records;
use super::model::ReceptionState;
use super::timing::Timing;
use super::{ReceptionParameters, ReceptionRefusal};
use super::{plan_records as plans, records};
use crate::administration::Touch;
use crate::appointments::engagements;
use crate::branches::Reference;
use crate::cases::{
    ActorKind, BoardDay, BoxFuture, CaseKind, CaseLine, Change, CustomerMessage, DeskRefusal, Effect, Facts, Guard, Kind,
    NotAllowed, OnBoard, State, Transition, act_as_customer,
};
use crate::kernel::bank::Bank;
use crate::kernel::check::Check;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::Values;
use crate::kernel::parameters::{Declaration, Parameters};
use crate::kernel::seal::columns::RECEPTION_PHONE;
use crate::kernel::time::{At, Day};
use crate::sessions::{Customer, Permission};

/// Code of the kind and prefix of its case numbers (接待).
pub const KIND: CaseKind = CaseKind::new("reception", "JD");

/// The entry in the registry of kinds.
pub struct ReceptionKind;

/// Action: the branch confirms.
pub const CONFIRM: &str = "confirm";
/// Action: the branch declines, with a reason.
pub const DECLINE: &str = "decline";
const CANCEL: &str = "cancel";

/// Moment: the slot begins.
const BEGINS: &str = "begins";
/// Moment: the customer's deadline to cancel.
const CANCEL_UNTIL: &str = "cancel_until";

const APPLIED: &str = ReceptionState::Applied.code();
const CONFIRMED: &str = ReceptionState::Confirmed.code();

const fn state(state: ReceptionState) -> State {
    State { code: state.code(), phase: state.phase() }
}

static STATES: [State; 4] = [
    state(ReceptionState::Applied),
    state(ReceptionState::Confirmed),
    state(ReceptionState::Declined),
    state(ReceptionState::Cancelled),
];

const STAFF: &[ActorKind] = &[ActorKind::Staff(Permission::AnswerCases)];

/// An unanswered application raises alarms; the system never closes it. After its slot has begun it can only be declined.
static TABLE: [Transition; 3] = [
    Transition { from: &[APPLIED], action: CONFIRM, by: STAFF, guards: &[Guard::Before(BEGINS)], to: CONFIRMED },
    Transition { from: &[APPLIED], action: DECLINE, by: STAFF, guards: &[Guard::Reason], to: ReceptionState::Declined.code() },
    Transition {
        from: &[APPLIED, CONFIRMED],
        action: CANCEL,
        by: &[ActorKind::Customer],
        guards: &[Guard::Before(CANCEL_UNTIL)],
        to: ReceptionState::Cancelled.code(),
    },
];

/// The facts for the guards of the state table.
pub(super) fn facts(begins: At, cancel_until: At) -> Facts {
    Facts { moments: vec![(BEGINS, begins), (CANCEL_UNTIL, cancel_until)], ..Facts::default() }
}

impl Kind for ReceptionKind {
    fn case_kind(&self) -> CaseKind {
        KIND
    }

    fn states(&self) -> &'static [State] {
        &STATES
    }

    fn table(&self) -> &'static [Transition] {
        &TABLE
    }

    /// An application is confirmed until its slot begins, and the line of its case says when that is.
    fn on_board<'a>(
        &'a self,
        _conn: &'a mut Conn,
        day: &'a BoardDay<'a>,
    ) -> BoxFuture<'a, Result<Vec<(String, OnBoard)>, Failure>> {
        let own = day.cases.iter().filter(|case| case.kind == KIND);
        let line = |case: &CaseLine| {
            let facts =
                Facts { moments: case.time.map(|(begins, _)| (BEGINS, begins)).into_iter().collect(), ..Facts::default() };
            (case.number.clone(), OnBoard { facts, usual: &[CONFIRM], ..OnBoard::default() })
        };
        let lines = own.map(line).collect();
        Box::pin(async { Ok(lines) })
    }

    fn takes_time(&self) -> bool {
        true
    }

    fn parameters(&self) -> &'static [Declaration] {
        ReceptionParameters::DECLARED
    }

    fn echoes(&self) -> &'static [&'static str] {
        &["reception_submitted", "reception_cancelled"]
    }

    fn messages(&self) -> &'static [&'static str] {
        &["reception_submitted", "reception_confirmed", "reception_declined", "reception_cancelled"]
    }

    fn check(&self) -> Check {
        check_records::check
    }

    fn refusals(&self) -> Vec<DeskRefusal> {
        Vec::new()
    }

    fn facts<'a>(
        &'a self,
        conn: &'a mut Conn,
        _reference: &'a Reference,
        case: &'a CaseLine,
    ) -> BoxFuture<'a, Result<Facts, Failure>> {
        Box::pin(async move {
            let stored = records::find_application(conn, &case.number).await?;
            let stored = stored.ok_or_else(|| Failure::stored("reception_applications", &case.number))?;
            Ok(facts(At::of(stored.reception.day, stored.slot), stored.cancel_until))
        })
    }

    fn contact<'a>(&'a self, tx: &'a mut Tx, number: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(async move {
            let Some(stored) = records::find_application(tx, number).await? else { return Ok(None) };
            Ok(Some(tx.seal().open(&RECEPTION_PHONE, number, &stored.phone_sealed)?))
        })
    }

    /// Reception days to come.
    fn hangs_on_branch<'a>(
        &'a self,
        conn: &'a mut Conn,
        branch: &'a str,
        from: Day,
    ) -> BoxFuture<'a, Result<Vec<Touch>, Failure>> {
        Box::pin(async move { Ok(vec![Touch::Receptions { count: plans::count_from(conn, branch, from).await? }]) })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, change: &'a Change<'a>) -> BoxFuture<'a, Result<Effect, Rejected<Vec<DeskRefusal>>>> {
        Box::pin(async move { Ok(apply(tx, change).await?) })
    }
}

async fn apply(tx: &mut Tx, change: &Change<'_>) -> Result<Effect, Failure> {
    let number = change.case.number.as_str();
    let stored = records::find_application(tx, number).await?;
    let stored = stored.ok_or_else(|| Failure::stored("reception_applications", number))?;
    if let (CONFIRM, Some(branch)) = (change.action, change.reference.branch(&stored.reception.branch_id)) {
        let parameters = change.reference.parameters(&branch.id, change.case.created_at.day());
        let timing = Timing { calendar: &change.reference.calendar, hours: &branch.hours, parameters: &parameters };
        let begins = At::of(stored.reception.day, stored.slot);
        records::set_cancel_until(tx, number, timing.cancel_until_answered(stored.cancel_until, tx.now(), begins)).await?;
    }
    if ReceptionState::parse(change.to).is_some_and(|to| !to.is_live()) {
        records::release_place(tx, number).await?;
        engagements::release_time(tx, number).await?;
    }
    let kind = match change.action {
        CONFIRM => "reception_confirmed",
        DECLINE => "reception_declined",
        _ => "reception_cancelled",
    };
    let details: Value = message_details(change.reference, &stored.reception, stored.slot, change.reason);
    let phone = Some(tx.seal().open(&RECEPTION_PHONE, number, &stored.phone_sealed)?);
    Ok(Effect { message: Some(CustomerMessage { kind, details, phone }), ..Effect::default() })
}

/// Cancels an application for the customer, until the deadline. Cancelling a cancelled application succeeds.
pub async fn cancel_reception(bank: &Bank, customer: &Customer, number: &str) -> Result<(), Rejected<ReceptionRefusal>> {
    act_as_customer(bank, customer, number, CANCEL, &Values::default()).await.map_err(|rejected| match rejected {
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
        Rejected::Refused(NotAllowed::TooLate(until)) => Rejected::Refused(ReceptionRefusal::CancelClosed { until }),
        Rejected::Refused(_) => Rejected::Refused(ReceptionRefusal::CancelOver),
    })
}
