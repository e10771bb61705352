//! Why staff cannot do what they asked with a booking: the refusals that are a booking's own.

use serde::{Deserialize, Serialize};

use crate::cases::{DeskRefusal, OwnRefusal};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::people::NameFault;
use crate::kernel::time::{Day, day_text};

/// A refusal at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashDeskRefusal {
    /// The offered day is no day that can be booked.
    OfferedDayInvalid {
        /// The nearest that can; `None` when no day can, and none must be named.
        earliest: Option<Day>,
    },
    /// No note of that kind was booked in that number.
    PaidTooMuch {
        /// Yuan of the note.
        denomination: i64,
        /// Notes booked.
        booked: i64,
    },
    /// Nothing was paid: then it is a cancellation.
    PaidNothing,
    /// No such purpose.
    PurposeUnknown,
    /// The purpose 其他 needs its words.
    PurposeWordsMissing,
    /// Too long words of the purpose.
    PurposeWordsTooLong {
        /// The most characters.
        max: i64,
    },
    /// Which document was shown must be recorded.
    IdMissing,
    /// Not a name: who came in the customer's stead must be recorded.
    AgentNameInvalid {
        /// What is wrong with it.
        fault: NameFault,
    },
    /// Not a number of the document that was shown.
    AgentIdInvalid,
}

impl CashDeskRefusal {
    /// One of each, for the tests that walk the kinds.
    pub fn samples() -> Vec<Self> {
        vec![
            Self::OfferedDayInvalid { earliest: Some(Day::constant(2026, 12, 3)) },
            Self::OfferedDayInvalid { earliest: None },
            Self::PaidTooMuch { denomination: 50, booked: 1_000 },
            Self::PaidNothing,
            Self::PurposeUnknown,
            Self::PurposeWordsMissing,
            Self::PurposeWordsTooLong { max: 50 },
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
            _ => Vec::new(),
        }
    }
}

/// The field in which the notes paid of a denomination (yuan) are recorded.
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
