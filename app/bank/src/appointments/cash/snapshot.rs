//! Reads the data for validation from the database: free capacity of the branch, bookings of the customer. The rules are
//! pure ([`super::rules`]).

use super::CashParameters;
use super::availability::{
    Availability, Busy, CashContext, CashLimits, CutoffStatus, DayAvailability, Need, NotesNeed, SlotAvailability,
};
use super::booked::Booked;
use super::kind::KIND;
use super::model::Notes;
use super::no_shows::blocked_until;
use super::own::OwnBooking;
use super::records::{self, DayCapacity, TakenDays, TakenParts};
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::{CaseLine, Counted, counted};
use crate::customers::{self, OnFile};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Reads, Rows, Slot};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::{Customer, CustomerKind};

/// The capacity of a day without bookings.
pub fn capacity(parameters: &CashParameters) -> DayCapacity {
    DayCapacity {
        places: parameters.cash_slot_places,
        total: parameters.cash_day_total,
        stock: Notes([
            parameters.cash_stock_100,
            parameters.cash_stock_50,
            parameters.cash_stock_20,
            parameters.cash_stock_10,
            parameters.cash_stock_5,
            parameters.cash_stock_1,
        ]),
    }
}

/// The current data for validation, with what [`super::book`] needs besides.
pub(super) struct Snapshot {
    pub context: CashContext,
    pub reference: Reference,
    pub on_file: OnFile,
    pub counted: Counted,
}

/// Reads the snapshot in one statement. `own` is the booking that is being moved.
pub(super) async fn snapshot(
    bank: &Bank,
    customer: &Customer,
    branch: Option<&str>,
    own: Option<OwnBooking>,
) -> Result<Snapshot, Failure> {
    let (reference, now) = (reference(bank).await?, bank.now());
    let mut reads = Reads::default();
    let on_file = reads.add(customers::on_file(customer.customer_id()));
    let accounts = reads.add(customers::active_accounts(customer.customer_id()));
    let counted = reads.add(counted(customer.customer_id(), KIND, now.day()));
    let holder = Holder::add(&mut reads, &reference, customer.customer_id(), branch, now, None);
    let mut rows = reads.fetch(&mut bank.read().await?).await?;
    let on_file = rows.take(on_file)?;
    let (accounts, balances) = rows.take(accounts)?.into_iter().unzip();
    let context = CashContext {
        corporate: customer.kind() == CustomerKind::Company,
        risk_flag: on_file.risk_flag,
        accounts,
        balances,
        ..holder.take(&mut rows, &reference, own)?
    };
    Ok(Snapshot { context, counted: rows.take(counted)?, on_file, reference })
}

/// The current data for validation, for a new booking or for one that is being moved.
pub async fn cash_context(
    bank: &Bank,
    customer: &Customer,
    branch: Option<&str>,
    own: Option<OwnBooking>,
) -> Result<(CashContext, Reference), Failure> {
    let Snapshot { context, reference, .. } = snapshot(bank, customer, branch, own).await?;
    Ok((context, reference))
}

/// The reads about days and slots for an account holder, whoever asks.
struct Holder<'b> {
    now: At,
    parameters: CashParameters,
    /// The chosen branch, the days that can be booked there, and what is taken on them.
    branch: Option<(&'b Branch, Vec<Day>, Option<TakenParts>)>,
    no_shows: Slot<Vec<At>>,
    live: Slot<Vec<(Day, Fen)>>,
    busy: Slot<Vec<Busy>>,
}

impl<'b> Holder<'b> {
    /// `also`: a day besides those that can be booked.
    fn add(
        reads: &mut Reads,
        reference: &'b Reference,
        customer_id: &str,
        branch: Option<&str>,
        now: At,
        also: Option<Day>,
    ) -> Self {
        let today = now.day();
        let parameters: CashParameters = reference.parameters(branch.unwrap_or_default(), today);
        let branch = branch.and_then(|id| reference.branch(id)).map(|branch| {
            let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &parameters };
            let mut window = timing.window(now);
            window.extend(also.filter(|day| !window.contains(day)));
            window.sort_unstable();
            let ends = window.first().zip(window.last());
            let taken = ends.map(|(first, last)| TakenParts::add(reads, &branch.id, *first, *last));
            (branch, window, taken)
        });
        Self {
            branch,
            no_shows: reads.add(records::last_no_shows(customer_id, parameters.no_show_count)),
            live: reads.add(records::live_bookings(customer_id)),
            busy: reads.add(engagements::list_busy(customer_id, today)),
            now,
            parameters,
        }
    }

    /// The booking `own` is left out of everything that is in its own way.
    fn take(self, rows: &mut Rows, reference: &Reference, own: Option<OwnBooking>) -> Result<CashContext, Failure> {
        let Self { now, parameters, .. } = self;
        let availability = match self.branch {
            Some((branch, window, taken)) => {
                let taken = taken.map(|taken| taken.take(rows)).transpose()?.unwrap_or_default();
                let free = availability(reference, branch, now, &window, &taken);
                Some(match &own {
                    Some(own) => {
                        let untouched = availability(reference, branch, now, &[own.day], &TakenDays::default()).days.pop();
                        own.given_back(&branch.id, free, untouched)
                    }
                    None => free,
                })
            }
            None => None,
        };
        let (mut live, mut busy) = (rows.take(self.live)?, rows.take(self.busy)?);
        if let Some(own) = &own {
            live.retain(|(day, _)| *day != own.day);
            busy.retain(|busy| !own.is_at(busy));
        }
        Ok(CashContext {
            now,
            limits: CashLimits::from(&parameters),
            corporate: false,
            risk_flag: false,
            accounts: Vec::new(),
            balances: Vec::new(),
            branches: reference.branches.iter().map(|branch| branch.id.clone()).collect(),
            availability,
            booked: live.iter().map(|(day, _)| *day).filter(|day| *day >= now.day()).collect(),
            busy,
            // The block is of booking. Whoever moves in time what they have booked does not stay away.
            blocked_until: blocked_until(&rows.take(self.no_shows)?, now.day(), &parameters).filter(|_| own.is_none()),
            open_left: Fen((parameters.cash_open_max.0 - live.iter().map(|(_, amount)| amount.0).sum::<i64>()).max(0)),
            known_to: None,
            own,
        })
    }
}

