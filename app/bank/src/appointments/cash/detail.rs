//! A booking for its pages, and a day's stock for the desk.

use super::CashParameters;
use super::model::{CashState, Collector, Denomination, Notes};
use super::proposing::Proposed;
use super::records;
use super::snapshot::capacity;
use crate::branches::reference;
use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::people::{IdType, mask_id, mask_phone};
use crate::kernel::seal::columns::{CASH_AGENT_ID, CASH_ARRIVED_AGENT_ID, CASH_PHONE};
use crate::kernel::time::{At, Day, Time, parse_day, parse_time};
use crate::sessions::Scope;

/// A booking with masked ID and phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashDetail {
    pub state: CashState,
    pub branch_id: String,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
    /// End of the slot.
    pub slot_end: Time,
    /// From this time on it counts as a no-show.
    pub no_show_at: At,
    pub account_last4: String,
    pub amount: Fen,
    /// The notes to pay out.
    pub notes: Notes,
    /// Whether the branch chooses the notes.
    pub any_notes: bool,
    /// Whether new notes are preferred.
    pub new_notes: bool,
    /// Term of the purpose; `None` if it was not asked.
    pub purpose: Option<String>,
    /// The customer's description, with 其他 only.
    pub purpose_other: Option<String>,
    /// The operator of the company who booked, who is meant by 本人; `None` for a person.
    pub operator: Option<String>,
    /// The agent: name, document, masked number.
    pub agent: Option<(String, IdType, String)>,
    /// Masked.
    pub phone: String,
    /// May be empty.
    pub remark: String,
    /// Deadline for the customer to cancel.
    pub cancel_until: At,
    /// How often it was moved.
    pub moves: i64,
    /// The other place that waits for the customer's answer.
    pub proposed: Option<Proposed>,
    /// The document shown at the counter.
    pub arrived_as: Option<String>,
    /// Who collected, if not the person named in the booking.
    pub arrived_instead: Option<ArrivedInstead>,
}

/// The person who collected instead of the one named in the booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrivedInstead {
    Customer,
    /// An agent: name and masked number.
    Agent(String, String),
}

/// One note of a day's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLine {
    pub note: Denomination,
    /// Stock for bookings.
    pub stock: i64,
    /// The reserved part of it.
    pub reserved: i64,
}

/// The booking of a case. `case` proves that the caller may see it.
pub async fn cash_detail(bank: &Bank, case: &CaseLine) -> Result<CashDetail, Failure> {
    let (reference, mut conn) = (reference(bank).await?, bank.read().await?);
    let row = records::find_booking(&mut conn, &case.number)
        .await?
        .ok_or_else(|| Failure::stored("cash_appointments", &case.number))?;
    let parameters: CashParameters = reference.parameters(&row.branch_id, case.created_at.day());
    let slot = parse_time(&row.slot).ok_or_else(|| Failure::stored("cash_appointments.slot", &row.slot))?;
    let day = parse_day(&row.day).ok_or_else(|| Failure::stored("cash_appointments.day", &row.day))?;
    let proposed =
        if case.state == CashState::Proposed.code() { Proposed::read(&mut conn, &reference, case, &row).await? } else { None };
    let (_, end) = case.time.ok_or_else(|| Failure::stored("cases.ends_at", "no time"))?;
    let agent = match (&row.agent_name, &row.agent_id_type, &row.agent_id_sealed) {
        (Some(name), Some(kind), Some(sealed)) => {
            let kind = IdType::parse(kind).ok_or_else(|| Failure::stored("cash_appointments.agent_id_type", kind))?;
            Some((name.clone(), kind, mask_id(&bank.seal().open(&CASH_AGENT_ID, &case.number, sealed)?)))
        }
        _ => None,
    };
    let arrived_instead = match (row.arrived_collector.as_deref(), &row.arrived_agent_name, &row.arrived_agent_id_sealed) {
        (Some(Collector::AGENT), Some(name), Some(sealed)) => {
            Some(ArrivedInstead::Agent(name.clone(), mask_id(&bank.seal().open(&CASH_ARRIVED_AGENT_ID, &case.number, sealed)?)))
        }
        (Some(Collector::MYSELF), _, _) if row.agent_name.is_some() => Some(ArrivedInstead::Customer),
        _ => None,
    };
    Ok(CashDetail {
        state: CashState::parse(&case.state).ok_or_else(|| Failure::stored("cases.state", &case.state))?,
        day,
        slot,
        slot_end: end.time(),
        no_show_at: end.plus_minutes(parameters.cash_no_show_grace_minutes),
        amount: Fen(row.amount),
        notes: row.notes(),
        phone: mask_phone(&bank.seal().open(&CASH_PHONE, &case.number, &row.phone_sealed)?),
        agent,
        operator: row.operator,
        branch_id: row.branch_id,
        account_last4: row.account_last4,
        any_notes: row.any_notes,
        new_notes: row.new_notes,
        purpose: row.purpose,
        purpose_other: row.purpose_other,
        remark: row.remark,
        cancel_until: At(row.cancel_until),
        moves: row.moves,
        proposed,
        arrived_as: row.arrived_as,
        arrived_instead,
    })
}

/// A branch's stock of a day, the largest note first; empty for a branch out of scope.
pub async fn cash_stock(bank: &Bank, scope: &Scope, branch_id: &str, day: Day) -> Result<Vec<StockLine>, Failure> {
    let stock = capacity(&reference(bank).await?.parameters(branch_id, day)).stock;
    let rows = records::list_stock(&mut bank.read().await?, scope, branch_id, day).await?;
    let Some(rows) = rows else { return Ok(Vec::new()) };
    Ok(stock
        .iter()
        .map(|(note, untouched)| {
            let row = rows.iter().find(|row| row.denomination == note.yuan());
            StockLine { note, stock: row.map_or(untouched, |row| row.stock), reserved: row.map_or(0, |row| row.reserved) }
        })
        .collect())
}
