//! Why the desk cannot do what a clerk asked: shared by every kind of case.

use serde::{Deserialize, Serialize};

use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::people::NameFault;
use crate::kernel::text::{count, trimmed};
use crate::kernel::time::{At, Day, day_text};

/// Longest reason, note or answer (characters).
pub const REASON_MAX: usize = 1_000;

/// An action of the desk that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskRefusal {
    /// Somebody else has changed the case since the page was shown; nothing is overwritten.
    Changed,
    /// The case's state does not allow it.
    NotNow,
    /// It is for a branch head.
    NotYours,
    /// Who confirmed does not approve.
    OwnConfirmation,
    /// It can be done from then on.
    TooEarly {
        /// From when.
        from: At,
    },
    /// A reason must be given: the customer is told.
    ReasonMissing,
    /// Too long a text.
    ReasonTooLong {
        /// The most characters.
        max: i64,
    },
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
    /// Which document was shown must be recorded.
    IdMissing,
    /// Not a name: who came in the customer's stead must be recorded.
    AgentNameInvalid {
        /// What is wrong with it.
        fault: NameFault,
    },
    /// Not a number of the document that was shown.
    AgentIdInvalid,
    /// The answer needs a judgement.
    JudgementMissing,
    /// The answer needs its thanks.
    ThanksMissing,
    /// Too long a thanks.
    ThanksTooLong {
        /// The most characters.
        max: i64,
    },
    /// An empty note.
    NoteMissing,
    /// Too long a note.
    NoteTooLong {
        /// The most characters.
        max: i64,
    },
}

impl Refusal for DeskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::NotNow => "not_now",
            Self::NotYours => "not_yours",
            Self::OwnConfirmation => "own_confirmation",
            Self::TooEarly { .. } => "too_early",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonTooLong { .. } => "reason_too_long",
            Self::OfferedDayInvalid { .. } => "offered_day_invalid",
            Self::PaidTooMuch { .. } => "paid_too_much",
            Self::PaidNothing => "paid_nothing",
            Self::PurposeUnknown => "purpose_unknown",
            Self::IdMissing => "id_missing",
            Self::AgentNameInvalid { .. } => "agent_name_invalid",
            Self::AgentIdInvalid => "agent_id_invalid",
            Self::JudgementMissing => "judgement_missing",
            Self::ThanksMissing => "thanks_missing",
            Self::ThanksTooLong { .. } => "thanks_too_long",
            Self::NoteMissing => "note_missing",
            Self::NoteTooLong { .. } => "note_too_long",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::ReasonMissing | Self::ReasonTooLong { .. } => "reason",
            Self::OfferedDayInvalid { .. } => "offered_day",
            Self::PaidTooMuch { .. } | Self::PaidNothing => "paid_100",
            Self::PurposeUnknown => "purpose",
            Self::IdMissing => "id_checked",
            Self::AgentNameInvalid { .. } => "agent_name",
            Self::AgentIdInvalid => "agent_id",
            Self::JudgementMissing => "judgement",
            Self::ThanksMissing | Self::ThanksTooLong { .. } => "thanks",
            Self::NoteMissing | Self::NoteTooLong { .. } => "note",
            Self::Changed | Self::NotNow | Self::NotYours | Self::OwnConfirmation | Self::TooEarly { .. } => "",
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

/// A text the customer will read, trimmed: present and not too long.
pub fn ensure_reason(text: Option<&str>) -> Result<String, DeskRefusal> {
    let text = text.map(trimmed).filter(|text| !text.is_empty()).ok_or(DeskRefusal::ReasonMissing)?;
    if count(text) > REASON_MAX {
        return Err(DeskRefusal::ReasonTooLong { max: i64::try_from(REASON_MAX).unwrap_or(i64::MAX) });
    }
    Ok(text.to_owned())
}
