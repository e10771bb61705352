//! A booking with its case: the facts its state table is decided on, and what it holds.

use super::CashParameters;
use super::act;
use super::model::{CashState, Notes};
use super::proposing::Proposed;
use super::records::{self, BookingRow, Hold, Place};
use super::states::{self, CashAction};
use super::timing::Timing;
use crate::branches::{Branch, Reference};
use crate::cases::{CaseLine, Facts, Proposal};
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, parse_day, parse_time, shift};
use crate::sessions::find_approver;

/// A booking with its case.
pub(super) struct Booked {
    pub row: BookingRow,
    /// The account holder.
    pub customer_id: String,
    pub day: Day,
    pub slot: Time,
    /// Start and end of the slot.
    pub time: (At, At),
    pub notes: Notes,
    /// The parameters of the day the booking was made.
    pub parameters: CashParameters,
    pub booked_at: At,
    /// Whether the branch has agreed to it as it is.
    pub is_confirmed: bool,
    /// Whether the company has an approver; asked for only while it matters.
    pub has_approver: bool,
    /// The other place that waits for the customer's answer.
    pub proposed: Option<Proposed>,
}

impl Booked {
    pub async fn read(conn: &mut Conn, reference: &Reference, case: &CaseLine) -> Result<Self, Failure> {
        let row = records::find_booking(conn, &case.number).await?;
        let row = row.ok_or_else(|| Failure::stored("cash_appointments", &case.number))?;
        let state = CashState::parse(&case.state);
        let asks = row.operator.is_some() && state.is_some_and(CashState::is_movable);
        let has_approver = asks && find_approver(conn, &case.customer_id).await?.is_some();
        let day = act::stored("cash_appointments.day", &row.day, parse_day)?;
        let slot = act::stored("cash_appointments.slot", &row.slot, parse_time)?;
        let proposed = match state {
            Some(CashState::Proposed) => Proposed::read(conn, reference, case, &row).await?,
            _ => None,
        };
        Ok(Self {
            day,
            slot,
            time: case.time.ok_or_else(|| Failure::stored("cases.starts_at", "no time"))?,
            notes: row.notes(),
            parameters: reference.parameters(&row.branch_id, case.created_at.day()),
            customer_id: case.customer_id.clone(),
            booked_at: case.created_at,
            is_confirmed: state == Some(CashState::Confirmed),
            has_approver,
            proposed,
            row,
        })
    }

    pub fn facts(&self, reference: &Reference) -> Facts {
        let branch = reference.branch(&self.row.branch_id);
        let (start, end) = self.time;
        let mut facts = facts(&self.parameters, self.time, (self.booked_at, At(self.row.cancel_until)), Fen(self.row.amount));
        if let Some(Proposed { proposal, obstacle }) = &self.proposed {
            // Whoever accepts has it approved where it will be paid out.
            let there: CashParameters = reference.parameters(&proposal.branch_id, self.booked_at.day());
            facts.holds = vec![
                (states::NEEDS_APPROVAL, there.needs_approval(Fen(self.row.amount))),
                (states::WAS_CONFIRMED, proposal.from == CashState::Confirmed.code()),
                (states::ACCEPTABLE, obstacle.is_none()),
            ];
            facts.moments.push((states::ANSWER_UNTIL, proposal.until));
        }
        let answers_by = self.customer_answers_by(reference).unwrap_or(self.booked_at);
        facts.moments.push((states::PROPOSE_UNTIL, answers_by));
        facts.holds.push((states::HAS_APPROVER, self.has_approver));
        facts.did.extend(self.row.operator_id.clone().map(|user| (states::SUBMIT, user)));
        facts.holds.push((states::SERVES, branch.is_some_and(|branch| serves(reference, branch, start, end))));
        facts.did.extend(self.row.confirmed_by.clone().map(|user| (CashAction::Confirm.code(), user)));
        facts
    }

    /// When the answer is due of a booking that the company's approver has let go on now. With the morning after the cut-off the
    /// answer would come too late for a slot that was booked before it, so it is due as for the booking then, and always before
    /// it would time out.
    pub fn answer_due(&self, reference: &Reference, now: At) -> At {
        let last = self.time.0.plus_minutes(-self.parameters.cash_time_out_minutes);
        let Some(branch) = reference.branch(&self.row.branch_id) else { return last };
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &self.parameters };
        let usual = [now, self.booked_at].map(|at| timing.answer_due(at));
        let usual = usual.into_iter().find(|due| *due > now && *due <= last);
        // After a move both may be over; then the last working time counts.
        usual.or_else(|| timing.answer_due_before(now, self.time.0)).unwrap_or(last)
    }

    /// When the answer is due of a booking that the branch has to answer again where it is, after another place was not accepted.
    pub fn due_again(&self, reference: &Reference, now: At) -> At {
        let last = self.time.0.plus_minutes(-self.parameters.cash_time_out_minutes);
        let Some(branch) = reference.branch(&self.row.branch_id) else { return last };
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &self.parameters };
        timing.answer_due_before(now, self.time.0).unwrap_or(last).max(now)
    }

    /// By when the customer has to answer a proposal of another place, so that the booking can stand as it is. What is not
    /// confirmed the branch has to answer after them. `None`: it could not any more.
    pub fn customer_answers_by(&self, reference: &Reference) -> Option<At> {
        let branch = reference.branch(&self.row.branch_id)?;
        let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &self.parameters };
        timing.customer_answers_by(self.booked_at, self.time.0, !self.is_confirmed)
    }

    /// All that the booking holds: its own place, then the one that is proposed for it.
    pub fn holds(&self) -> Vec<Hold<'_>> {
        let own = Hold { place: self.place(), notes: self.notes };
        let proposed = self.proposed.as_ref().map(|proposed| self.hold_for(&proposed.proposal));
        std::iter::once(own).chain(proposed).collect()
    }

    /// What a proposed place holds besides the booking's own: on the same day of the same branch the cash is held already.
    pub fn hold_for<'p>(&self, proposal: &'p Proposal) -> Hold<'p> {
        let place = Place { branch: &proposal.branch_id, day: proposal.day, slot: proposal.slot };
        let is_same_day = (place.branch, place.day) == (self.row.branch_id.as_str(), self.day);
        Hold { place, notes: if is_same_day { Notes::NONE } else { self.notes } }
    }

    pub fn place(&self) -> Place<'_> {
        Place { branch: &self.row.branch_id, day: self.day, slot: self.slot }
    }
}

/// The facts for the guards of the state table.
pub(super) fn facts(parameters: &CashParameters, (start, end): (At, At), (booked, cancel_until): (At, At), amount: Fen) -> Facts {
    let day = start.day();
    Facts {
        moments: vec![
            (states::BOOKED, booked),
            (states::CANCEL_UNTIL, cancel_until),
            (states::TIME_OUT, start.plus_minutes(-parameters.cash_time_out_minutes)),
            (states::NO_SHOW, end.plus_minutes(parameters.cash_no_show_grace_minutes)),
            (states::DAY, At::midnight(day)),
            (states::DAY_END, At::midnight(shift(day, 1))),
        ],
        holds: vec![(states::NEEDS_APPROVAL, parameters.needs_approval(amount))],
        did: Vec::new(),
    }
}

/// Whether branch and vault are open during a slot, by calendar, opening hours and closure of the vault.
pub(super) fn serves(reference: &Reference, branch: &Branch, start: At, end: At) -> bool {
    let day = start.day();
    let open = branch.hours.contain(&reference.calendar, start, end);
    open && branch.cash_closed_until.is_none_or(|until| day >= until)
}
