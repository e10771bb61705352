//! Refusals of desk actions that only cash bookings have.

use serde::{Deserialize, Serialize};

use crate::cases::{DeskRefusal, OwnRefusal};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::people::NameFault;
use crate::kernel::time::{Day, day_text};

/// A refusal of a desk action on a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashDeskRefusal {
    /// The suggested day cannot be booked.
    OfferedDayInvalid {
        /// The nearest bookable day; `None` if there is none, in which case no day may be suggested.
        earliest: Option<Day>,
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

impl CashDeskRefusal {
    /// One value per variant, for the tests over all kinds.
    pub fn samples() -> Vec<Self> {
        vec![
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
        ]
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
