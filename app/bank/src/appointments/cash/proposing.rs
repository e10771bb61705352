//! A clerk proposes another place for a booking, and its customer answers (docs/domain.md §3.5). Both places are held until
//! then. What is proposed obeys the rules of a booking that its customer moves at that moment; amount and notes stay.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::CashParameters;
use super::act;
use super::availability::{CashContext, Need, NotesNeed};
use super::booked::{Booked, facts, serves};
use super::desk_refusals::{CashDeskRefusal, ProposalFault};
use super::model::CashState;
use super::moving::{self, place_words};
use super::own::OwnBooking;
use super::records::{self, BookingRow, Hold, Place};
use super::snapshot::{capacity, free_for};
use super::states::SERVES;
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{CaseLine, Change, DeskRefusal, Facts, Moved, Proposal, find_proposal, insert_proposal, lock_holder};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Reads, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, day_text, hhmm, parse_day, parse_time};
use crate::sessions::{Permission, is_anybody_else_there};

/// The fields of the desk's form.
pub const PROPOSAL_FIELDS: [&str; 3] = ["branch", "day", "slot"];

/// A proposal with what stands against accepting it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    pub proposal: Proposal,
    pub obstacle: Option<Obstacle>,
}

/// Why a proposal cannot be accepted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Branch or vault are closed at that time.
    Closed,
    /// The customer has another withdrawal on that day, or another appointment at that time.
    Busy,
    /// Nobody there could approve the amount but who proposed it.
    NobodyApproves,
}

impl Proposed {
    /// The proposal for a booking. `None` if it has been answered or has lapsed since the case was read.
    pub(super) async fn read(
        conn: &mut Conn,
        reference: &Reference,
        case: &CaseLine,
        row: &BookingRow,
    ) -> Result<Option<Self>, Failure> {
        let Some(proposal) = find_proposal(conn, &case.number).await? else { return Ok(None) };
        let (start, end) = (proposal.start(), proposal.end);
        let branch = reference.branches.iter().find(|branch| branch.id == proposal.branch_id);
        if !branch.is_some_and(|branch| serves(reference, branch, start, end)) {
            return Ok(Some(Self { proposal, obstacle: Some(Obstacle::Closed) }));
        }
        let made: CashParameters = reference.parameters(&proposal.branch_id, case.created_at.day());
        if made.needs_approval(Fen(row.amount)) && !can_be_approved(conn, &proposal).await? {
            return Ok(Some(Self { proposal, obstacle: Some(Obstacle::NobodyApproves) }));
        }
        let day = act::stored("cash_appointments.day", &row.day, parse_day)?;
        let slot = act::stored("cash_appointments.slot", &row.slot, parse_time)?;
        let mut reads = Reads::default();
        let live = reads.add(records::live_bookings(&case.customer_id));
        let busy = reads.add(engagements::list_busy(&case.customer_id, proposal.day));
        let mut rows = reads.fetch(conn).await?;
        let another = rows.take(live)?.iter().any(|(taken, _)| *taken == proposal.day && *taken != day);
        let overlaps = rows.take(busy)?.iter().any(|busy| {
            let is_own = busy.day == day && busy.from <= slot && slot < busy.to;
            !is_own && At::of(busy.day, busy.from) < end && start < At::of(busy.day, busy.to)
        });
        Ok(Some(Self { proposal, obstacle: (another || overlaps).then_some(Obstacle::Busy) }))
    }
}

/// Whether anybody may still approve there what this proposal leads to when it can be answered; never who proposed it.
async fn can_be_approved(conn: &mut Conn, proposal: &Proposal) -> Result<bool, Failure> {
    let last = proposal.until.day();
    is_anybody_else_there(conn, Permission::ApproveCases, &proposal.branch_id, last, &proposal.by).await
}

/// Until when the customer can answer a proposal of a branch and a time: for some hours, and early enough for both places.
/// `None`: it would be too late already.
fn answer_until(reference: &Reference, booked: &Booked, branch: &str, start: At, now: At) -> Option<At> {
    let branch = reference.branch(branch)?;
    let made: CashParameters = reference.parameters(&branch.id, booked.booked_at.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &made };
    let there = timing.customer_answers_by(now, start, made.needs_approval(Fen(booked.row.amount)))?;
    let here = booked.customer_answers_by(reference)?;
    Some(there.min(here).min(now.plus_hours(booked.parameters.cash_proposal_hours))).filter(|until| *until > now)
}

/// A place that can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalPlace {
    /// Id of the branch.
    pub branch: String,
    pub day: Day,
    pub slot: Time,
}

/// The free places of one branch for a booking.
struct Options {
    branch: String,
    context: CashContext,
    need: Need,
    own: OwnBooking,
}

