//! Refusals of desk actions that all kinds share. Each kind has its own type for further refusals; [`OwnRefusal`] wraps it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::table::NotAllowed;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::At;
use crate::sessions::Permission;

/// Maximum length of a reason, note or answer, characters.
pub const REASON_MAX: i64 = 1_000;

/// The field with the reason that the customer reads.
pub const REASON: &str = "reason";

/// The field with the reason that only staff read.
pub const INTERNAL_REASON: &str = "internal_reason";

/// Why a desk action is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskRefusal {
    /// The case has changed since the page was rendered; nothing was overwritten.
    Changed,
    /// The state of the case does not allow it.
    NotNow,
    /// The role does not allow it: it is for a branch head.
    NotYours,
    /// The same person confirmed it and must not approve it.
    OwnConfirmation,
    /// It is possible only later.
    TooEarly {
        /// From when on.
        from: At,
    },
    /// It is no longer possible.
    TooLate {
        /// The deadline.
        until: At,
    },
    /// The case would wait for something that nobody at its branch may do.
    NobodyThere {
        /// What nobody may do.
        permission: Permission,
    },
    /// A reason is required, because the customer is informed.
    ReasonMissing,
    ReasonTooLong {
        /// Limit, characters.
        max: i64,
        /// Its length, characters.
        length: i64,
        /// The part that would be accepted; empty in forms stored before it was recorded.
        #[serde(default)]
        cut: String,
    },
    /// A reason is required that only staff read.
    InternalReasonMissing,
    InternalReasonTooLong {
        /// Limit, characters.
        max: i64,
        /// Its length, characters.
        length: i64,
        /// The part that would be accepted.
        cut: String,
    },
    /// The note is empty.
    NoteMissing,
    /// The note is too long.
    NoteTooLong {
        /// Limit, characters.
        max: i64,
        /// Its length, characters.
        length: i64,
        /// The part that would be accepted; empty in forms stored before it was recorded.
        #[serde(default)]
        cut: String,
    },
    /// A refusal that only this kind has.
    Own(OwnRefusal),
}

/// The refusal of a desk form, stored with the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotDone {
    /// Number of the case.
    pub number: String,
    /// The case version that the page showed.
    pub since: i64,
    /// The refusals; a form with several fields can have several.
    pub refusals: Vec<DeskRefusal>,
}

/// A refusal of one kind, opaque to the shared code. Only its kind deserialises the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRefusal {
    code: String,
    field: String,
    nearest: Vec<Nearest>,
    /// The kind's refusal as JSON.
    what: serde_json::Value,
}

impl OwnRefusal {
    /// Wraps a value of the kind's type.
    pub fn of(refusal: &(impl Refusal + Serialize)) -> Self {
        Self {
            code: refusal.code().to_owned(),
            field: refusal.field().to_owned(),
            nearest: refusal.nearest(),
            // Refusals are plain data, so this does not fail; if it did, the code would be shown.
            what: serde_json::to_value(refusal).unwrap_or_default(),
        }
    }

    /// The value in the kind's type; `None` if it is of another kind.
    pub fn read<R: DeserializeOwned>(&self) -> Option<R> {
        serde_json::from_value(self.what.clone()).ok()
    }
}

impl Refusal for DeskRefusal {
    fn code(&self) -> &str {
        match self {
            Self::Changed => "changed",
            Self::NotNow => "not_now",
            Self::NotYours => "not_yours",
            Self::OwnConfirmation => "own_confirmation",
            Self::TooEarly { .. } => "too_early",
            Self::TooLate { .. } => "too_late",
            Self::NobodyThere { .. } => "nobody_there",
            Self::ReasonMissing => "reason_missing",
            Self::ReasonTooLong { .. } => "reason_too_long",
            Self::InternalReasonMissing => "internal_reason_missing",
            Self::InternalReasonTooLong { .. } => "internal_reason_too_long",
            Self::NoteMissing => "note_missing",
            Self::NoteTooLong { .. } => "note_too_long",
            Self::Own(own) => &own.code,
        }
    }

    fn field(&self) -> &str {
        match self {
            Self::ReasonMissing | Self::ReasonTooLong { .. } => REASON,
            Self::InternalReasonMissing | Self::InternalReasonTooLong { .. } => INTERNAL_REASON,
            Self::NoteMissing | Self::NoteTooLong { .. } => "note",
            Self::Own(own) => &own.field,
            Self::Changed
            | Self::NotNow
            | Self::NotYours
            | Self::NobodyThere { .. }
            | Self::OwnConfirmation
            | Self::TooEarly { .. }
            | Self::TooLate { .. } => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        match self {
            Self::Own(own) => own.nearest.clone(),
            Self::ReasonTooLong { cut, .. } | Self::InternalReasonTooLong { cut, .. } | Self::NoteTooLong { cut, .. }
                if !cut.is_empty() =>
            {
                vec![Nearest::of([(self.field(), cut.clone())])]
            }
            _ => Vec::new(),
        }
    }
}

impl From<NotAllowed> for DeskRefusal {
    fn from(not_allowed: NotAllowed) -> Self {
        match not_allowed {
            NotAllowed::State => Self::NotNow,
            NotAllowed::Role => Self::NotYours,
            NotAllowed::OwnAct => Self::OwnConfirmation,
            NotAllowed::ReasonMissing => Self::ReasonMissing,
            NotAllowed::InternalReasonMissing => Self::InternalReasonMissing,
            NotAllowed::TooLate(until) => Self::TooLate { until },
            NotAllowed::TooEarly(from) => Self::TooEarly { from },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NotDone;
    use crate::kernel::forms::Refusal;

    #[test]
    fn a_refusal_stored_before_the_cut_was_recorded_is_read_and_offers_nothing() {
        let stored = r#"{"number":"JY2-7XQA-8","since":1,"refusals":[{"reason_too_long":{"max":1000,"length":1001}}]}"#;
        let NotDone { refusals, .. } = serde_json::from_str(stored).expect("a refusal");
        assert_eq!((refusals[0].code(), refusals[0].nearest()), ("reason_too_long", Vec::new()));
    }
}
