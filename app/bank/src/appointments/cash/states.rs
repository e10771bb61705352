//! The state table of docs/domain.md §3 as data: who may do what in which state, and the next state. Capacity is reserved
//! exactly in states that are not final. Effects of actions are in `kind.rs`.

use serde::{Deserialize, Serialize};

use super::model::CashState;
use crate::cases::{ACCEPT, ActorKind, Guard, REJECT, State, Transition};
use crate::sessions::Permission;

/// An action on a booking. [`CashAction::code`] names the desk's buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashAction {
    /// The company's approver agrees to what its operator has booked, so that the bank is asked.
    CompanyApprove,
    /// The company's approver does not agree.
    CompanyRefuse,
    /// The company has no approver any more, so the bank is asked.
    CompanyPass,
    /// The company's approver did not answer in time.
    CompanyLapse,
    /// A clerk confirms; from the approval threshold on the branch head must approve.
    Confirm,
    Approve,
    /// The branch head sends it back to the clerk.
    Refuse,
    /// The branch declines it.
    Decline,
    /// A clerk proposes another branch, day or slot; both places are held until the customer answers.
    Propose,
    /// The customer accepts the proposed place.
    Accept,
    /// The customer stays with the booked place.
    Reject,
    /// The customer did not answer the proposal in time.
    Lapse,
    /// The cash has been prepared.
    Prepare,
    /// The collector is at the counter.
    Arrive,
    /// Paid out and recorded in the large-cash register.
    Complete,
    /// The customer changes branch, day, slot, amount, notes or anything else of it; the branch answers anew.
    Move,
    /// Cancelled by the customer or, with a reason, by the branch; also "arrived but not paid out".
    Cancel,
    /// Not collected.
    NoShow,
    /// The bank did not answer in time.
    TimeOut,
    /// Branch or vault were closed at the time of collection, so it is not a no-show.
    BranchClosed,
}

impl CashAction {
    /// All actions, in the order of the desk's buttons.
    pub const ALL: [Self; 20] = [
        Self::CompanyApprove,
        Self::CompanyRefuse,
        Self::CompanyPass,
        Self::CompanyLapse,
        Self::Confirm,
        Self::Approve,
        Self::Refuse,
        Self::Decline,
        Self::Propose,
        Self::Accept,
        Self::Reject,
        Self::Lapse,
        Self::Prepare,
        Self::Arrive,
        Self::Complete,
        Self::Move,
        Self::Cancel,
        Self::NoShow,
        Self::TimeOut,
        Self::BranchClosed,
    ];