impl Options {
    async fn read(
        conn: &mut Conn,
        reference: &Reference,
        booked: &Booked,
        own: OwnBooking,
        branch: &str,
        now: At,
    ) -> Result<Self, Failure> {
        let mut context = free_for(conn, reference, booked, &own, branch, now).await?;
        // The customer needs time to answer.
        for day in context.availability.iter_mut().flat_map(|free| &mut free.days) {
            let date = day.day;
            day.slots.retain(|slot| answer_until(reference, booked, branch, At::of(date, slot.slot), now).is_some());
        }
        let need = Need { amount: Some(own.amount), notes: NotesNeed::Counted(own.notes) };
        Ok(Self { branch: branch.to_owned(), context, need, own })
    }

    fn nearest(&self, day: Option<Day>, slot: Option<Time>) -> Option<ProposalPlace> {
        let own = &self.own;
        let but = (self.branch == own.branch).then_some((own.day, own.slot));
        let (day, slot) = (day.unwrap_or(own.day), slot.unwrap_or(own.slot));
        let (day, slot) = self.context.nearest_slot_but(&self.need, Some(day), Some(slot), but)?;
        Some(ProposalPlace { branch: self.branch.clone(), day, slot })
    }

    fn refuse(&self, fault: ProposalFault, day: Option<Day>, slot: Option<Time>) -> Rejected<Vec<DeskRefusal>> {
        Rejected::Refused(vec![CashDeskRefusal::ProposalUnfit { fault, nearest: self.nearest(day, slot) }.into()])
    }

    fn judge(&self, day: Option<Day>, slot: Option<Time>) -> Result<(Day, Time), ProposalFault> {
        let day = day.ok_or(ProposalFault::Day)?;
        let free = self.context.availability.as_ref().and_then(|free| free.on(day)).filter(|free| free.open);
        let free = free.ok_or(ProposalFault::Day)?;
        if self.context.booked.contains(&day) {
            return Err(ProposalFault::Taken);
        }
        let slot = slot.and_then(|slot| free.slot(slot)).ok_or(ProposalFault::Slot)?;
        let own = &self.own;
        if (self.branch.as_str(), day, slot.slot) == (own.branch.as_str(), own.day, own.slot) {
            return Err(ProposalFault::Same);
        }
        if !free.holds(&self.need) {
            return Err(ProposalFault::Short);
        }
        if slot.places <= 0 {
            return Err(ProposalFault::Slot);
        }
        if self.context.overlap(day, slot.slot).is_some() { Err(ProposalFault::Taken) } else { Ok((day, slot.slot)) }
    }
}

/// The place nearest to the booked one that can be proposed at its branch, for the desk.
pub async fn nearest_place(bank: &Bank, case: &CaseLine) -> Result<Option<ProposalPlace>, Failure> {
    let (reference, now) = (reference(bank).await?, bank.now());
    let mut conn = bank.read().await?;
    let booked = Booked::read(&mut conn, &reference, case).await?;
    let own = moving::own(case, &booked, &reference, now);
    let branch = own.branch.clone();
    Ok(Options::read(&mut conn, &reference, &booked, own, &branch, now).await?.nearest(None, None))
}

/// Reserves the proposed place (fields [`PROPOSAL_FIELDS`]) and stores the proposal.
///
/// # Errors
/// Why the place cannot be proposed, with the nearest that can.
pub(super) async fn propose(tx: &mut Tx, change: &Change<'_>, booked: &mut Booked) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let (reference, posted, now) = (change.reference, change.posted, tx.now());
    let own = moving::own(change.case, booked, reference, now);
    let chosen = posted.filled("branch").and_then(|id| reference.branches.iter().find(|branch| branch.id == id));
    let of = chosen.map_or_else(|| own.branch.clone(), |branch| branch.id.clone());
    let options = Options::read(tx, reference, booked, own.clone(), &of, now).await?;
    let day = posted.filled("day").and_then(parse_day);
    let slot = posted.filled("slot").and_then(parse_time);
    let refuse = |fault| options.refuse(fault, day, slot);
    let branch = chosen.ok_or_else(|| refuse(ProposalFault::Branch))?;
    let (day, slot) = options.judge(day, slot).map_err(refuse)?;
    let collected: CashParameters = reference.parameters(&branch.id, day);
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &booked.parameters };
    let proposal = Proposal {
        branch_id: branch.id.clone(),
        day,
        slot,
        end: Timing { parameters: &collected, ..timing }.slot_end(day, slot),
        until: answer_until(reference, booked, &branch.id, At::of(day, slot), now).ok_or_else(|| refuse(ProposalFault::Slot))?,
        from: change.case.state.clone(),
        by: change.actor.user_id.clone().ok_or_else(|| Failure::stored("a proposal's clerk", &change.actor.role))?,
    };
    let mut wanted = booked.holds();
    wanted.push(booked.hold_for(&proposal));
    if let Err(shortage) = records::swap(tx, &booked.holds(), &wanted, &capacity(&collected)).await? {
        tracing::debug!(?shortage, "the place was taken since it was read");
        let options = Options::read(tx, reference, booked, own, &of, now).await?;
        return Err(options.refuse(ProposalFault::Slot, Some(day), Some(slot)));
    }
    // In the order of a booking: what is locked here also keeps branches, parameters and staff as they were read.
    if !lock_holder(tx, &booked.customer_id, reference).await? {
        return Err(Rejected::Refused(vec![DeskRefusal::Changed]));
    }
    let made: CashParameters = reference.parameters(&branch.id, booked.booked_at.day());
    if made.needs_approval(Fen(booked.row.amount)) && !can_be_approved(tx, &proposal).await? {
        return Err(Rejected::Refused(vec![DeskRefusal::NobodyThere { permission: Permission::ApproveCases }]));
    }
    insert_proposal(tx, &change.case.number, &proposal).await?;
    booked.proposed = Some(Proposed { proposal, obstacle: None });
    Ok(())
}

