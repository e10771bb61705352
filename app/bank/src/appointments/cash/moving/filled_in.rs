//! The booking as its customer asked for it, and the fields of the form for it.

use crate::appointments::cash::booked::Booked;
use crate::appointments::cash::model::{CashRequest, Collector, Purpose};
use crate::appointments::cash::records::BookingRow;
use crate::appointments::cash::{ANY_NOTES, OWN_NOTES};
use crate::kernel::failure::Failure;
use crate::kernel::forms::Values;
use crate::kernel::money::Fen;
use crate::kernel::people::{IdType, Phone};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{CASH_AGENT_ID, CASH_PHONE};
use crate::kernel::time::{day_text, hhmm};

/// The booking as its customer asked for it.
pub(super) fn as_requested(seal: &Seal, number: &str, booked: &Booked) -> Result<CashRequest, Failure> {
    let row = &booked.row;
    let phone = seal.open(&CASH_PHONE, number, &row.phone_sealed)?;
    Ok(CashRequest {
        account: row.account_id.clone(),
        branch: row.branch_id.clone(),
        day: booked.day,
        slot: booked.slot,
        amount: Fen(row.amount),
        notes: booked.notes,
        any_notes: row.any_notes,
        new_notes: row.new_notes,
        purpose: row.purpose.clone().map(|term| Purpose { term, other: row.purpose_other.clone() }),
        collector: collector_of(seal, number, row)?,
        phone: Phone::parse(&phone).ok_or_else(|| Failure::stored("cash_appointments.phone_sealed", number))?,
        remark: row.remark.clone(),
    })
}

fn collector_of(seal: &Seal, number: &str, row: &BookingRow) -> Result<Collector, Failure> {
    let (Some(name), Some(code), Some(sealed)) = (&row.agent_name, &row.agent_id_type, &row.agent_id_sealed) else {
        return Ok(Collector::Myself);
    };
    let id_type = IdType::parse(code).ok_or_else(|| Failure::stored("cash_appointments.agent_id_type", code))?;
    Ok(Collector::Agent { name: name.clone(), id_type, id: seal.open(&CASH_AGENT_ID, number, sealed)? })
}

/// The fields with which the form begins. What the portal shows masked is not among them (docs/domain.md §12); left empty it
/// stays as it is, see [`completed`].
pub(super) fn begun(request: &CashRequest) -> Values {
    let mut values = Values::default();
    values.set("branch", request.branch.as_str());
    values.set("day", day_text(request.day));
    values.set("slot", hhmm(request.slot));
    values.set("account", request.account.as_str());
    values.set("amount", request.amount.yuan().to_string());
    values.set("any_notes", if request.any_notes { ANY_NOTES } else { OWN_NOTES });
    for (note, count) in request.notes.iter().filter(|(_, count)| !request.any_notes && *count > 0) {
        values.set(note.field(), count.to_string());
    }
    if request.new_notes {
        values.set("new_notes", "yes");
    }
    if let Some(Purpose { term, other }) = &request.purpose {
        values.set("purpose", term.as_str());
        values.set("purpose_other", other.as_deref().unwrap_or_default());
    }
    values.set("collector", request.collector.code());
    if let Collector::Agent { name, id_type, .. } = &request.collector {
        values.set("agent_name", name.as_str());
        values.set("agent_id_type", id_type.code());
    }
    values.set("remark", request.remark.as_str());
    values.0.retain(|(_, value)| !value.is_empty());
    values
}

/// A form's values completed for validation: an empty phone number is that of the booking, and so is the empty number of a document
/// if the agent is the same. The result holds both in full, so no page may show it.
pub(super) fn completed(booked: &CashRequest, values: &Values) -> Values {
    let mut completed = values.clone();
    if completed.filled("phone").is_none() {
        completed.set("phone", booked.phone.as_str());
    }
    if let Collector::Agent { name, id_type, id } = &booked.collector {
        let document = completed.filled("agent_id_type").and_then(IdType::parse);
        let is_same = completed.filled("agent_name") == Some(name.as_str()) && document == Some(*id_type);
        if is_same && completed.filled("agent_id").is_none() {
            completed.set("agent_id", id.as_str());
        }
    }
    completed
}
