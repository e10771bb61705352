//! What a clerk or branch head does to a booking, and what an action must bring with it. Not here: whether the booking's
//! state allows it (`states.rs`) and what it does (`answer.rs`).

use super::detail::cash_detail;
use super::model::Notes;
use super::snapshot::free_days;
use super::states::CashAction;
use crate::cases::{DeskRefusal, REASON_MAX, find_case};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Rejected;
use crate::kernel::people::{IdType, read_name};
use crate::kernel::text::count;
use crate::kernel::time::{At, parse_day};

/// What a clerk or branch head does to a booking.
#[derive(Clone, Debug)]
pub struct CashAct {
    /// Which booking.
    pub number: String,
    /// The version their page showed.
    pub version: i64,
    /// The button.
    pub action: CashAction,
    /// For decline, refuse and cancel: told to the customer.
    pub reason: Option<String>,
    /// For decline: the next free date, as typed.
    pub offered_day: Option<String>,
    /// For arrive: who came; `None`: nobody was recorded.
    pub arrival: Option<Arrival>,
    /// For complete: the notes paid; `None`: all that were booked.
    pub paid: Option<Notes>,
    /// For complete: one of the terms; `None`: as booked, or not asked.
    pub purpose: Option<String>,
}

impl CashAct {
    /// An action that brings nothing but itself.
    pub fn plain(number: &str, version: i64, action: CashAction) -> Self {
        Self {
            number: number.to_owned(),
            version,
            action,
            reason: None,
            offered_day: None,
            arrival: None,
            paid: None,
            purpose: None,
        }
    }
}

/// Who came to the counter, and with which document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The document that was shown.
    pub document: IdType,
    /// Who collects.
    pub who: Collecting,
}

/// Who collects, as found at the counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collecting {
    /// Whom the booking names.
    AsBooked,
    /// The customer, though an agent was named.
    Customer,
    /// Somebody the booking does not name (代理人).
    Agent {
        /// Name, as typed.
        name: String,
        /// Number of the document, as typed.
        id: String,
    },
}

/// Whether an action brings what it needs, before anything is changed.
pub(super) async fn ensure_complete(bank: &Bank, act: &CashAct) -> Result<(), Rejected<DeskRefusal>> {
    ensure_texts(act, bank.now())?;
    if act.action == CashAction::Decline {
        ensure_offered(bank, act).await?;
    }
    Ok(())
}

fn ensure_texts(act: &CashAct, now: At) -> Result<(), Rejected<DeskRefusal>> {
    let refuse = |refusal| Err(Rejected::Refused(refusal));
    if act.reason.as_ref().is_some_and(|reason| count(reason) > REASON_MAX) {
        return refuse(DeskRefusal::ReasonTooLong { max: i64::try_from(REASON_MAX).unwrap_or(i64::MAX) });
    }
    if act.action == CashAction::Arrive {
        match &act.arrival {
            None => return refuse(DeskRefusal::IdMissing),
            Some(Arrival { who: Collecting::Agent { name, id }, document }) => {
                if let Err(fault) = read_name(name) {
                    return refuse(DeskRefusal::AgentNameInvalid { fault });
                }
                if document.parse_number(id, now.day()).is_none() {
                    return refuse(DeskRefusal::AgentIdInvalid);
                }
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// A decline names the next free day: one on which the rules would accept the booking ([`free_days`]). Where no day is
/// free there is nothing to name.
async fn ensure_offered(bank: &Bank, act: &CashAct) -> Result<(), Rejected<DeskRefusal>> {
    let case = find_case(&mut bank.read().await?, &act.number).await?;
    let Some(case) = case else { return Err(Rejected::Refused(DeskRefusal::NotNow)) };
    let booking = cash_detail(bank, &case).await?;
    let free = free_days(bank, &case.customer_id, &booking).await?;
    match act.offered_day.as_deref() {
        None if free.is_empty() => Ok(()),
        Some(text) if parse_day(text).is_some_and(|day| free.contains(&day)) => Ok(()),
        _ => Err(Rejected::Refused(DeskRefusal::OfferedDayInvalid { earliest: free.first().copied() })),
    }
}
