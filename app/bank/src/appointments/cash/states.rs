//! The table of states of docs/domain.md §3 as data: who may do what, where it leads, what becomes of the capacity.
//!
//! Pages ask [`actions_for`] which buttons to show, the transaction asks [`transition`] again: one table, no second
//! opinion. Not built yet: proposing another slot, and moving. Not here: storing the change and telling the customer.

use serde::{Deserialize, Serialize};

use super::model::CashState;
use crate::kernel::money::Fen;
use crate::kernel::time::At;
use crate::sessions::Permission;

use Capacity::{GivesBack, Keeps, PaysOut};
use CashState::{Arrived, AwaitingApproval, Cancelled, Completed, Confirmed, Declined, NoShow, Prepared, Submitted, TimedOut};
use Role::{BranchHead, Clerk, Customer, System};

/// What somebody does to a booking; the desk's buttons are named by [`CashAction::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashAction {
    /// A clerk accepts it; from the approval threshold on it goes to the branch head.
    Confirm,
    /// The branch head approves.
    Approve,
    /// The branch head sends it back to the clerk.
    Refuse,
    /// The branch cannot do it.
    Decline,
    /// The money is packed.
    Prepare,
    /// The collector has come.
    Arrive,
    /// Paid out, recorded in the large-cash register.
    Complete,
    /// The customer or, with a reason, the branch gives it up; also "arrived but not paid out".
    Cancel,
    /// Nobody came.
    NoShow,
    /// The bank did not answer in time.
    TimeOut,
}

impl CashAction {
    /// Every action, in the order of the desk's buttons.
    pub const ALL: [Self; 10] = [
        Self::Confirm,
        Self::Approve,
        Self::Refuse,
        Self::Decline,
        Self::Prepare,
        Self::Arrive,
        Self::Complete,
        Self::Cancel,
        Self::NoShow,
        Self::TimeOut,
    ];

    /// The stable code: value of `do`, code in history and audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Decline => "decline",
            Self::Prepare => "prepare",
            Self::Arrive => "arrive",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::NoShow => "no_show",
            Self::TimeOut => "time_out",
        }
    }

    /// What a staff member must be allowed for it.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Confirm | Self::Decline | Self::Cancel | Self::TimeOut => Permission::AnswerCases,
            Self::Approve | Self::Refuse => Permission::ApproveCases,
            Self::Prepare | Self::Arrive | Self::Complete | Self::NoShow => Permission::ServeCounter,
        }
    }

    /// Reads [`CashAction::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// In which part somebody acts on a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The holder of the account, or the company's operator.
    Customer,
    /// A clerk.
    Clerk,
    /// The branch head, who may do all a clerk may, and approves.
    BranchHead,
    /// The worker.
    System,
}

/// What a change does to the place, the cash total and the notes the booking holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// Takes them (a submission).
    Takes,
    /// Keeps them.
    Keeps,
    /// Gives all of them back.
    GivesBack,
    /// Stock and reserved both fall by the notes paid, the rest is given back, the place stays taken.
    PaysOut,
}

/// Which amounts a line of the table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Band {
    Any,
    BelowApproval,
    FromApproval,
}

/// What must hold besides state, role and amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Until the customer's cut-off, included up to that moment.
    BeforeCutOff,
    /// A reason must be given.
    Reason,
    /// Somebody else than who confirmed.
    SecondPerson,
    /// Not before the slot has ended and the grace is over.
    SlotOver,
    /// Not before the moment an unanswered wish times out.
    AnswerOverdue,
}

struct Line {
    from: &'static [CashState],
    action: CashAction,
    by: &'static [Role],
    band: Band,
    guards: &'static [Guard],
    to: CashState,
    capacity: Capacity,
}

const STAFF: &[Role] = &[Clerk, BranchHead];
const BEFORE_ARRIVAL: &[CashState] = &[Submitted, AwaitingApproval, Confirmed, Prepared];

const fn line(from: &'static [CashState], action: CashAction, by: &'static [Role], to: CashState, capacity: Capacity) -> Line {
    Line { from, action, by, band: Band::Any, guards: &[], to, capacity }
}

const fn guarded(line: Line, guards: &'static [Guard]) -> Line {
    Line { guards, ..line }
}

const fn banded(line: Line, band: Band) -> Line {
    Line { band, ..line }
}

