//! Every way a cash booking can be refused: the rule, its value, and what would be accepted instead.
//!
//! The words are in the catalogue under the code. Not here: the decisions ([`super::rules`]); the last three come from
//! the transaction and from cancelling.

use serde::{Deserialize, Serialize};

use super::model::Denomination;
use super::offers::Offer;
use crate::cases::QuotaFull;
use crate::kernel::money::Fen;
use crate::kernel::people::NameFault;
use crate::kernel::time::{At, Day, Time};

mod codes;

pub use codes::ALL_CODES;

/// Why a cash booking is refused. Amounts in fen, lengths in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashRefusal {
    /// Online booking is blocked after no-shows, until this day.
    Blocked {
        /// The first day it is possible again.
        until: Day,
    },
    /// No branch chosen.
    BranchMissing,
    /// There is no such branch.
    BranchUnknown,
    /// No day chosen.
    DayMissing {
        /// A free day.
        offers: Vec<Offer>,
    },
    /// Not a day.
    DayInvalid {
        /// A free day.
        offers: Vec<Offer>,
    },
    /// Before the earliest day.
    DayTooEarly {
        /// The earliest day of the window.
        earliest: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// After the window.
    DayTooLate {
        /// The last day of the window.
        latest: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// The bank does not work that day.
    DayClosed {
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// The branch pays out no booked cash that day.
    BranchClosed {
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// Every place or all cash of the day is taken.
    DayFull {
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// The customer has a large-cash booking that day.
    DayTaken {
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// No slot chosen.
    SlotMissing {
        /// A free slot.
        offers: Vec<Offer>,
    },
    /// The branch has no such slot that day.
    SlotUnknown {
        /// A free slot.
        offers: Vec<Offer>,
    },
    /// Every place of the slot is taken.
    SlotFull {
        day: Day,
        slot: Time,
        /// A free slot.
        offers: Vec<Offer>,
    },
    /// The customer has another appointment then.
    Overlap {
        /// Its beginning.
        from: Time,
        /// Its end.
        to: Time,
        /// A free slot.
        offers: Vec<Offer>,
    },
    /// The customer has no active account.
    NoAccount,
    /// No account chosen.
    AccountMissing,
    /// Not an active account of this customer.
    AccountUnknown {
        /// Their own accounts.
        offers: Vec<Offer>,
    },
    /// No amount given.
    AmountMissing,
    /// Not an amount.
    AmountInvalid,
    /// It can be read in more than one way, or its separators stand where nobody puts them.
    AmountUnclear {
        /// What it may mean.
        readings: Vec<Fen>,
        /// The readings that can be booked.
        offers: Vec<Offer>,
    },
    /// Not whole yuan.
    AmountNotWhole {
        /// Whole amounts.
        offers: Vec<Offer>,
    },
    /// Below what can be booked.
    AmountBelowMinimum {
        /// The least amount.
        minimum: Fen,
        /// An amount in range.
        offers: Vec<Offer>,
    },
    /// Above what can be booked online.
    AmountAboveMaximum {
        /// The most.
        maximum: Fen,
        /// An amount in range.
        offers: Vec<Offer>,
    },
    /// More than the customer's other live bookings leave.
    OpenCash {
        /// What they leave.
        left: Fen,
        /// An amount in range.
        offers: Vec<Offer>,
    },
    /// The branch has less cash left that day.
    CashShort {
        /// What is left.
        left: Fen,
        /// A lesser amount, another day.
        offers: Vec<Offer>,
    },
    /// Neither notes nor "any".
    NotesMissing {
        /// A split, and any notes.
        offers: Vec<Offer>,
    },
    /// A count that is none.
    NotesInvalid {
        /// Of which note.
        denomination: Denomination,
        /// A split.
        offers: Vec<Offer>,
    },
    /// The notes do not make the amount.
    NotesDiffer {
        /// What the notes make.
        sum: Fen,
        amount: Fen,
        /// A split of the amount, or the sum as the amount.
        offers: Vec<Offer>,
    },
    /// The branch has too few of a note that day.
    NotesShort {
        /// Of which note.
        denomination: Denomination,
        /// How many are left.
        left: i64,
        /// How many were asked for.
        asked: i64,
        /// The nearest split, another day.
        offers: Vec<Offer>,
    },
    /// No notes left that day make the amount.
    NotesUnsplittable {
        /// The nearest amounts, another day.
        offers: Vec<Offer>,
    },
    /// The purpose is asked and not chosen.
    PurposeMissing {
        /// Asked because of the customer's risk flag, not of the amount.
        by_risk: bool,
    },
    /// No such purpose.
    PurposeUnknown,
    /// 其他 without words.
    PurposeOtherMissing,
    /// Too many words.
    PurposeOtherTooLong {
        /// The most.
        max: i64,
        /// What was typed.
        length: i64,
    },
    /// Nobody chosen.
    CollectorMissing,
    /// Neither the customer nor an agent.
    CollectorUnknown,
    /// No name of the agent.
    AgentNameMissing,
    /// Not a name.
    AgentNameInvalid {
        /// What is wrong with it.
        fault: NameFault,
    },
    /// No document of the agent chosen.
    AgentIdTypeMissing,
    /// No such document.
    AgentIdTypeUnknown,
    /// No number of the agent's document.
    AgentIdMissing,
    /// Not a number of that document.
    AgentIdInvalid,
    /// No phone number.
    PhoneMissing,
    /// Not a mainland mobile number.
    PhoneInvalid,
    RemarkTooLong {
        /// The most.
        max: i64,
        /// What was typed.
        length: i64,
    },
    /// A quota of the customer's cases is used up.
    Quota(QuotaFull),
    /// Another tab or person has changed it meanwhile; nothing was overwritten.
    Changed,
    /// There is nothing to cancel any more: it was paid out, ended, or the customer is at the counter.
    CancelOver,
    /// The customer can no longer cancel by themselves.
    CancelClosed {
        /// Since then.
        until: At,
    },
}

impl CashRefusal {
    /// What would be accepted, nearest first, for the words of the buttons.
    pub fn offers(&self) -> &[Offer] {
        match self {
            Self::DayMissing { offers }
            | Self::DayInvalid { offers }
            | Self::DayTooEarly { offers, .. }
            | Self::DayTooLate { offers, .. }
            | Self::DayClosed { offers, .. }
            | Self::BranchClosed { offers, .. }
            | Self::DayFull { offers, .. }
            | Self::DayTaken { offers, .. }
            | Self::SlotMissing { offers }
            | Self::SlotUnknown { offers }
            | Self::SlotFull { offers, .. }
            | Self::Overlap { offers, .. }
            | Self::AccountUnknown { offers }
            | Self::AmountUnclear { offers, .. }
            | Self::AmountNotWhole { offers }
            | Self::AmountBelowMinimum { offers, .. }
            | Self::AmountAboveMaximum { offers, .. }
            | Self::OpenCash { offers, .. }
            | Self::CashShort { offers, .. }
            | Self::NotesMissing { offers }
            | Self::NotesInvalid { offers, .. }
            | Self::NotesDiffer { offers, .. }
            | Self::NotesShort { offers, .. }
            | Self::NotesUnsplittable { offers } => offers,
            _ => &[],
        }
    }
}
