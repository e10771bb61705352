//! What every form shares: raw name/value pairs, and what a refusal must offer.
//!
//! Not here: the pages that show it and the row that keeps it (`form_states`).

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// What a form posted or a draft holds: pairs in document order, a name may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// The first value under this name, as typed.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value under this name, trimmed; `None` also when it is blank.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.first(name)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }
}

/// Form fields that would be accepted instead, offered as one click.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest(pub Vec<(String, String)>);

impl Nearest {
    /// From pairs of names and values.
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// As a query string: `day=2026-12-03&slot=10:00`. Names and values here need no escaping but for text.
    pub fn query(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        pairs.join("&")
    }
}

fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
    }
    text
}

/// An outcome that sends the customer back to the form: which rule, at which field, and what would be accepted.
pub trait Refusal {
    /// The stable code of the outcome, for the page (`data-refusal`), the catalogue and tests.
    fn code(&self) -> &'static str;
    /// The form field it belongs to.
    fn field(&self) -> &'static str;
    /// What would be accepted, nearest first; empty where nothing would.
    fn nearest(&self) -> Vec<Nearest>;
}
