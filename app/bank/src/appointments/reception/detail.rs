//! An application for its pages.

use super::ReceptionParameters;
use super::model::{Reception, ReceptionState, Topic};
use super::records;
use crate::branches::reference;
use crate::cases::CaseLine;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::people::mask_phone;
use crate::kernel::seal::columns::RECEPTION_PHONE;
use crate::kernel::time::{At, Time};

/// An application with masked phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptionDetail {
    pub state: ReceptionState,
    pub reception: Reception,
    /// Start of the slot.
    pub slot: Time,
    /// End of the slot.
    pub slot_end: Time,
    pub topic: Topic,
    /// The subject in the customer's words.
    pub summary: String,
    /// The result hoped for.
    pub hope: String,
    /// Number of people, including the customer.
    pub attendees: i64,
    /// Masked.
    pub phone: String,
    /// Deadline for the customer to cancel.
    pub cancel_until: At,
    /// The branch's maximum number of attendees on the day.
    pub attendees_max: i64,
    /// Places left in the slot, apart from this application.
    pub places_left: i64,
}

/// The application of a case. `case` proves that the caller may see it.
pub async fn reception_detail(bank: &Bank, case: &CaseLine) -> Result<ReceptionDetail, Failure> {
    let stored = records::find_application(&mut bank.read().await?, &case.number).await?;
    let stored = stored.ok_or_else(|| Failure::stored("reception_applications", &case.number))?;
    let (_, end) = case.time.ok_or_else(|| Failure::stored("cases.ends_at", "no time"))?;
    let reception = &stored.reception;
    let parameters: ReceptionParameters = reference(bank).await?.parameters(&reception.branch_id, reception.day);
    Ok(ReceptionDetail {
        attendees_max: parameters.reception_attendees_max,
        state: ReceptionState::parse(&case.state).ok_or_else(|| Failure::stored("cases.state", &case.state))?,
        phone: mask_phone(&bank.seal().open(&RECEPTION_PHONE, &case.number, &stored.phone_sealed)?),
        slot: stored.slot,
        slot_end: end.time(),
        reception: stored.reception,
        topic: stored.topic,
        summary: stored.summary,
        hope: stored.hope,
        attendees: stored.attendees,
        cancel_until: stored.cancel_until,
        places_left: stored.places,
    })
}
