//! Offers of a refusal: values that would be accepted, each with one click. The texts are in the catalogue.

use serde::{Deserialize, Serialize};

use crate::kernel::forms::Nearest;
use crate::kernel::time::{Day, Time, day_text, hhmm};

/// A value that would be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionOffer {
    /// A free place.
    When {
        day: Day,
        slot: Time,
        /// Which reception, if the day has several.
        reception: Option<String>,
    },
    /// Another number of people.
    Attendees(i64),
}

impl ReceptionOffer {
    /// The form fields to fill in.
    pub fn nearest(&self) -> Nearest {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        Nearest(match self {
            Self::When { day, slot, reception } => {
                let mut pairs = vec![pair("day", day_text(*day)), pair("slot", hhmm(*slot))];
                pairs.extend(reception.clone().map(|reception| pair("reception", reception)));
                pairs
            }
            Self::Attendees(people) => vec![pair("attendees", people.to_string())],
        })
    }
}
