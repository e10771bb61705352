//! Refusals of desk actions that only cash bookings have.

use serde::{Deserialize, Serialize};

use super::proposing::ProposalPlace;
use crate::cases::{DeskRefusal, OwnRefusal};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::people::NameFault;
use crate::kernel::time::{Day, Time, day_text, hhmm};

/// A refusal of a desk action on a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashDeskRefusal {
    /// The suggested day cannot be booked.
    OfferedDayInvalid {
        /// The nearest bookable day; `None` if there is none, in which case no day may be suggested.
        earliest: Option<Day>,
    },
    /// The place cannot be proposed.
    ProposalUnfit {
        fault: ProposalFault,
        /// The nearest place at the branch that can be; `None` if there is none.
        nearest: Option<ProposalPlace>,
    },
    /// More notes of a denomination than booked.
    PaidTooMuch {
        /// Denomination, yuan.
        denomination: i64,
        /// Number of notes booked.
        booked: i64,
    },
    /// No notes were paid; the booking must be cancelled instead.
    PaidNothing,
    /// Unknown purpose.
    PurposeUnknown,
    /// The purpose 其他 requires a text.
    PurposeWordsMissing,
    /// The text of the purpose is too long.
    PurposeWordsTooLong {
        /// Maximum length, characters.
        max: i64,
        /// Its length, characters.
        length: i64,
        /// The part that would be accepted; empty in forms stored before it was recorded.
        #[serde(default)]
        cut: String,
    },
    /// An agent is named, but the customer is chosen as the collector.
    CollectorUnclear,
    /// The ID document that was shown is missing.
    IdMissing,
    /// The name of the agent who collects for the customer is invalid.
    AgentNameInvalid {
        /// The reason.
        fault: NameFault,
    },
    /// The number is invalid for the type of document.
    AgentIdInvalid,
}

/// What is wrong with a place that was to be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalFault {
    /// No branch, or an unknown one.
    Branch,
    /// No day, or one that cannot be booked there.
    Day,
    /// The branch has not the cash or the notes on that day.
    Short,
    /// The customer has another withdrawal on that day or another appointment at that time.
    Taken,
    /// No such time, or no place at it.
    Slot,
    /// It is what is booked.
    Same,
}

impl ProposalFault {
    const ALL: [Self; 6] = [Self::Branch, Self::Day, Self::Short, Self::Taken, Self::Slot, Self::Same];
}

impl CashDeskRefusal {
    /// One value per variant, for the tests over all kinds.
    pub fn samples() -> Vec<Self> {
        let place =
            || ProposalPlace { branch: "shiqi".to_owned(), day: Day::constant(2026, 12, 3), slot: Time::constant(10, 0, 0, 0) };
        let unfit = |fault| [None, Some(place())].map(|nearest| Self::ProposalUnfit { fault, nearest });
        let mut samples = vec![
            Self::OfferedDayInvalid { earliest: Some(Day::constant(2026, 12, 3)) },
            Self::OfferedDayInvalid { earliest: None },
            Self::PaidTooMuch { denomination: 50, booked: 1_000 },
            Self::PaidNothing,
            Self::PurposeUnknown,
            Self::PurposeWordsMissing,
            Self::PurposeWordsTooLong { max: 2, length: 3, cut: "古琴".to_owned() },
            Self::CollectorUnclear,
            Self::IdMissing,
            Self::AgentNameInvalid { fault: NameFault::Missing },
            Self::AgentNameInvalid { fault: NameFault::TooLong { length: 51 } },
            Self::AgentIdInvalid,
        ];
        samples.extend(ProposalFault::ALL.into_iter().flat_map(unfit));
        samples
    }
}

impl From<Rejected<CashDeskRefusal>> for Rejected<Vec<DeskRefusal>> {
    fn from(rejected: Rejected<CashDeskRefusal>) -> Self {
        rejected.map(|refusal| vec![refusal.into()])
    }
}

impl From<CashDeskRefusal> for DeskRefusal {
    fn from(refusal: CashDeskRefusal) -> Self {
        Self::Own(OwnRefusal::of(&refusal))
    }
}

impl Refusal for CashDeskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OfferedDayInvalid { .. } => "offered_day_invalid",
            Self::ProposalUnfit { fault, .. } => match fault {
                ProposalFault::Branch => "proposal_branch",
                ProposalFault::Day => "proposal_day",
                ProposalFault::Short => "proposal_short",
                ProposalFault::Taken => "proposal_taken",
                ProposalFault::Slot => "proposal_slot",
                ProposalFault::Same => "proposal_same",
            },
            Self::PaidTooMuch { .. } => "paid_too_much",
            Self::PaidNothing => "paid_nothing",
            Self::PurposeUnknown => "purpose_unknown",
            Self::PurposeWordsMissing => "purpose_words_missing",
            Self::PurposeWordsTooLong { .. } => "purpose_words_too_long",
            Self::CollectorUnclear => "collector_unclear",
            Self::IdMissing => "id_missing",
            Self::AgentNameInvalid { .. } => "agent_name_invalid",
            Self::AgentIdInvalid => "agent_id_invalid",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::OfferedDayInvalid { .. } => "offered_day",
            Self::ProposalUnfit { fault: ProposalFault::Branch, .. } => "branch",
            Self::ProposalUnfit { fault: ProposalFault::Day | ProposalFault::Short, .. } => "day",
            Self::ProposalUnfit { .. } => "slot",
            Self::PaidTooMuch { .. } | Self::PaidNothing => "paid_100",
            Self::PurposeUnknown => "purpose",
            Self::PurposeWordsMissing | Self::PurposeWordsTooLong { .. } => "purpose_other",
            Self::CollectorUnclear => "collector",
            Self::IdMissing => "id_checked",
            Self::AgentNameInvalid { .. } => "agent_name",
            Self::AgentIdInvalid => "agent_id",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        match self {
            Self::OfferedDayInvalid { earliest } => {
                let day = earliest.map_or_else(String::new, day_text);
                vec![Nearest::of([("offered_day", day)])]
            }
            Self::ProposalUnfit { nearest: Some(place), .. } => {
                let (branch, day, slot) = (place.branch.clone(), day_text(place.day), hhmm(place.slot));
                vec![Nearest::of([("branch", branch), ("day", day), ("slot", slot)])]
            }
            Self::PaidTooMuch { denomination, booked } => vec![Nearest::of([(paid_field(*denomination), booked.to_string())])],
            Self::PurposeWordsTooLong { cut, .. } if !cut.is_empty() => vec![Nearest::of([(self.field(), cut.clone())])],
            _ => Vec::new(),
        }
    }
}

/// The field for the number of notes paid of a denomination (yuan).
pub fn paid_field(denomination: i64) -> &'static str {
    match denomination {
        100 => "paid_100",
        50 => "paid_50",
        20 => "paid_20",
        10 => "paid_10",
        5 => "paid_5",
        _ => "paid_1",
    }
}