/// The proposal for history and messages.
pub(super) fn proposal_words(reference: &Reference, proposal: &Proposal) -> Value {
    let branch = reference.branch(&proposal.branch_id);
    json!({
        "branch_zh": branch.map(|branch| &branch.name_zh), "branch_en": branch.map(|branch| &branch.name_en),
        "day": day_text(proposal.day), "slot": hhmm(proposal.slot), "until": proposal.until.0,
    })
}

/// What accepting a proposal changes of the case.
pub(super) struct Accepted {
    pub moved: Moved,
    pub facts: Facts,
    /// When the branch head has to approve, if they do.
    pub due_at: Option<At>,
    /// From where to where, for the history.
    pub detail: Value,
}

/// Moves the booking to the proposed place, which it holds already, and gives the old one back.
///
/// # Errors
/// [`DeskRefusal::Changed`]: branch or calendar have changed, nobody is left who could approve it, or the customer has booked that
/// time meanwhile.
pub(super) async fn accept(
    tx: &mut Tx,
    change: &Change<'_>,
    booked: &Booked,
    to: CashState,
) -> Result<Accepted, Rejected<Vec<DeskRefusal>>> {
    let changed = || Rejected::Refused(vec![DeskRefusal::Changed]);
    let (reference, number, now) = (change.reference, change.case.number.as_str(), tx.now());
    let Some(Proposed { proposal, .. }) = &booked.proposed else {
        return Err(Failure::stored("case_proposals", number).into());
    };
    let branch = reference.branch(&proposal.branch_id).ok_or_else(changed)?;
    let place = Place { branch: &proposal.branch_id, day: proposal.day, slot: proposal.slot };
    records::keep(tx, &booked.holds(), &[Hold { place, notes: booked.notes }]).await?;
    if !lock_holder(tx, &booked.customer_id, reference).await? {
        return Err(changed());
    }
    let made: CashParameters = reference.parameters(&proposal.branch_id, booked.booked_at.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &made };
    let (start, end) = (proposal.start(), proposal.end);
    let cancel_until = timing.cancel_until_answered(timing.cancel_until(booked.booked_at, start), now, start);
    if to == CashState::AwaitingApproval && !can_be_approved(tx, proposal).await? {
        return Err(changed());
    }
    let time = engagements::time_of(&booked.customer_id, number, start, end);
    if !records::accept_place(tx, number, &booked.customer_id, proposal, cancel_until, time).await? {
        return Err(changed());
    }
    let amount = Fen(booked.row.amount);
    let mut facts = facts(&made, (start, end), (booked.booked_at, cancel_until), amount);
    facts.holds.push((SERVES, true));
    let last = start.plus_minutes(-made.cash_time_out_minutes);
    let due = || timing.answer_due_before(now, start).unwrap_or(last).max(now);
    let at = |branch: Option<&Branch>, day, slot| place_words(branch, day, slot, amount);
    let from = at(reference.branch(&booked.row.branch_id), booked.day, booked.slot);
    Ok(Accepted {
        moved: Moved { branch_id: proposal.branch_id.clone(), time: (start, end), amount: None },
        facts,
        due_at: (to == CashState::AwaitingApproval).then(due),
        detail: json!({ "from": from, "to": at(Some(branch), proposal.day, proposal.slot) }),
    })
}
