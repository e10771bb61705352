//! The code and the form field of every refusal.
//!
//! Codes are used in pages (`data-refusal`), in the catalogue and in tests; they must not change.

use super::CashRefusal;
use crate::appointments::cash::offers::CashOffer;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::people::NameFault;

/// All codes, in the order of the form; a test reaches each of them.
pub const ALL_CODES: [&str; 58] = [
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
    "amount_unclear",
    "amount_not_whole",
    "amount_below_minimum",
    "amount_above_maximum",
    "open_cash",
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
    "agent_name_too_short",
    "agent_name_too_long",
    "agent_id_type_missing",
    "agent_id_type_unknown",
    "agent_id_missing",
    "agent_id_invalid",
    "phone_missing",
    "phone_invalid",
    "remark_too_long",
    "too_many_open",
    "too_many_today",
    "changed",
    "cancel_over",
    "cancel_closed",
    "move_over",
    "move_closed",
    "approver_too_late",
    "moved",
    "nothing_moved",
];

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
            Self::AmountUnclear { .. } => "amount_unclear",
            Self::AmountNotWhole { .. } => "amount_not_whole",
            Self::AmountBelowMinimum { .. } => "amount_below_minimum",
            Self::AmountAboveMaximum { .. } => "amount_above_maximum",
            Self::OpenCash { .. } => "open_cash",
            Self::CashShort { .. } => "cash_short",
            Self::NotesMissing { .. } => "notes_missing",
            Self::NotesInvalid { .. } => "notes_invalid",
            Self::NotesDiffer { .. } => "notes_differ",
            Self::NotesShort { .. } => "notes_short",
            Self::NotesUnsplittable { .. } => "notes_unsplittable",
            Self::PurposeMissing { .. } => "purpose_missing",
            Self::PurposeUnknown => "purpose_unknown",
            Self::PurposeOtherMissing => "purpose_other_missing",
            Self::PurposeOtherTooLong { .. } => "purpose_other_too_long",
            Self::CollectorMissing => "collector_missing",
            Self::CollectorUnknown => "collector_unknown",
            Self::AgentNameMissing | Self::AgentNameInvalid { fault: NameFault::Missing } => "agent_name_missing",
            Self::AgentNameInvalid { fault: NameFault::Characters } => "agent_name_invalid",
            Self::AgentNameInvalid { fault: NameFault::TooShort } => "agent_name_too_short",
            Self::AgentNameInvalid { fault: NameFault::TooLong { .. } } => "agent_name_too_long",
            Self::AgentIdTypeMissing => "agent_id_type_missing",
            Self::AgentIdTypeUnknown => "agent_id_type_unknown",
            Self::AgentIdMissing => "agent_id_missing",
            Self::AgentIdInvalid => "agent_id_invalid",
            Self::PhoneMissing => "phone_missing",
            Self::PhoneInvalid => "phone_invalid",
            Self::RemarkTooLong { .. } => "remark_too_long",
            Self::Quota(full) => full.code(),
            Self::Changed => "changed",
            Self::CancelOver => "cancel_over",
            Self::CancelClosed { .. } => "cancel_closed",
            Self::MoveOver => "move_over",
            Self::MoveClosed { .. } => "move_closed",
            Self::ApproverTooLate { .. } => "approver_too_late",
            Self::Moved => "moved",
            Self::NothingMoved => "nothing_moved",
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
            | Self::AmountUnclear { .. }
            | Self::AmountNotWhole { .. }
            | Self::AmountBelowMinimum { .. }
            | Self::AmountAboveMaximum { .. }
            | Self::OpenCash { .. }
            | Self::CashShort { .. }
            | Self::NotesUnsplittable { .. } => "amount",
            Self::NotesMissing { .. } | Self::NotesDiffer { .. } => "notes_100",
            Self::PurposeMissing { .. } | Self::PurposeUnknown => "purpose",
            Self::PurposeOtherMissing | Self::PurposeOtherTooLong { .. } => "purpose_other",
            Self::CollectorMissing | Self::CollectorUnknown => "collector",
            Self::AgentNameMissing | Self::AgentNameInvalid { .. } => "agent_name",
            Self::AgentIdTypeMissing | Self::AgentIdTypeUnknown => "agent_id_type",
            Self::AgentIdMissing | Self::AgentIdInvalid => "agent_id",
            Self::PhoneMissing | Self::PhoneInvalid => "phone",
            Self::RemarkTooLong { .. } => "remark",
            Self::Quota(_)
            | Self::Changed
            | Self::CancelOver
            | Self::CancelClosed { .. }
            | Self::MoveOver
            | Self::MoveClosed { .. }
            | Self::ApproverTooLate { .. }
            | Self::Moved
            | Self::NothingMoved => "",
            Self::NotesInvalid { denomination, .. } | Self::NotesShort { denomination, .. } => denomination.field(),
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        self.offers().iter().map(CashOffer::nearest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL_CODES, CashRefusal};
    use crate::appointments::cash::model::Denomination;
    use crate::appointments::cash::offers::CashOffer;
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
            CashRefusal::NotesShort { denomination: Denomination::Fifty, left: 3, asked: 4, offers: vec![CashOffer::AnyNotes] };
        assert_eq!((refusal.code(), refusal.field()), ("notes_short", "notes_50"));
        assert_eq!(refusal.nearest().len(), 1);
        let json = serde_json::to_string(&refusal).expect("json");
        assert_eq!(serde_json::from_str::<CashRefusal>(&json).expect("a refusal"), refusal);
    }
}
