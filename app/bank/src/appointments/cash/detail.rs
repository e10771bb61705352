//! A booking as its pages show it, and a day's stock as the desk sees it.

use super::book::{AGENT_ID, PHONE};
use super::model::{CashState, Denomination, Notes};
use super::records;
use super::snapshot::capacity;
use crate::branches::reference;
use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::people::{IdType, mask_id, mask_phone};
use crate::kernel::time::{At, Day, Time, parse_day, parse_time};
use crate::sessions::Staff;

/// A booking; ID and phone masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashDetail {
    /// Where it stands.
    pub state: CashState,
    /// The branch.
    pub branch_id: String,
    /// The day.
    pub day: Day,
    /// The slot's beginning.
    pub slot: Time,
    /// The slot's end.
    pub slot_end: Time,
    /// From then on it counts as not collected.
    pub no_show_at: At,
    /// Last digits of the account.
    pub account_last4: String,
    /// The amount.
    pub amount: Fen,
    /// The notes to be paid.
    pub notes: Notes,
    /// The customer left the notes to the branch.
    pub any_notes: bool,
    /// New notes are wished for.
    pub new_notes: bool,
    /// The purpose's term, where it was asked.
    pub purpose: Option<String>,
    /// The customer's own words, with 其他.
    pub purpose_other: Option<String>,
    /// The company's operator who booked and is meant by 本人; `None` for a person.
    pub operator: Option<String>,
    /// Who collects for the customer: name, document, masked number.
    pub agent: Option<(String, IdType, String)>,
    /// Masked.
    pub phone: String,
    /// Maybe empty.
    pub remark: String,
    /// Until when the customer may cancel.
    pub cancel_until: At,
    /// The document shown on arrival.
    pub arrived_as: Option<String>,
    /// Who came instead of whom the booking names: name and masked number, or the customer.
    pub arrived_instead: Option<ArrivedInstead>,
}

/// Who came to the counter instead of whom the booking names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrivedInstead {
    /// The customer.
    Customer,
    /// Somebody else: name, masked number.
    Agent(String, String),
}

/// One note of a day's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLine {
    /// Which note.
    pub note: Denomination,
    /// Notes there are for bookings.
    pub stock: i64,
    /// Of them reserved.
    pub reserved: i64,
}

/// The booking of a case. The case is the proof that the caller may see it.
pub async fn cash_detail(bank: &Bank, case: &CaseLine) -> Result<CashDetail, Failure> {
    let row = records::find_booking(&mut bank.read().await?, &case.number)
        .await?
        .ok_or_else(|| Failure::stored("cash_appointments", &case.number))?;
    let parameters = reference(bank).await?.parameters(&row.branch_id, case.created_at.day());
    let slot = parse_time(&row.slot).ok_or_else(|| Failure::stored("cash_appointments.slot", &row.slot))?;
    let day = parse_day(&row.day).ok_or_else(|| Failure::stored("cash_appointments.day", &row.day))?;
    let (_, end) = case.time.ok_or_else(|| Failure::stored("cases.ends_at", "no time"))?;
    let agent = match (&row.agent_name, &row.agent_id_type, &row.agent_id_sealed) {
        (Some(name), Some(kind), Some(sealed)) => {
            let kind = IdType::parse(kind).ok_or_else(|| Failure::stored("cash_appointments.agent_id_type", kind))?;
            Some((name.clone(), kind, mask_id(&bank.seal().open(AGENT_ID, sealed)?)))
        }
        _ => None,
    };
    let arrived_instead = match (&row.arrived_agent_name, &row.arrived_agent_id_sealed) {
        (Some(name), Some(sealed)) => Some(ArrivedInstead::Agent(name.clone(), mask_id(&bank.seal().open(AGENT_ID, sealed)?))),
        (Some(_), None) => Some(ArrivedInstead::Customer),
        (None, _) => None,
    };
    Ok(CashDetail {
        state: CashState::parse(&case.state).ok_or_else(|| Failure::stored("cases.state", &case.state))?,
        day,
        slot,
        slot_end: end.time(),
        no_show_at: end.plus_minutes(parameters.cash_no_show_grace_minutes),
        amount: Fen(row.amount),
        notes: row.notes(),
        phone: mask_phone(&bank.seal().open(PHONE, &row.phone_sealed)?),
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
        arrived_as: row.arrived_as,
        arrived_instead,
    })
}

/// A branch's stock of a day, the largest note first.
pub async fn cash_stock(bank: &Bank, _staff: &Staff, branch_id: &str, day: Day) -> Result<Vec<StockLine>, Failure> {
    let stock = capacity(&reference(bank).await?.parameters(branch_id, day)).stock;
    let rows = records::list_stock(&mut bank.read().await?, branch_id, day).await?;
    Ok(stock
        .iter()
        .map(|(note, untouched)| {
            let row = rows.iter().find(|row| row.denomination == note.yuan());
            StockLine { note, stock: row.map_or(untouched, |row| row.stock), reserved: row.map_or(0, |row| row.reserved) }
        })
        .collect())
}
