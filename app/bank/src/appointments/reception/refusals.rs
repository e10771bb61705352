//! Every way an application for a reception can be refused: the rule, its value, and what would be accepted instead.
//!
//! Somebody else's reception (another audience) is refused like one that does not exist. The words are in the catalogue
//! under the code. Not here: the decisions ([`super::rules`]); the last three come from the transaction and from cancelling.

use serde::{Deserialize, Serialize};

use super::offers::Offer;
use crate::cases::QuotaFull;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::{At, Day, Time};

/// Why an application is refused. Lengths in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionRefusal {
    /// No day chosen.
    DayMissing {
        /// A free place.
        offers: Vec<Offer>,
    },
    /// Not a day.
    DayInvalid {
        /// A free place.
        offers: Vec<Offer>,
    },
    /// No reception for this customer that day.
    NoReception {
        day: Day,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// Applications are not taken yet.
    RegistrationNotOpen {
        /// From when.
        from: At,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// Applications are taken no more.
    RegistrationClosed {
        /// Since when.
        until: At,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// The customer has applied for this reception already.
    AlreadyApplied {
        day: Day,
        /// A free place of another.
        offers: Vec<Offer>,
    },
    /// Every place of the day is taken.
    DayFull {
        day: Day,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// The day has several receptions and none is chosen.
    ReceptionMissing {
        /// A free place.
        offers: Vec<Offer>,
    },
    /// No slot chosen.
    SlotMissing {
        /// A free place.
        offers: Vec<Offer>,
    },
    /// The reception has no such slot.
    SlotUnknown {
        /// A free place.
        offers: Vec<Offer>,
    },
    /// Every place of the slot is taken.
    SlotFull {
        day: Day,
        slot: Time,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// The customer has another appointment then.
    Overlap {
        /// Its beginning.
        from: Time,
        /// Its end.
        to: Time,
        /// A free place.
        offers: Vec<Offer>,
    },
    /// No topic chosen.
    TopicMissing,
    /// No such topic.
    TopicUnknown,
    /// Nothing said about the matter.
    SummaryMissing,
    /// Too much said about it.
    SummaryTooLong {
        /// The most.
        max: i64,
        /// What was typed.
        length: i64,
    },
    /// No result named.
    HopeMissing,
    /// Too much said about it.
    HopeTooLong {
        /// The most.
        max: i64,
        /// What was typed.
        length: i64,
    },
    /// Not said how many come.
    AttendeesMissing,
    /// Not a number of people.
    AttendeesInvalid {
        /// One.
        offers: Vec<Offer>,
    },
    /// More people than there is room for.
    AttendeesTooMany {
        /// The most.
        max: i64,
        /// The most.
        offers: Vec<Offer>,
    },
    /// No phone number, neither typed nor known to the bank.
    PhoneMissing,
    /// Not a mainland mobile number.
    PhoneInvalid,
    /// A quota of the customer's cases is used up.
    Quota(QuotaFull),
    /// Another tab or person has changed it meanwhile; nothing was overwritten.
    Changed,
    /// There is nothing to cancel any more: it was declined or is over.
    CancelOver,
    /// The customer can no longer cancel by themselves.
    CancelClosed {
        /// Since then.
        until: At,
    },
}

/// Every code, in the order of the form; a test reaches each of them.
pub const ALL_CODES: [&str; 28] = [
    "day_missing",
    "day_invalid",
    "no_reception",
    "registration_not_open",
    "registration_closed",
    "already_applied",
    "day_full",
    "reception_missing",
    "slot_missing",
    "slot_unknown",
    "slot_full",
    "overlap",
    "topic_missing",
    "topic_unknown",
    "summary_missing",
    "summary_too_long",
    "hope_missing",
    "hope_too_long",
    "attendees_missing",
    "attendees_invalid",
    "attendees_too_many",
    "phone_missing",
    "phone_invalid",
    "too_many_open",
    "too_many_today",
    "changed",
    "cancel_over",
    "cancel_closed",
];

impl ReceptionRefusal {
    /// What would be accepted, nearest first, for the words of the buttons.
    pub fn offers(&self) -> &[Offer] {
        match self {
            Self::DayMissing { offers }
            | Self::DayInvalid { offers }
            | Self::NoReception { offers, .. }
            | Self::RegistrationNotOpen { offers, .. }
            | Self::RegistrationClosed { offers, .. }
            | Self::AlreadyApplied { offers, .. }
            | Self::DayFull { offers, .. }
            | Self::ReceptionMissing { offers }
            | Self::SlotMissing { offers }
            | Self::SlotUnknown { offers }
            | Self::SlotFull { offers, .. }
            | Self::Overlap { offers, .. }
            | Self::AttendeesInvalid { offers }
            | Self::AttendeesTooMany { offers, .. } => offers,
            _ => &[],
        }
    }
}

impl Refusal for ReceptionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DayMissing { .. } => "day_missing",
            Self::DayInvalid { .. } => "day_invalid",
            Self::NoReception { .. } => "no_reception",
            Self::RegistrationNotOpen { .. } => "registration_not_open",
            Self::RegistrationClosed { .. } => "registration_closed",
            Self::AlreadyApplied { .. } => "already_applied",
            Self::DayFull { .. } => "day_full",
            Self::ReceptionMissing { .. } => "reception_missing",
            Self::SlotMissing { .. } => "slot_missing",
            Self::SlotUnknown { .. } => "slot_unknown",
            Self::SlotFull { .. } => "slot_full",
            Self::Overlap { .. } => "overlap",
            Self::TopicMissing => "topic_missing",
            Self::TopicUnknown => "topic_unknown",
            Self::SummaryMissing => "summary_missing",
            Self::SummaryTooLong { .. } => "summary_too_long",
            Self::HopeMissing => "hope_missing",
            Self::HopeTooLong { .. } => "hope_too_long",
            Self::AttendeesMissing => "attendees_missing",
            Self::AttendeesInvalid { .. } => "attendees_invalid",
            Self::AttendeesTooMany { .. } => "attendees_too_many",
            Self::PhoneMissing => "phone_missing",
            Self::PhoneInvalid => "phone_invalid",
            Self::Quota(full) => full.code(),
            Self::Changed => "changed",
            Self::CancelOver => "cancel_over",
            Self::CancelClosed { .. } => "cancel_closed",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::DayMissing { .. }
            | Self::DayInvalid { .. }
            | Self::NoReception { .. }
            | Self::RegistrationNotOpen { .. }
            | Self::RegistrationClosed { .. }
            | Self::AlreadyApplied { .. }
            | Self::DayFull { .. } => "day",
            Self::ReceptionMissing { .. } => "reception",
            Self::SlotMissing { .. } | Self::SlotUnknown { .. } | Self::SlotFull { .. } | Self::Overlap { .. } => "slot",
            Self::TopicMissing | Self::TopicUnknown => "topic",
            Self::SummaryMissing | Self::SummaryTooLong { .. } => "summary",
            Self::HopeMissing | Self::HopeTooLong { .. } => "hope",
            Self::AttendeesMissing | Self::AttendeesInvalid { .. } | Self::AttendeesTooMany { .. } => "attendees",
            Self::PhoneMissing | Self::PhoneInvalid => "phone",
            Self::Quota(_) | Self::Changed | Self::CancelOver | Self::CancelClosed { .. } => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        self.offers().iter().map(Offer::nearest).collect()
    }
}
