//! Every refusal of an application, with the rule's value and the offers that would be accepted.
//!
//! A reception for another audience is refused like one that does not exist. The texts are in the catalogue under the code.
//! [`super::rules`] makes the decisions; the last three variants come from the transaction and from cancelling.

use serde::{Deserialize, Serialize};

use super::offers::ReceptionOffer;
use crate::cases::QuotaFull;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::{At, Day, Time};

/// Why an application is refused. Lengths are in characters; `offers` are the nearest accepted values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionRefusal {
    /// No day chosen.
    DayMissing {
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// Not a valid date.
    DayInvalid {
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// No reception for this customer that day.
    NoReception {
        day: Day,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// Registration has not begun.
    RegistrationNotOpen {
        /// Start of registration.
        from: At,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// Registration has ended.
    RegistrationClosed {
        /// End of registration.
        until: At,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// The customer has a live application for this reception.
    AlreadyApplied {
        day: Day,
        /// A free place of another reception.
        offers: Vec<ReceptionOffer>,
    },
    /// All places of the day are reserved.
    DayFull {
        day: Day,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// The day has several receptions and none is chosen.
    ReceptionMissing {
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// No slot chosen.
    SlotMissing {
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// The reception has no such slot.
    SlotUnknown {
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// All places of the slot are reserved.
    SlotFull {
        day: Day,
        slot: Time,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// The slot overlaps another appointment of the customer.
    Overlap {
        /// Start of that appointment.
        from: Time,
        /// End of that appointment.
        to: Time,
        /// A free place.
        offers: Vec<ReceptionOffer>,
    },
    /// No topic chosen.
    TopicMissing,
    /// Not in the list of topics.
    TopicUnknown,
    SummaryMissing,
    SummaryTooLong {
        /// Limit.
        max: i64,
        /// Length typed.
        length: i64,
    },
    HopeMissing,
    HopeTooLong {
        /// Limit.
        max: i64,
        /// Length typed.
        length: i64,
    },
    AttendeesMissing,
    /// Not a number of people.
    AttendeesInvalid {
        /// One person.
        offers: Vec<ReceptionOffer>,
    },
    /// More people than permitted.
    AttendeesTooMany {
        /// Limit.
        max: i64,
        /// The limit.
        offers: Vec<ReceptionOffer>,
    },
    /// Neither typed nor on file.
    PhoneMissing,
    /// Not a mainland mobile number.
    PhoneInvalid,
    /// A quota of the customer's cases is exhausted.
    Quota(QuotaFull),
    /// The data have changed since validation, at every retry; nothing was booked.
    Changed,
    /// The application can no longer be cancelled: it was declined or has ended.
    CancelOver,
    /// The deadline for the customer to cancel has passed.
    CancelClosed {
        /// The deadline.
        until: At,
    },
}

/// All codes, in the order of the form; a test reaches each of them.
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
    /// The accepted values, nearest first, for the buttons.
    pub fn offers(&self) -> &[ReceptionOffer] {
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
        self.offers().iter().map(ReceptionOffer::nearest).collect()
    }
}
