//! What every form shares: raw values as they were posted, what a refusal is, and the form state, one row that is
//! the draft, the idempotency key and the last refusal at once (ARCHITECTURE.md, Forms). No field of any form is named
//! here; each capability reads its own from [`Values`]. The rows are in `records.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::trimmed;

#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod submit;
#[cfg(feature = "records")]
pub use operations::{Draft, KeyOf, find_form, forget_drafts, fresh_key, latest_draft, post_form, refuse_form, save_draft};
#[cfg(feature = "records")]
pub(crate) use records::FormStates;
#[cfg(feature = "records")]
pub use records::{FormRow, Taken};
#[cfg(feature = "records")]
pub use submit::Submitted;
#[cfg(feature = "records")]
pub(crate) use submit::{Sent, Turned, Verdict, Wish, submit};

/// Names that belong to the mechanism and are never stored as a person's answer.
pub const RESERVED: [&str; 6] = ["key", "version", "step", "offered", "opened", "do"];

/// Bytes of names and values one form may hold.
const MOST_BYTES: usize = 128 * 1024;

/// Raw name/value pairs in the order of the form; names may repeat (checkbox groups).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// The first value under this name, as typed.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The first value under this name, trimmed; `None` also when nothing in it can be seen.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.first(name).map(trimmed).filter(|v| !v.is_empty())
    }

    /// What to show again in a field: the first value as typed, else nothing.
    pub fn typed(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default()
    }

    /// Every value of a name.
    pub fn all<'v>(&'v self, name: &'v str) -> impl Iterator<Item = &'v str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a name stands among the values, blank or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Whether a checkbox was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.filled(name).is_some()
    }

    /// Replaces every value of a name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// The names a posted form says it showed (hidden field `offered`, separated by blanks). An unticked checkbox is
    /// posted by no browser; that its name was offered is how we know it was cleared.
    pub fn offered(&self) -> BTreeSet<String> {
        self.all("offered").flat_map(str::split_whitespace).map(str::to_owned).collect()
    }

    /// These values with those a form posted in their place: what it offered or sent is replaced, the rest stays.
    #[must_use]
    pub fn merged(&self, posted: &Self) -> Self {
        let offered = posted.offered();
        let mut merged: Vec<(String, String)> =
            self.0.iter().filter(|(n, _)| !offered.contains(n) && !posted.has(n)).cloned().collect();
        merged.extend(posted.0.iter().filter(|(n, _)| !RESERVED.contains(&n.as_str())).cloned());
        merged.sort_by(|(a, _), (b, _)| a.cmp(b));
        // Far more than any form has: a row cannot be made to grow by posting ever new names.
        let mut bytes = 0;
        merged.retain(|(name, value)| {
            bytes += name.len() + value.len();
            bytes <= MOST_BYTES
        });
        Self(merged)
    }
}

/// Values that would be accepted in place of the refused ones: form fields and what to put in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest(pub Vec<(String, String)>);

impl Nearest {
    /// From pairs of names and values.
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// As `data-nearest` carries it: `day=2026-12-03&slot=10:00`. Only text needs escaping.
    pub fn query(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
    }
}

fn escape(value: &str) -> String {
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// An outcome the rules refuse, in terms a customer can understand. One enum per capability.
pub trait Refusal {
    /// Stable code for `data-refusal`.
    fn code(&self) -> &str;
    /// The field it is about; `""` when it is about no field.
    fn field(&self) -> &str;
    /// What would be accepted, the nearest first; empty where nothing near exists.
    fn nearest(&self) -> Vec<Nearest>;
}

/// What a form holds between its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// Raised by every POST that is taken; 0 before the first.
    pub version: i64,
    /// As typed.
    pub values: Values,
    /// Fields some page has shown and sent back: only these can be missing.
    pub offered: BTreeSet<String>,
    /// The refusal of the last transaction, as JSON of the capability's enum.
    pub refusal: Option<String>,
    /// The case this form became; from then on everything under the key goes there.
    pub case_number: Option<String>,
}

impl FormState {
    /// The fields some page has shown, with those of a post. A field that another one opens (hidden field `opened`, such as
    /// `branch:day`) has not been shown for a choice just made there: it is not missing yet.
    #[cfg(feature = "records")]
    fn offered_with(&self, posted: &Values) -> BTreeSet<String> {
        let mut offered = self.offered.clone();
        offered.extend(posted.offered());
        let merged = self.values.merged(posted);
        let opens = posted.all("opened").flat_map(str::split_whitespace).filter_map(|pair| pair.split_once(':'));
        for (field, opened) in opens {
            if merged.filled(field) != self.values.filled(field) && merged.filled(opened).is_none() {
                offered.remove(opened);
            }
        }
        offered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn an_offered_checkbox_that_was_not_sent_is_cleared_and_other_pages_stay() {
        let held = values(&[("any_notes", "on"), ("branch", "b1"), ("q_use", "a"), ("q_use", "b")]);
        let posted = values(&[("offered", "any_notes q_use"), ("q_use", "c"), ("key", "k"), ("version", "3")]);
        assert_eq!(held.merged(&posted), values(&[("branch", "b1"), ("q_use", "c")]));
    }

    #[test]
    fn the_nearest_values_read_as_a_query_string() {
        let nearest = Nearest(vec![("day".into(), "2026-12-03".into()), ("slot".into(), "10:00".into())]);
        assert_eq!(nearest.query(), "day=2026-12-03&slot=10:00");
    }
}