static TABLE: [Line; 14] = [
    banded(line(&[Submitted], CashAction::Confirm, STAFF, Confirmed, Keeps), Band::BelowApproval),
    banded(line(&[Submitted], CashAction::Confirm, STAFF, AwaitingApproval, Keeps), Band::FromApproval),
    guarded(line(&[AwaitingApproval], CashAction::Approve, &[BranchHead], Confirmed, Keeps), &[Guard::SecondPerson]),
    guarded(line(&[AwaitingApproval], CashAction::Refuse, &[BranchHead], Submitted, Keeps), &[Guard::Reason]),
    guarded(line(&[Submitted, AwaitingApproval], CashAction::Decline, STAFF, Declined, GivesBack), &[Guard::Reason]),
    guarded(line(BEFORE_ARRIVAL, CashAction::Cancel, &[Customer], Cancelled, GivesBack), &[Guard::BeforeCutOff]),
    guarded(line(BEFORE_ARRIVAL, CashAction::Cancel, STAFF, Cancelled, GivesBack), &[Guard::Reason]),
    guarded(line(&[Submitted, AwaitingApproval], CashAction::TimeOut, &[System], TimedOut, GivesBack), &[Guard::AnswerOverdue]),
    line(&[Confirmed], CashAction::Prepare, STAFF, Prepared, Keeps),
    line(&[Confirmed, Prepared], CashAction::Arrive, STAFF, Arrived, Keeps),
    guarded(line(&[Arrived], CashAction::Cancel, STAFF, Cancelled, GivesBack), &[Guard::Reason]),
    line(&[Arrived], CashAction::Complete, STAFF, Completed, PaysOut),
    guarded(line(&[Confirmed, Prepared], CashAction::NoShow, &[System], NoShow, GivesBack), &[Guard::SlotOver]),
    guarded(line(&[Confirmed, Prepared], CashAction::NoShow, STAFF, NoShow, GivesBack), &[Guard::SlotOver]),
];

/// What the table must know about a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts<'f> {
    /// Its state.
    pub state: CashState,
    /// Its amount.
    pub amount: Fen,
    /// From here on the branch head approves (parameter `cash_approval_from`).
    pub approval_from: Fen,
    /// The user who confirmed it last.
    pub confirmed_by: Option<&'f str>,
    /// Until when the customer may cancel, see [`super::Timing::cancel_until`].
    pub cancel_until: At,
    /// When it times out unanswered, see [`super::Timing::time_out_at`].
    pub time_out_at: At,
    /// When it is a no-show, see [`super::Timing::no_show_at`].
    pub no_show_at: At,
}

/// Who acts, when, and whether they gave a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// In which part.
    pub role: Role,
    /// The user; nobody for the system.
    pub user: &'a str,
    /// Now.
    pub now: At,
    /// Whether a reason was written.
    pub reason: bool,
}

/// What an action leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The new state.
    pub to: CashState,
    /// What becomes of the capacity.
    pub capacity: Capacity,
}

/// What a submission leads to.
pub const SUBMISSION: Transition = Transition { to: Submitted, capacity: Capacity::Takes };

/// Why an action is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// The table has no such action in this state: somebody else was faster, or it never was possible.
    State,
    /// It is for others to do.
    Role,
    /// Who confirmed does not approve.
    OwnConfirmation,
    /// A reason must be given.
    ReasonMissing,
    /// Customers could do it until then.
    CutOffPassed(At),
    /// It can be done from then on.
    TooEarly(At),
}

/// What the action leads to, or why it is not allowed.
pub fn transition(facts: &Facts, action: CashAction, attempt: &Attempt) -> Result<Transition, Barred> {
    let band = if facts.amount >= facts.approval_from { Band::FromApproval } else { Band::BelowApproval };
    let possible =
        |line: &&Line| line.action == action && line.from.contains(&facts.state) && (line.band == Band::Any || line.band == band);
    if !TABLE.iter().any(|line| possible(&line)) {
        return Err(Barred::State);
    }
    let line = TABLE.iter().filter(possible).find(|line| line.by.contains(&attempt.role)).ok_or(Barred::Role)?;
    for guard in line.guards {
        ensure(*guard, facts, attempt)?;
    }
    Ok(Transition { to: line.to, capacity: line.capacity })
}

fn ensure(guard: Guard, facts: &Facts, attempt: &Attempt) -> Result<(), Barred> {
    let (holds, barred) = match guard {
        Guard::BeforeCutOff => (attempt.now < facts.cancel_until, Barred::CutOffPassed(facts.cancel_until)),
        Guard::Reason => (attempt.reason, Barred::ReasonMissing),
        Guard::SecondPerson => (facts.confirmed_by != Some(attempt.user), Barred::OwnConfirmation),
        Guard::SlotOver => (attempt.now >= facts.no_show_at, Barred::TooEarly(facts.no_show_at)),
        Guard::AnswerOverdue => (attempt.now >= facts.time_out_at, Barred::TooEarly(facts.time_out_at)),
    };
    if holds { Ok(()) } else { Err(barred) }
}

/// The actions somebody may take now, in the order of the buttons; a reason is taken as given.
pub fn actions_for(facts: &Facts, attempt: &Attempt) -> Vec<CashAction> {
    let attempt = Attempt { reason: true, ..*attempt };
    CashAction::ALL.into_iter().filter(|action| transition(facts, *action, &attempt).is_ok()).collect()
}

/// Whether this role must give a reason for the action.
pub fn needs_reason(action: CashAction, role: Role) -> bool {
    let asked = |line: &Line| line.guards.contains(&Guard::Reason);
    TABLE.iter().any(|line| line.action == action && line.by.contains(&role) && asked(line))
}

#[cfg(test)]
mod tests;
