//! Reads the data for validation from the database: free capacity of the branch, bookings of the customer. The rules are
//! pure ([`super::rules`]).

use super::CashParameters;
use super::availability::{
    Availability, CashContext, CashLimits, CutoffStatus, DayAvailability, Need, NotesNeed, SlotAvailability,
};
use super::kind::Booked;
use super::model::Notes;
use super::no_shows::blocked_until;
use super::records::{self, DayCapacity};
use super::timing::Timing;
use crate::appointments::engagements;
use crate::branches::{Branch, Reference, reference};
use crate::cases::CaseLine;
use crate::customers;
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::{Customer, CustomerKind};

/// The capacity of a day without bookings.
pub(super) fn capacity(parameters: &CashParameters) -> DayCapacity {
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

/// The current data for validation, in a fixed number of reads.
pub async fn cash_context(bank: &Bank, customer: &Customer, branch: Option<&str>) -> Result<(CashContext, Reference), Failure> {
    let reference = reference(bank).await?;
    let profile = customers::profile(bank, customer).await?;
    let accounts = customers::accounts(bank, customer).await?;
    let mut conn = bank.read().await?;
    let context = CashContext {
        corporate: customer.kind() == CustomerKind::Company,
        risk_flag: profile.risk_flag,
        accounts: accounts.into_iter().filter(|account| account.active).map(|account| account.id).collect(),
        ..for_holder(&mut conn, &reference, customer.customer_id(), branch, bank.now()).await?
    };
    Ok((context, reference))
}

/// The data about days and slots for an account holder, whoever asks.
async fn for_holder(
    conn: &mut Conn,
    reference: &Reference,
    customer_id: &str,
    branch: Option<&str>,
    now: At,
) -> Result<CashContext, Failure> {
    let today = now.day();
    let parameters: CashParameters = reference.parameters(branch.unwrap_or_default(), today);
    let availability = match branch.and_then(|id| reference.branch(id)) {
        Some(branch) => Some(availability(conn, reference, branch, now).await?),
        None => None,
    };
    let no_shows = records::last_no_shows(conn, customer_id, parameters.no_show_count).await?;
    Ok(CashContext {
        now,
        limits: CashLimits::from(&parameters),
        corporate: false,
        risk_flag: false,
        accounts: Vec::new(),
        branches: reference.branches.iter().map(|branch| branch.id.clone()).collect(),
        availability,
        booked: records::booked_days(conn, customer_id, today).await?,
        busy: engagements::list_busy(conn, customer_id, today).await?,
        blocked_until: blocked_until(&no_shows, today, &parameters),
        open_left: records::open_left(conn, customer_id, parameters.cash_open_max).await?,
        known_to: None,
    })
}

async fn availability(conn: &mut Conn, reference: &Reference, branch: &Branch, now: At) -> Result<Availability, Failure> {
    let today = reference.parameters(&branch.id, now.day());
    let timing = Timing { calendar: &reference.calendar, hours: &branch.hours, parameters: &today };
    let window = timing.window(now);
    let cutoff_status = CutoffStatus::at(&timing, now);
    let (Some(first), Some(last)) = (window.first(), window.last()) else {
        return Ok(Availability { days: Vec::new(), cutoff_status });
    };
    let taken = records::taken(conn, &branch.id, *first, *last).await?;
    let days = window
        .iter()
        .map(|day| {
            // Parameters with a later effective day apply from that day on.
            let parameters = reference.parameters(&branch.id, *day);
            let timing = Timing { parameters: &parameters, ..timing };
            let untouched = capacity(&parameters);
            let left = taken.get(day);
            let paying = branch.cash_closed_until.is_none_or(|until| *day >= until);
            let slots = if paying { timing.slots(*day) } else { Vec::new() };
            let places = |slot| left.and_then(|left| left.places.get(&slot)).copied().unwrap_or(untouched.places);
            let count = |note| left.and_then(|left| left.notes.get(&note)).copied().unwrap_or(untouched.stock.count(note));
            let mut stock_left = Notes::NONE;
            for (note, _) in untouched.stock.iter() {
                stock_left = stock_left.with(note, count(note));
            }
            DayAvailability {
                day: *day,
                open: !slots.is_empty(),
                slots: slots.into_iter().map(|slot| SlotAvailability { slot, places: places(slot) }).collect(),
                slot_minutes: parameters.cash_slot_minutes,
                cash_left: left.and_then(|left| left.cash).unwrap_or(untouched.total),
                stock_left,
            }
        })
        .collect();
    Ok(Availability { days, cutoff_status })
}

/// The possible alternative days of a decline: days on which the rules would accept this booking, the nearest first. Its own
/// day is not among them, because the customer still holds it.
pub(super) async fn free_days(conn: &mut Conn, reference: &Reference, booked: &Booked, now: At) -> Result<Vec<Day>, Failure> {
    let row = &booked.row;
    let context = for_holder(conn, reference, &booked.customer_id, Some(&row.branch_id), now).await?;
    let notes = if row.any_notes { NotesNeed::Any } else { NotesNeed::Counted(booked.notes) };
    Ok(context.free_days(&Need { amount: Some(Fen(row.amount)), notes }))
}

/// The nearest of these days.
pub async fn next_free_day(bank: &Bank, case: &CaseLine) -> Result<Option<Day>, Failure> {
    let reference = reference(bank).await?;
    let mut conn = bank.read().await?;
    let booked = Booked::read(&mut conn, &reference, case).await?;
    Ok(free_days(&mut conn, &reference, &booked, bank.now()).await?.first().copied())
}
