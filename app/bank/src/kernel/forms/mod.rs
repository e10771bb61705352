//! What every form shares (ARCHITECTURE.md, Forms): raw values as they were posted, what a refusal is, and the form state, one row that is
//! the draft, the idempotency key and the last refusal at once. No field of any form is named here; each capability
//! declares its own ([`Form`]) and reads them from [`Values`]. The rows are in `records.rs`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::trimmed;
use crate::kernel::time::Time;

mod declared;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod submit;
pub use declared::{Appears, Field, FieldKind, Form, Kept, Limit, ROW_BYTES, Step, VALUE_BYTES};
#[cfg(feature = "records")]
pub use operations::{
    Draft, discard_form, find_form, forget_drafts, fresh_key, keep_typed, keep_unsent, latest_draft, made_for, post_form,
    refuse_form, save_draft,
};
#[cfg(feature = "records")]
pub use records::{DRAFTS, FormRow, Post, Taken};
#[cfg(feature = "records")]
pub use submit::Submitted;
#[cfg(feature = "records")]
pub(crate) use submit::{Sent, Turned, Verdict, Wish, submit};

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
}

/// What became of values saved while somebody typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
    /// Stored, at this time of the bank's day.
    At(#[serde(with = "crate::kernel::time::as_hhmm")] Time),
    /// The form has gone on elsewhere; nothing was overwritten.
    Overtaken,
    /// Stored, but the session has ended: the person is to sign in again.
    SignedOut,
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
    /// As posted. Only these are judged when the form is submitted: a page shows them before somebody says yes.
    pub values: Values,
    /// Fields some page has shown and sent back: only these can be missing.
    pub offered: BTreeSet<String>,
    /// Typed and not posted: saved while somebody typed, or posted when the session had ended. It stands in the fields
    /// when their step is shown and becomes a value when that step is posted.
    pub typed: Values,
    /// What a page sent that another tab had overtaken: shown beside the newer state, overwriting nothing.
    pub aside: Values,
    /// Digest of the last post that was taken: the same post again is a retry.
    pub(crate) last: String,
    /// The refusal of the last transaction, as JSON of the capability's enum.
    pub refusal: Option<String>,
    /// The case this form became; from then on everything under the key goes there.
    pub case_number: Option<String>,
}

impl FormState {
    /// What a step's fields show: the values with what was typed over them.
    pub fn shown(&self, form: &Form) -> Values {
        form.merged(&self.values, &self.typed)
    }

    /// Whether nobody has posted or typed anything yet; a form may begin with values all the same.
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
