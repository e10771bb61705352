//! Shared by all forms (ARCHITECTURE.md, Forms): raw posted values, refusals, and the form state, one row that is the draft, the
//! idempotency key and the last refusal. Each capability declares its own [`Form`] and parses its fields from [`Values`]. The
//! rows are in `records.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::trimmed;
use crate::kernel::time::Time;

mod declared;
#[cfg(feature = "records")]
mod latest_records;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod submit;
pub use declared::{Appears, DraftLifetime, Field, FieldKind, Form, Limit, ROW_BYTES, SHOWN, Step, VALUE_BYTES};
#[cfg(feature = "records")]
pub use latest_records::LatestDraft;
#[cfg(feature = "records")]
pub use operations::{
    Draft, delete_expired_drafts, discard_form, find_form, fresh_key, keep_typed, keep_unsent, latest_draft, latest_drafts,
    made_for, post_form, refuse_form, save_draft,
};
#[cfg(feature = "records")]
pub use records::{DRAFTS, FormRow, Post, PostOutcome};
#[cfg(feature = "records")]
pub use submit::SubmitOutcome;
#[cfg(feature = "records")]
pub(crate) use submit::{AttemptOutcome, SubmitConflict, SubmitHandler, SubmittedForm, submit};

/// Raw name/value pairs in the order of the form. Names may repeat (checkbox groups).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// The first value of a name, as typed.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The first value of a name, trimmed; `None` also if nothing in it is visible.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.first(name).map(trimmed).filter(|v| !v.is_empty())
    }

    /// The value to show again in a field: the first value as typed, otherwise empty.
    pub fn typed(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default()
    }

    /// All values of a name.
    pub fn all<'v>(&'v self, name: &'v str) -> impl Iterator<Item = &'v str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a name occurs, even with an empty value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Whether a checkbox is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.filled(name).is_some()
    }

    /// Replaces all values of a name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), value.into()));
    }
}

/// The result of saving a draft while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
    /// Saved at this bank time.
    At(#[serde(with = "crate::kernel::time::as_hhmm")] Time),
    /// The form has changed since the page was rendered; nothing was overwritten.
    Overtaken,
    /// Saved, but the session has ended: the user must sign in again.
    SignedOut,
}

/// Values that would be accepted instead of the refused ones, by form field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest(pub Vec<(String, String)>);

impl Nearest {
    pub fn of<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The value of `data-nearest`: `day=2026-12-03&slot=10:00`. Only text needs escaping.
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

/// A refusal by a business rule. One enum per capability.
pub trait Refusal {
    /// The code for `data-refusal`.
    fn code(&self) -> &str;
    /// The refused field; `""` if it concerns no field.
    fn field(&self) -> &str;
    /// The accepted values, nearest first; empty if there is none.
    fn nearest(&self) -> Vec<Nearest>;
}

/// The state of a form between its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    /// Raised by every accepted POST; 0 before the first.
    pub version: i64,
    /// As posted. Only these are validated on submission, because a page has shown them before the user agrees.
    pub values: Values,
    /// Fields that some page has shown and posted; only these can be missing.
    pub offered: BTreeSet<String>,
    /// Typed but not posted: saved while typing, or posted after the session had ended. Shown in the fields of their step; they
    /// become values when that step is posted.
    pub typed: Values,
    /// Values of an outdated page, shown beside the newer state and overwriting nothing.
    pub aside: Values,
    /// Digest of the last accepted post; an equal post is a retry.
    pub(crate) last: String,
    /// The refusal of the last transaction, as JSON of the capability's enum.
    pub refusal: Option<String>,
    /// The case this form has become; all posts under the key lead to it.
    pub case_number: Option<String>,
}

impl FormState {
    /// The values to show in a step's fields: posted values overlaid with typed ones.
    pub fn shown(&self, form: &Form) -> Values {
        form.merged(&self.values, &self.typed)
    }

    /// Whether nothing has been posted or typed yet; the form may still have initial values.
    pub fn is_blank(&self) -> bool {
        self.version == 0 && self.typed.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_values_read_as_a_query_string() {
        let nearest = Nearest(vec![("day".into(), "2026-12-03".into()), ("slot".into(), "10:00".into())]);
        assert_eq!(nearest.query(), "day=2026-12-03&slot=10:00");
    }
}
