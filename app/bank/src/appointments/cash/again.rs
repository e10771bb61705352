//! *Book again* (再约一笔): what a new booking takes over from an earlier one, as far as it can still be chosen today.

use super::CashContext;
use super::form::{ANY_NOTES, OWN_NOTES};
use super::model::Collector;
use super::records::{self, BookingRow};
use super::snapshot::cash_context;
use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::forms::Values;
use crate::kernel::people::IdType;
use crate::sessions::Customer;

/// The choices of a booking for a new one (docs/domain.md §3.1). `case` proves that the caller may see it. Nothing of it counts as
/// agreed: the new form is validated like any other.
pub async fn cash_again(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Values, Failure> {
    let (context, _) = cash_context(bank, customer, None, None).await?;
    let row = records::find_booking(&mut bank.read().await?, &case.number)
        .await?
        .ok_or_else(|| Failure::stored("cash_appointments", &case.number))?;
    Ok(still_possible(&row, &context))
}

/// What can be chosen today. Never the day, and never what the portal shows masked: the number of the agent's document and the
/// phone number are typed anew, or taken from the file. A remark was about that visit.
fn still_possible(row: &BookingRow, context: &CashContext) -> Values {
    let mut values = Values::default();
    if context.branches.contains(&row.branch_id) {
        values.set("branch", &row.branch_id);
    }
    if context.accounts.contains(&row.account_id) {
        values.set("account", &row.account_id);
    }
    values.set("amount", (row.amount / 100).to_string());
    values.set("any_notes", if row.any_notes { ANY_NOTES } else { OWN_NOTES });
    if !row.any_notes {
        for (note, count) in row.notes().iter().filter(|(_, count)| *count > 0) {
            values.set(note.field(), count.to_string());
        }
    }
    if row.new_notes {
        values.set("new_notes", "yes");
    }
    if let Some(purpose) = row.purpose.as_ref().filter(|purpose| context.purposes().contains(&purpose.as_str())) {
        values.set("purpose", purpose);
        if let Some(other) = &row.purpose_other {
            values.set("purpose_other", other);
        }
    }
    values.set("collector", &row.collector);
    if row.collector == Collector::AGENT {
        values.set("agent_name", row.agent_name.as_deref().unwrap_or_default());
        let document = row.agent_id_type.as_deref().and_then(IdType::parse);
        values.set("agent_id_type", document.map_or("", IdType::code));
    }
    values
}