    /// The code: value of the field `do`, code in history and audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CompanyApprove => "company_approve",
            Self::CompanyRefuse => "company_refuse",
            Self::CompanyPass => "company_pass",
            Self::CompanyLapse => "company_lapse",
            Self::Confirm => "confirm",
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Decline => "decline",
            Self::Propose => "propose",
            Self::Accept => ACCEPT,
            Self::Reject => REJECT,
            Self::Lapse => "lapse",
            Self::Prepare => "prepare",
            Self::Arrive => "arrive",
            Self::Complete => "complete",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::NoShow => "no_show",
            Self::TimeOut => "time_out",
            Self::BranchClosed => "branch_closed",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// Moment: the booking was made.
pub const BOOKED: &str = "booked";
/// Moment: the customer's deadline to cancel.
pub const CANCEL_UNTIL: &str = "cancel_until";
/// Moment: an unanswered booking times out.
pub const TIME_OUT: &str = "time_out";
/// Moment: another place can be proposed no more, because its customer could not answer.
pub const PROPOSE_UNTIL: &str = "propose_until";
/// Moment: the customer's deadline to answer a proposal.
pub const ANSWER_UNTIL: &str = "answer_until";
/// Moment: the slot has ended and the grace period is over.
pub const NO_SHOW: &str = "no_show";
/// Moment: start of the booked day.
pub const DAY: &str = "day";
/// Moment: end of the booked day.
pub const DAY_END: &str = "day_end";
/// Condition: the amount is at least the parameter `cash_approval_from`.
pub const NEEDS_APPROVAL: &str = "needs_approval";
/// Condition: the company has an approver.
pub const HAS_APPROVER: &str = "has_approver";
/// Condition: the booking was confirmed before another place was proposed for it.
pub const WAS_CONFIRMED: &str = "was_confirmed";
/// Condition: nothing stands against the proposed place: branch and vault are open then, and the customer is free.
pub const ACCEPTABLE: &str = "acceptable";
/// Condition: branch and vault are open during the booked slot.
pub const SERVES: &str = "serves";

/// The action with which a booking begins, in history.
pub const SUBMIT: &str = "submit";

const HELD: &str = CashState::AwaitingCompanyApprover.code();
const SUBMITTED: &str = CashState::Submitted.code();
const AWAITING: &str = CashState::AwaitingApproval.code();
const CONFIRMED: &str = CashState::Confirmed.code();
const PROPOSED: &str = CashState::Proposed.code();
const PREPARED: &str = CashState::Prepared.code();
const ARRIVED: &str = CashState::Arrived.code();
const CANCELLED: &str = CashState::Cancelled.code();
const NO_SHOW_STATE: &str = CashState::NoShow.code();

const fn state(state: CashState) -> State {
    State { code: state.code(), phase: state.phase() }
}

/// All states, the first one of a booking that waits for no approver of a company first.
pub static STATES: [State; 12] = [
    state(CashState::Submitted),
    state(CashState::AwaitingCompanyApprover),
    state(CashState::AwaitingApproval),
    state(CashState::Confirmed),
    state(CashState::Proposed),
    state(CashState::Prepared),
    state(CashState::Arrived),
    state(CashState::Completed),
    state(CashState::Cancelled),
    state(CashState::Declined),
    state(CashState::TimedOut),
    state(CashState::NoShow),
];

const AGREES: &[ActorKind] = &[ActorKind::Approver];
const CUSTOMER: &[ActorKind] = &[ActorKind::Customer];
const SYSTEM: &[ActorKind] = &[ActorKind::System];
const ANSWERS: &[ActorKind] = &[ActorKind::Staff(Permission::AnswerCases)];
const SERVES_COUNTER: &[ActorKind] = &[ActorKind::Staff(Permission::ServeCounter)];
const APPROVES: &[ActorKind] = &[ActorKind::Staff(Permission::ApproveCases)];

const fn transition(
    from: &'static [&'static str],
    action: CashAction,
    by: &'static [ActorKind],
    guards: &'static [Guard],
    to: &'static str,
) -> Transition {
    Transition { from, action: action.code(), by, guards, to }
}

const BEFORE_ARRIVAL: &[&str] = &[HELD, SUBMITTED, AWAITING, CONFIRMED, PROPOSED, PREPARED];
const MOVABLE: &[&str] = &[HELD, SUBMITTED, AWAITING, CONFIRMED, PROPOSED];
const UNANSWERED: &[&str] = &[SUBMITTED, AWAITING];
const EXPECTED: &[&str] = &[CONFIRMED, PREPARED];
/// By another person than the operator who booked, as long as the customer may cancel.
const SECOND: &[Guard] = &[Guard::OtherThan(SUBMIT), Guard::Before(CANCEL_UNTIL)];
const ON_THE_DAY: &[Guard] = &[Guard::From(DAY), Guard::Before(DAY_END)];

