//! Every refusal of a cash booking, with the rule's value and the offers that would be accepted.
//!
//! The texts are in the catalogue under the code. [`super::rules`] makes the decisions; the last variants come from
//! the transaction, from cancelling and from moving.

use serde::{Deserialize, Serialize};

use super::model::Denomination;
use super::offers::CashOffer;
use crate::cases::QuotaFull;
use crate::kernel::money::Fen;
use crate::kernel::people::NameFault;
use crate::kernel::time::{At, Day, Time};

mod codes;

pub use codes::ALL_CODES;

/// Why a cash booking is refused. Amounts are in fen, lengths in characters; `offers` are the nearest accepted values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashRefusal {
    /// Online booking is blocked after no-shows.
    Blocked {
        /// The first day on which it is possible again.
        until: Day,
    },
    /// No branch chosen.
    BranchMissing,
    /// The branch does not exist.
    BranchUnknown,
    /// No day chosen.
    DayMissing {
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// Not a valid date.
    DayInvalid {
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// Before the earliest day.
    DayTooEarly {
        /// The earliest day of the window.
        earliest: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// After the window.
    DayTooLate {
        /// The last day of the window.
        latest: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// The bank does not work that day.
    DayClosed {
        day: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// The branch pays out no booked cash that day.
    BranchClosed {
        day: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// All places or all cash of the day are reserved.
    DayFull {
        day: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// The customer has a live cash booking that day.
    DayTaken {
        day: Day,
        /// A free day.
        offers: Vec<CashOffer>,
    },
    /// No slot chosen.
    SlotMissing {
        /// A free slot.
        offers: Vec<CashOffer>,
    },
    /// The branch has no such slot that day.
    SlotUnknown {
        /// A free slot.
        offers: Vec<CashOffer>,
    },
    /// All places of the slot are reserved.
    SlotFull {
        day: Day,
        slot: Time,
        /// A free slot.
        offers: Vec<CashOffer>,
    },
    /// The slot overlaps another appointment of the customer.
    Overlap {
        /// Start of that appointment.
        from: Time,
        /// End of that appointment.
        to: Time,
        /// A free slot.
        offers: Vec<CashOffer>,
    },
    /// The customer has no active account.
    NoAccount,
    /// No account chosen.
    AccountMissing,
    /// Not an active account of the customer.
    AccountUnknown {
        /// Their own accounts.
        offers: Vec<CashOffer>,
    },
    /// No amount given.
    AmountMissing,
    /// Not an amount.
    AmountInvalid,
    /// Ambiguous: it has more than one meaning, or misplaced separators.
    AmountUnclear {
        /// The possible meanings.
        readings: Vec<Fen>,
        /// The meanings that can be booked.
        offers: Vec<CashOffer>,
    },
    /// Not whole yuan.
    AmountNotWhole {
        /// Whole amounts.
        offers: Vec<CashOffer>,
    },
    /// Below the minimum.
    AmountBelowMinimum {
        /// The minimum.
        minimum: Fen,
        /// An amount in range.
        offers: Vec<CashOffer>,
    },
    /// Above the maximum for online booking.
    AmountAboveMaximum {
        /// The maximum.
        maximum: Fen,
        /// An amount in range.
        offers: Vec<CashOffer>,
    },
    /// Together with the customer's other live bookings above `cash_open_max`.
    OpenCash {
        /// The amount that can still be booked.
        left: Fen,
        /// An amount in range.
        offers: Vec<CashOffer>,
    },
    /// The branch has less cash left that day.
    CashShort {
        /// Cash left.
        left: Fen,
        /// A smaller amount, another day.
        offers: Vec<CashOffer>,
    },
    /// Neither notes nor "any notes" chosen.
    NotesMissing {
        /// A split, and any notes.
        offers: Vec<CashOffer>,
    },
    /// A count is not a number.
    NotesInvalid {
        /// Its denomination.
        denomination: Denomination,
        /// A split.
        offers: Vec<CashOffer>,
    },
    /// The notes do not add up to the amount.
    NotesDiffer {
        /// Value of the notes.
        sum: Fen,
        amount: Fen,
        /// A split of the amount, or the sum as the amount.
        offers: Vec<CashOffer>,
    },
    /// The branch has too few notes of a denomination that day.
    NotesShort {
        denomination: Denomination,
        /// Notes left.
        left: i64,
        /// Notes asked for.
        asked: i64,
        /// The nearest split, another day.
        offers: Vec<CashOffer>,
    },
    /// The notes left that day cannot add up to the amount.
    NotesUnsplittable {
        /// The nearest amounts, another day.
        offers: Vec<CashOffer>,
    },
    /// The purpose is required and missing.
    PurposeMissing {
        /// Whether it is required because of the risk flag, not of the amount.
        by_risk: bool,
    },
    /// Not in the list of purposes.
    PurposeUnknown,
    /// 其他 without a description.
    PurposeOtherMissing,
    /// The description is too long.
    PurposeOtherTooLong {
        /// Limit.
        max: i64,
        /// Length typed.
        length: i64,
    },
    /// No collector chosen.
    CollectorMissing,
    /// Neither the customer nor an agent.
    CollectorUnknown,
    /// The agent's name is missing.
    AgentNameMissing,
    /// Not a valid name.
    AgentNameInvalid {
        fault: NameFault,
    },
    /// The agent's document type is missing.
    AgentIdTypeMissing,
    /// Not a known document type.
    AgentIdTypeUnknown,
    /// The agent's document number is missing.
    AgentIdMissing,
    /// Not a valid number of that document.
    AgentIdInvalid,
    PhoneMissing,
    /// Not a mainland mobile number.
    PhoneInvalid,
    RemarkTooLong {
        /// Limit.
        max: i64,
        /// Length typed.
        length: i64,
    },
    /// A quota of the customer's cases is exhausted.
    Quota(QuotaFull),
    /// The data have changed since validation, at every retry; nothing was booked.
    Changed,
    /// The booking can no longer be cancelled: it was paid out, has ended, or the collector is at the counter.
    CancelOver,
    /// The deadline for the customer to cancel has passed.
    CancelClosed {
        /// The deadline.
        until: At,
    },
    /// The booking can no longer be moved: the cash has been prepared, or it has ended.
    MoveOver,
    /// The deadline for the customer to move it has passed.
    MoveClosed {
        /// The deadline.
        until: At,
    },
    /// The company's approver would have less time to agree than for a new booking; the booking stands as it was.
    ApproverTooLate {
        /// The deadline that the moved booking would have.
        until: At,
    },
    /// It was moved since the page was opened, in another tab or by another operator; nothing was changed.
    Moved,
    /// Nothing is different from the booking as it is, so the branch is not asked again.
    NothingMoved,
}

/// The offers of a refusal that has some, otherwise `$none`; the refusals are listed once for reading and for changing.
macro_rules! offers_of {
    ($refusal:expr, $offers:ident => $found:expr, $none:expr) => {
        match $refusal {
            Self::DayMissing { $offers }
            | Self::DayInvalid { $offers }
            | Self::DayTooEarly { $offers, .. }
            | Self::DayTooLate { $offers, .. }
            | Self::DayClosed { $offers, .. }
            | Self::BranchClosed { $offers, .. }
            | Self::DayFull { $offers, .. }
            | Self::DayTaken { $offers, .. }
            | Self::SlotMissing { $offers }
            | Self::SlotUnknown { $offers }
            | Self::SlotFull { $offers, .. }
            | Self::Overlap { $offers, .. }
            | Self::AccountUnknown { $offers }
            | Self::AmountUnclear { $offers, .. }
            | Self::AmountNotWhole { $offers }
            | Self::AmountBelowMinimum { $offers, .. }
            | Self::AmountAboveMaximum { $offers, .. }
            | Self::OpenCash { $offers, .. }
            | Self::CashShort { $offers, .. }
            | Self::NotesMissing { $offers }
            | Self::NotesInvalid { $offers, .. }
            | Self::NotesDiffer { $offers, .. }
            | Self::NotesShort { $offers, .. }
            | Self::NotesUnsplittable { $offers } => $found,
            _ => $none,
        }
    };
}

impl CashRefusal {
    /// Whether the chosen branch is short of places, cash or notes that another branch may have.
    pub const fn is_shortage(&self) -> bool {
        matches!(
            self,
            Self::DayFull { .. }
                | Self::BranchClosed { .. }
                | Self::CashShort { .. }
                | Self::NotesShort { .. }
                | Self::NotesUnsplittable { .. }
        )
    }

    /// Whether what was asked for needs no booking, so that the offers are only for somebody who wants one all the same.
    pub const fn needs_no_booking(&self) -> bool {
        matches!(self, Self::AmountBelowMinimum { .. })
    }

    /// Adds an offer that was found outside the rules. It keeps the amount, so it stands before other amounts.
    pub fn add_offer(&mut self, offer: CashOffer) {
        let Some(offers) = self.offers_mut() else { return };
        let place = offers.iter().position(|known| matches!(known, CashOffer::Amount { .. })).unwrap_or(offers.len());
        offers.insert(place, offer);
    }

    /// The accepted values, nearest first, for the buttons.
    pub fn offers(&self) -> &[CashOffer] {
        offers_of!(self, offers => offers, &[])
    }

    fn offers_mut(&mut self) -> Option<&mut Vec<CashOffer>> {
        offers_of!(self, offers => Some(offers), None)
    }
}
