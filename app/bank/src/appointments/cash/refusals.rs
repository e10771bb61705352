//! Every way a cash booking can be refused: the rule, its value, and what would be accepted instead.
//!
//! The words are in the catalogue under the code. Not here: the decisions ([`super::rules`]); the last three come from
//! the transaction and from cancelling.

use serde::{Deserialize, Serialize};

use super::model::Denomination;
use super::offers::Offer;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time};

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
        /// The day.
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// The branch pays out no booked cash that day.
    BranchClosed {
        /// The day.
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// Every place or all cash of the day is taken.
    DayFull {
        /// The day.
        day: Day,
        /// A free day.
        offers: Vec<Offer>,
    },
    /// The customer has a large-cash booking that day.
    DayTaken {
        /// The day.
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
        /// The day.
        day: Day,
        /// The slot.
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
        /// The amount.
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
    PurposeMissing,
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
    AgentNameInvalid,
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
    /// Too long a remark.
    RemarkTooLong {
        /// The most.
        max: i64,
        /// What was typed.
        length: i64,
    },
    /// Another tab or person has changed it meanwhile; nothing was overwritten.
    Changed,
    /// The customer can no longer cancel by themselves.
    CancelClosed {
        /// Since then.
        until: At,
    },
}

/// Every code, in the order of the form; a test reaches each of them.
pub const ALL_CODES: [&str; 46] = [
    "blocked",
    "branch_missing",
    "branch_unknown",
    "day_missing",
    "day_invalid",
    "day_too_early",
    "day_too_late",
    "day_closed",
    "branch_closed",
    "day_full",
    "day_taken",
    "slot_missing",
    "slot_unknown",
    "slot_full",
    "overlap",
    "no_account",
    "account_missing",
    "account_unknown",
    "amount_missing",
    "amount_invalid",
    "amount_not_whole",
    "amount_below_minimum",
    "amount_above_maximum",
    "cash_short",
    "notes_missing",
    "notes_invalid",
    "notes_differ",
    "notes_short",
    "notes_unsplittable",
    "purpose_missing",
    "purpose_unknown",
    "purpose_other_missing",
    "purpose_other_too_long",
    "collector_missing",
    "collector_unknown",
    "agent_name_missing",
    "agent_name_invalid",
    "agent_id_type_missing",
    "agent_id_type_unknown",
    "agent_id_missing",
    "agent_id_invalid",
    "phone_missing",
    "phone_invalid",
    "remark_too_long",
    "changed",
    "cancel_closed",
];

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
            | Self::AmountNotWhole { offers }
            | Self::AmountBelowMinimum { offers, .. }
            | Self::AmountAboveMaximum { offers, .. }
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

impl Refusal for CashRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Blocked { .. } => "blocked",
            Self::BranchMissing => "branch_missing",
            Self::BranchUnknown => "branch_unknown",
            Self::DayMissing { .. } => "day_missing",
            Self::DayInvalid { .. } => "day_invalid",
            Self::DayTooEarly { .. } => "day_too_early",
            Self::DayTooLate { .. } => "day_too_late",
            Self::DayClosed { .. } => "day_closed",
            Self::BranchClosed { .. } => "branch_closed",
            Self::DayFull { .. } => "day_full",
            Self::DayTaken { .. } => "day_taken",
            Self::SlotMissing { .. } => "slot_missing",
            Self::SlotUnknown { .. } => "slot_unknown",
            Self::SlotFull { .. } => "slot_full",
            Self::Overlap { .. } => "overlap",
            Self::NoAccount => "no_account",
            Self::AccountMissing => "account_missing",
            Self::AccountUnknown { .. } => "account_unknown",
            Self::AmountMissing => "amount_missing",
            Self::AmountInvalid => "amount_invalid",
            Self::AmountNotWhole { .. } => "amount_not_whole",
            Self::AmountBelowMinimum { .. } => "amount_below_minimum",
            Self::AmountAboveMaximum { .. } => "amount_above_maximum",
            Self::CashShort { .. } => "cash_short",
            Self::NotesMissing { .. } => "notes_missing",
            Self::NotesInvalid { .. } => "notes_invalid",
            Self::NotesDiffer { .. } => "notes_differ",
            Self::NotesShort { .. } => "notes_short",
            Self::NotesUnsplittable { .. } => "notes_unsplittable",
            Self::PurposeMissing => "purpose_missing",
            Self::PurposeUnknown => "purpose_unknown",
            Self::PurposeOtherMissing => "purpose_other_missing",
            Self::PurposeOtherTooLong { .. } => "purpose_other_too_long",
            Self::CollectorMissing => "collector_missing",
            Self::CollectorUnknown => "collector_unknown",
            Self::AgentNameMissing => "agent_name_missing",
            Self::AgentNameInvalid => "agent_name_invalid",
            Self::AgentIdTypeMissing => "agent_id_type_missing",
            Self::AgentIdTypeUnknown => "agent_id_type_unknown",
            Self::AgentIdMissing => "agent_id_missing",
            Self::AgentIdInvalid => "agent_id_invalid",
            Self::PhoneMissing => "phone_missing",
            Self::PhoneInvalid => "phone_invalid",
            Self::RemarkTooLong { .. } => "remark_too_long",
            Self::Changed => "changed",
            Self::CancelClosed { .. } => "cancel_closed",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Blocked { .. } | Self::BranchMissing | Self::BranchUnknown => "branch",
            Self::DayMissing { .. }
            | Self::DayInvalid { .. }
            | Self::DayTooEarly { .. }
            | Self::DayTooLate { .. }
            | Self::DayClosed { .. }
            | Self::BranchClosed { .. }
            | Self::DayFull { .. }
            | Self::DayTaken { .. } => "day",
            Self::SlotMissing { .. } | Self::SlotUnknown { .. } | Self::SlotFull { .. } | Self::Overlap { .. } => "slot",
            Self::NoAccount | Self::AccountMissing | Self::AccountUnknown { .. } => "account",
            Self::AmountMissing
            | Self::AmountInvalid
            | Self::AmountNotWhole { .. }
            | Self::AmountBelowMinimum { .. }
            | Self::AmountAboveMaximum { .. }
            | Self::CashShort { .. }
            | Self::NotesUnsplittable { .. } => "amount",
            Self::NotesMissing { .. } | Self::NotesDiffer { .. } => "notes_100",
            Self::PurposeMissing | Self::PurposeUnknown => "purpose",
            Self::PurposeOtherMissing | Self::PurposeOtherTooLong { .. } => "purpose_other",
            Self::CollectorMissing | Self::CollectorUnknown => "collector",
            Self::AgentNameMissing | Self::AgentNameInvalid => "agent_name",
            Self::AgentIdTypeMissing | Self::AgentIdTypeUnknown => "agent_id_type",
            Self::AgentIdMissing | Self::AgentIdInvalid => "agent_id",
            Self::PhoneMissing | Self::PhoneInvalid => "phone",
            Self::RemarkTooLong { .. } => "remark",
            Self::Changed | Self::CancelClosed { .. } => "",
            Self::NotesInvalid { denomination, .. } | Self::NotesShort { denomination, .. } => denomination.field(),
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        self.offers().iter().map(Offer::nearest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL_CODES, CashRefusal, Offer};
    use crate::appointments::cash::model::Denomination;
    use crate::kernel::forms::Refusal;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_listed_once() {
        let codes: BTreeSet<&str> = ALL_CODES.iter().copied().collect();
        assert_eq!(codes.len(), ALL_CODES.len());
    }

    #[test]
    fn a_short_note_points_at_its_own_field_and_survives_storage() {
        let refusal =
            CashRefusal::NotesShort { denomination: Denomination::Fifty, left: 3, asked: 4, offers: vec![Offer::AnyNotes] };
        assert_eq!((refusal.code(), refusal.field()), ("notes_short", "notes_50"));
        assert_eq!(refusal.nearest().len(), 1);
        let json = serde_json::to_string(&refusal).expect("json");
        assert_eq!(serde_json::from_str::<CashRefusal>(&json).expect("a refusal"), refusal);
    }
}