/// The free capacity of a branch in a window of days, from what is taken there.
pub(super) fn availability(reference: &Reference, branch: &Branch, now: At, window: &[Day], taken: &TakenDays) -> Availability {
    let today = reference.parameters(&branch.id, now.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &today };
    let cutoff_status = CutoffStatus::at(&timing, now);
    // Parameters with a later effective day apply from that day on.
    let days = reference
        .parameters_by_day(&branch.id, window)
        .map(|(day, parameters)| {
            let timing = Timing { parameters: &parameters, ..timing };
            let untouched = capacity(&parameters);
            let left = taken.get(&day);
            let paying = branch.cash_closed_until.is_none_or(|until| day >= until);
            let slots = if paying { timing.slots(day) } else { Vec::new() };
            let places = |slot| left.and_then(|left| left.places.get(&slot)).copied().unwrap_or(untouched.places);
            let count = |note| left.and_then(|left| left.notes.get(&note)).copied().unwrap_or(untouched.stock.count(note));
            let mut stock_left = Notes::NONE;
            for (note, _) in untouched.stock.iter() {
                stock_left = stock_left.with(note, count(note));
            }
            DayAvailability {
                day,
                open: !slots.is_empty(),
                slots: slots.into_iter().map(|slot| SlotAvailability { slot, places: places(slot) }).collect(),
                slot_minutes: parameters.cash_slot_minutes,
                cash_left: left.and_then(|left| left.cash).unwrap_or(untouched.total),
                stock_left,
            }
        })
        .collect();
    Availability { days, cutoff_status }
}

/// The possible alternative days of a decline: days on which the rules would accept this booking, the nearest first. Its own
/// day is not among them, because the customer still holds it.
pub(super) async fn free_days(conn: &mut Conn, reference: &Reference, booked: &Booked, now: At) -> Result<Vec<Day>, Failure> {
    let row = &booked.row;
    let mut reads = Reads::default();
    let holder = Holder::add(&mut reads, reference, &booked.customer_id, Some(&row.branch_id), now, None);
    let context = holder.take(&mut reads.fetch(conn).await?, reference, None)?;
    let notes = if row.any_notes { NotesNeed::Any } else { NotesNeed::Counted(booked.notes) };
    Ok(context.free_days(&Need { amount: Some(Fen(row.amount)), notes }))
}

/// What is free at a branch for a booking that is to be elsewhere. On its own day its cash is there, so that only the time can be
/// another one after the lead time too.
pub(super) async fn free_for(
    conn: &mut Conn,
    reference: &Reference,
    booked: &Booked,
    own: &OwnBooking,
    branch: &str,
    now: At,
) -> Result<CashContext, Failure> {
    let also = (branch == own.branch).then_some(own.day);
    let mut reads = Reads::default();
    let holder = Holder::add(&mut reads, reference, &booked.customer_id, Some(branch), now, also);
    holder.take(&mut reads.fetch(conn).await?, reference, Some(own.clone()))
}

/// The one of these days that is nearest to the day wished for; of two equally near the earlier, on which the money is there in time.
pub(super) fn nearest_day(free: &[Day], wished: Day) -> Option<Day> {
    free.iter().copied().min_by_key(|day| (day.since(wished).map_or(i32::MAX, |span| span.get_days().abs()), *day))
}

/// The possible alternative day of a decline that is nearest to the booked one.
pub async fn next_free_day(bank: &Bank, case: &CaseLine) -> Result<Option<Day>, Failure> {
    let reference = reference(bank).await?;
    let mut conn = bank.read().await?;
    let booked = Booked::read(&mut conn, &reference, case).await?;
    Ok(nearest_day(&free_days(&mut conn, &reference, &booked, bank.now()).await?, booked.day))
}