/// The table. Actions at the counter are limited to the booked day; on other days only a branch head may do them, with a
/// reason that, like that of sending back, only staff read.
pub static TABLE: [Transition; 31] = [
    transition(&[HELD], CashAction::CompanyApprove, AGREES, SECOND, SUBMITTED),
    transition(&[HELD], CashAction::CompanyRefuse, AGREES, SECOND, CANCELLED),
    transition(&[HELD], CashAction::CompanyPass, SYSTEM, &[Guard::From(BOOKED), Guard::Unless(HAS_APPROVER)], SUBMITTED),
    transition(&[HELD], CashAction::CompanyLapse, SYSTEM, &[Guard::From(CANCEL_UNTIL)], CANCELLED),
    transition(&[SUBMITTED], CashAction::Confirm, ANSWERS, &[Guard::Unless(NEEDS_APPROVAL)], CONFIRMED),
    transition(&[SUBMITTED], CashAction::Confirm, ANSWERS, &[Guard::When(NEEDS_APPROVAL)], AWAITING),
    transition(&[AWAITING], CashAction::Approve, APPROVES, &[Guard::OtherThan(CashAction::Confirm.code())], CONFIRMED),
    transition(&[AWAITING], CashAction::Refuse, APPROVES, &[Guard::InternalReason], SUBMITTED),
    transition(UNANSWERED, CashAction::Decline, ANSWERS, &[Guard::Reason], CashState::Declined.code()),
    transition(&[SUBMITTED, CONFIRMED], CashAction::Propose, ANSWERS, &[Guard::Before(PROPOSE_UNTIL), Guard::Reason], PROPOSED),
    transition(
        &[PROPOSED],
        CashAction::Accept,
        CUSTOMER,
        &[Guard::Before(ANSWER_UNTIL), Guard::When(ACCEPTABLE), Guard::Unless(NEEDS_APPROVAL)],
        CONFIRMED,
    ),
    transition(
        &[PROPOSED],
        CashAction::Accept,
        CUSTOMER,
        &[Guard::Before(ANSWER_UNTIL), Guard::When(ACCEPTABLE), Guard::When(NEEDS_APPROVAL)],
        AWAITING,
    ),
    transition(
        &[PROPOSED],
        CashAction::Reject,
        CUSTOMER,
        &[Guard::Before(ANSWER_UNTIL), Guard::Unless(WAS_CONFIRMED)],
        SUBMITTED,
    ),
    transition(&[PROPOSED], CashAction::Reject, CUSTOMER, &[Guard::Before(ANSWER_UNTIL), Guard::When(WAS_CONFIRMED)], CONFIRMED),
    transition(&[PROPOSED], CashAction::Lapse, SYSTEM, &[Guard::From(ANSWER_UNTIL), Guard::Unless(WAS_CONFIRMED)], SUBMITTED),
    transition(&[PROPOSED], CashAction::Lapse, SYSTEM, &[Guard::From(ANSWER_UNTIL), Guard::When(WAS_CONFIRMED)], CONFIRMED),
    transition(&[CONFIRMED], CashAction::Prepare, SERVES_COUNTER, &[], PREPARED),
    transition(EXPECTED, CashAction::Arrive, SERVES_COUNTER, ON_THE_DAY, ARRIVED),
    transition(EXPECTED, CashAction::Arrive, APPROVES, &[Guard::InternalReason], ARRIVED),
    transition(&[ARRIVED], CashAction::Complete, SERVES_COUNTER, ON_THE_DAY, CashState::Completed.code()),
    transition(&[ARRIVED], CashAction::Complete, APPROVES, &[Guard::InternalReason], CashState::Completed.code()),
    transition(BEFORE_ARRIVAL, CashAction::Cancel, CUSTOMER, &[Guard::Before(CANCEL_UNTIL)], CANCELLED),
    transition(BEFORE_ARRIVAL, CashAction::Cancel, ANSWERS, &[Guard::Reason], CANCELLED),
    transition(&[ARRIVED], CashAction::Cancel, ANSWERS, &[Guard::Reason], CANCELLED),
    transition(MOVABLE, CashAction::Move, CUSTOMER, &[Guard::Before(CANCEL_UNTIL), Guard::Unless(HAS_APPROVER)], SUBMITTED),
    transition(MOVABLE, CashAction::Move, CUSTOMER, &[Guard::Before(CANCEL_UNTIL), Guard::When(HAS_APPROVER)], HELD),
    transition(EXPECTED, CashAction::NoShow, SYSTEM, &[Guard::From(NO_SHOW), Guard::When(SERVES)], NO_SHOW_STATE),
    transition(
        EXPECTED,
        CashAction::NoShow,
        SERVES_COUNTER,
        &[Guard::From(NO_SHOW), Guard::Before(DAY_END), Guard::When(SERVES)],
        NO_SHOW_STATE,
    ),
    transition(
        EXPECTED,
        CashAction::NoShow,
        APPROVES,
        &[Guard::From(NO_SHOW), Guard::InternalReason, Guard::When(SERVES)],
        NO_SHOW_STATE,
    ),
    transition(UNANSWERED, CashAction::TimeOut, SYSTEM, &[Guard::From(TIME_OUT)], CashState::TimedOut.code()),
    transition(EXPECTED, CashAction::BranchClosed, SYSTEM, &[Guard::From(NO_SHOW), Guard::Unless(SERVES)], CANCELLED),
];

#[cfg(test)]
mod tests;
