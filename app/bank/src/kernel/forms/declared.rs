//! The declaration of a form as data: its steps, and for each field the name, the kind, the maximum length and when it is
//! shown. Only declared names are stored; pages render from the same declaration (docs/domain.md §1). Each capability
//! declares its own forms.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{FormState, Values};
use crate::kernel::parameters::InForce;
use crate::kernel::time::At;

/// The hidden field in which a script names the fields that it has shown for the choices the page sends, such as the days of the
/// branch just chosen. Unlike those of `offered`, they can be missing at once.
pub const SHOWN: &str = "shown";

/// Maximum number of stored values of a field with several answers; more than any question has options.
const MOST_CHOICES: usize = 40;

/// Maximum size of one stored value, bytes. The longest text any form accepts has 2,000 characters; longer text is stored as
/// well, up to about five times that, so that it can be shown again with its refusal.
pub const VALUE_BYTES: usize = 32 * 1024;

/// Maximum size of all names and values of one row, bytes.
pub const ROW_BYTES: usize = 64 * 1024;

/// The maximum length of a text, characters, by the parameters in force.
pub type Limit = fn(&InForce) -> i64;

/// The kind of a field.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    Line,
    /// Several lines of text with a maximum length.
    Lines(Limit),
    /// One line of text with a maximum length.
    Short(Limit),
    Amount,
    /// A whole number.
    Count,
    /// One of several choices.
    Choice,
    /// Any number of several choices.
    Choices,
    /// A checkbox.
    Tick,
    Day,
    Time,
    Phone,
    /// A hidden field.
    Carried,
}

impl FieldKind {
    /// Whether its value is typed text that can be displayed as it is.
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Line | Self::Lines(_) | Self::Short(_) | Self::Amount | Self::Count | Self::Phone)
    }

    /// The maximum length of its text, characters, if it is limited.
    pub fn limit(self, parameters: &InForce) -> Option<i64> {
        match self {
            Self::Lines(limit) | Self::Short(limit) => Some(limit(parameters)),
            _ => None,
        }
    }
}

/// When a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appears {
    /// Whenever its step is shown. If another answer on the same page makes it irrelevant, the rules ignore it.
    Always,
    /// On a page rendered after these fields have been answered. If one of them is changed, the field counts as not
    /// shown yet, so it cannot be missing.
    After(&'static [&'static str]),
}

#[derive(Clone, Debug)]
pub struct Field {
    /// Posted name.
    pub name: Cow<'static, str>,
    pub kind: FieldKind,
    pub appears: Appears,
}

impl Field {
    pub const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self { name: Cow::Borrowed(name), kind, appears: Appears::Always }
    }

    /// A field whose name is computed.
    pub const fn named(name: String, kind: FieldKind) -> Self {
        Self { name: Cow::Owned(name), kind, appears: Appears::Always }
    }

    /// Shows the field only after these fields have been answered.
    #[must_use]
    pub fn after(self, opened_by: &'static [&'static str]) -> Self {
        Self { appears: Appears::After(opened_by), ..self }
    }
}

/// The fields of one page.
#[derive(Clone, Debug)]
pub struct Step {
    /// Name in URLs.
    pub name: Cow<'static, str>,
    pub fields: Vec<Field>,
}

/// How long an unfinished form is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftLifetime {
    /// This many days after it was last saved.
    Days(i64),
    Until(At),
}

#[derive(Clone, Debug)]
pub struct Form {
    /// Name in `form_states`.
    pub name: Cow<'static, str>,
    pub steps: Vec<Step>,
    pub lifetime: DraftLifetime,
    /// Its initial values: earlier answers to be changed.
    pub begins_with: Values,
}

impl Form {
    /// A form whose unfinished rows are kept for 30 days.
    pub fn new(name: &'static str, steps: Vec<(&'static str, Vec<Field>)>) -> Self {
        let steps = steps.into_iter().map(|(name, fields)| Step { name: Cow::Borrowed(name), fields }).collect();
        Self { name: Cow::Borrowed(name), steps, lifetime: DraftLifetime::Days(30), begins_with: Values::default() }
    }

    /// The state under a key without a row.
    pub fn blank(&self) -> FormState {
        FormState { values: self.begins_with.clone(), ..FormState::default() }
    }

    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The step of a field.
    pub fn step_of(&self, field: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.fields.iter().any(|known| known.name == field))
    }

    /// Until when an unfinished row that is saved now is kept.
    pub fn kept_until(&self, now: At) -> At {
        match self.lifetime {
            DraftLifetime::Days(days) => now.plus_days(days),
            DraftLifetime::Until(at) => at,
        }
    }

    /// The values of a post that belong to the form: declared names, with at most as many values as their kind permits.
    pub fn keep(&self, posted: &Values) -> Values {
        let mut kept = Vec::new();
        for field in self.fields() {
            let most = if matches!(field.kind, FieldKind::Choices) { MOST_CHOICES } else { 1 };
            kept.extend(posted.all(&field.name).take(most).map(|value| (field.name.clone().into_owned(), value.to_owned())));
        }
        kept.sort_by(|(a, _), (b, _)| a.cmp(b));
        Values(kept)
    }

    /// The declared names the posting page showed (hidden fields `offered` and [`SHOWN`]). A browser posts nothing for an unticked
    /// checkbox; its name in `offered` shows that it was cleared.
    pub fn offered(&self, posted: &Values) -> BTreeSet<String> {
        let said: BTreeSet<&str> = posted.all("offered").chain(posted.all(SHOWN)).flat_map(str::split_whitespace).collect();
        self.fields().filter(|field| said.contains(&*field.name)).map(|field| field.name.clone().into_owned()).collect()
    }

    /// Stored values merged with a post: fields that it showed or sent are replaced, the others stay.
    #[must_use]
    pub fn merged(&self, held: &Values, posted: &Values) -> Values {
        let (offered, sent) = (self.offered(posted), self.keep(posted));
        let mut merged = self.keep(held);
        merged.0.retain(|(name, _)| !offered.contains(name) && !sent.has(name));
        merged.0.extend(sent.0);
        merged.0.sort_by(|(a, _), (b, _)| a.cmp(b));
        merged
    }

    /// Merges typed values with later ones: a field typed again is replaced. The result keeps the names that were shown, so that
    /// a cleared checkbox stays cleared.
    #[must_use]
    pub fn overlaid(&self, typed: &Values, later: &Values) -> Values {
        let mut names = self.offered(typed);
        names.extend(self.offered(later));
        with_offered(self.merged(typed, later), &names)
    }

    /// The typed values that remain after a step is posted: those it neither showed nor sent.
    #[must_use]
    pub fn still_typed(&self, typed: &Values, posted: &Values) -> Values {
        let (offered, sent) = (self.offered(posted), self.keep(posted));
        let left = |name: &str| !offered.contains(name) && !sent.has(name);
        let mut names = self.offered(typed);
        names.retain(|name| left(name));
        let mut values = self.keep(typed);
        values.0.retain(|(name, _)| left(name));
        with_offered(values, &names)
    }

    /// The fields some page has shown, including this post. A field that depends on a choice just made does not count as shown
    /// for it, so it is not missing yet, unless a script has shown it for that choice ([`SHOWN`]). A value that the page sends
    /// along without asking for it is no choice.
    #[must_use]
    pub fn offered_with(&self, held: &Values, offered: &BTreeSet<String>, posted: &Values) -> BTreeSet<String> {
        let asked = self.offered(posted);
        let for_choice: BTreeSet<&str> = posted.all(SHOWN).flat_map(str::split_whitespace).collect();
        let mut shown = offered.clone();
        shown.extend(asked.iter().cloned());
        let merged = self.merged(held, posted);
        let is_chosen = |opener: &str| asked.contains(opener) && merged.filled(opener) != held.filled(opener);
        shown.retain(|name| match self.field(name).map(|field| field.appears) {
            Some(Appears::After(openers)) => {
                merged.filled(name).is_some() || for_choice.contains(&**name) || !openers.iter().any(|opener| is_chosen(opener))
            }
            Some(Appears::Always) => true,
            None => false,
        });
        shown
    }

    /// Whether a post holds something else than a new form begins with.
    pub fn is_filled_in(&self, posted: &Values) -> bool {
        let is_carried = |name: &str| matches!(self.field(name).map(|field| field.kind), Some(FieldKind::Carried));
        let filled = |values: Values| -> Vec<_> {
            values.0.into_iter().filter(|(name, value)| !value.trim().is_empty() && !is_carried(name)).collect()
        };
        filled(self.merged(&self.begins_with, posted)) != filled(self.keep(&self.begins_with))
    }

    /// Whether these values exceed the limits of a row.
    pub fn is_too_large(values: &Values) -> bool {
        let bytes: usize = values.0.iter().map(|(name, value)| name.len() + value.len()).sum();
        bytes > ROW_BYTES || values.0.iter().any(|(_, value)| value.len() > VALUE_BYTES)
    }
}

fn with_offered(mut values: Values, names: &BTreeSet<String>) -> Values {
    if !names.is_empty() {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        values.0.push(("offered".to_owned(), names.join(" ")));
    }
    values
}

#[cfg(test)]
impl Form {
    /// Every field with a maximum length: its name, a text of that length and one a character longer. The tests of a form
    /// compare them with its rules.
    pub(crate) fn limited(&self) -> Vec<(String, [String; 2])> {
        let set = InForce::default();
        let limited = self.fields().filter_map(|field| Some((field, usize::try_from(field.kind.limit(&set)?).ok()?)));
        limited.map(|(field, limit)| (field.name.to_string(), [limit, limit + 1].map(|length| "字".repeat(length)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        let fields = vec![
            Field::new("branch", FieldKind::Choice),
            Field::new("any_notes", FieldKind::Tick),
            Field::named("q_use".to_owned(), FieldKind::Choices),
        ];
        Form::new("test", vec![("one", fields)])
    }

    fn values(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn an_offered_checkbox_that_was_not_sent_is_cleared_and_other_pages_stay() {
        let held = values(&[("any_notes", "on"), ("branch", "b1"), ("q_use", "a"), ("q_use", "b")]);
        let posted = values(&[("offered", "any_notes q_use"), ("q_use", "c"), ("key", "k"), ("version", "3")]);
        assert_eq!(form().merged(&held, &posted), values(&[("branch", "b1"), ("q_use", "c")]));
    }

    #[test]
    fn names_nobody_declared_and_values_beyond_the_kind_are_dropped() {
        let mut posted = values(&[("branch", "b1"), ("branch", "b2"), ("evil", "x"), ("offered", "branch evil q_use")]);
        posted.0.extend((0..100).map(|n| ("q_use".to_owned(), n.to_string())));
        let kept = form().keep(&posted);
        assert_eq!(kept.all("branch").collect::<Vec<_>>(), ["b1"]);
        assert_eq!((kept.all("q_use").count(), kept.has("evil")), (MOST_CHOICES, false));
        assert_eq!(form().offered(&posted), BTreeSet::from(["branch".to_owned(), "q_use".to_owned()]));
    }

    #[test]
    fn a_form_is_filled_in_by_what_it_does_not_begin_with() {
        let begins_with = values(&[("branch", "b1"), ("q_use", "a")]);
        let form = Form { begins_with, ..form() };
        assert!(!form.is_filled_in(&values(&[
            ("key", "k"),
            ("branch", "b1"),
            ("q_use", "a"),
            ("offered", "branch q_use any_notes")
        ])));
        assert!(!form.is_filled_in(&values(&[("any_notes", " ")])));
        assert!(form.is_filled_in(&values(&[("any_notes", "on")])));
        assert!(form.is_filled_in(&values(&[("offered", "branch")])), "what it begins with was cleared");
    }

    #[test]
    fn what_was_typed_stands_over_the_values_until_its_step_is_posted() {
        let (held, form) = (values(&[("any_notes", "on"), ("branch", "b1")]), form());
        let typed = form.overlaid(&Values::default(), &values(&[("offered", "any_notes"), ("q_use", "a")]));
        let typed = form.overlaid(&typed, &values(&[("branch", "b2"), ("q_use", "b")]));
        assert_eq!(form.merged(&held, &typed), values(&[("branch", "b2"), ("q_use", "b")]));
        let left = form.still_typed(&typed, &values(&[("offered", "branch q_use"), ("branch", "b3")]));
        assert_eq!(left, values(&[("offered", "any_notes")]));
    }

    #[test]
    fn a_field_opened_anew_is_not_missing_yet() {
        let fields = vec![Field::new("branch", FieldKind::Choice), Field::new("day", FieldKind::Day).after(&["branch"])];
        let form = Form::new("test", vec![("one", fields)]);
        let (held, shown) = (values(&[("branch", "b1")]), BTreeSet::from(["branch".to_owned(), "day".to_owned()]));
        let same = form.offered_with(&held, &shown, &values(&[("branch", "b1"), ("offered", "branch day")]));
        assert_eq!(same, shown);
        let other = form.offered_with(&held, &shown, &values(&[("branch", "b2"), ("offered", "branch day")]));
        assert!(!other.contains("day"));
        let opened = form.offered_with(&held, &shown, &values(&[("branch", "b2"), ("offered", "branch day"), (SHOWN, "day")]));
        assert!(opened.contains("day"), "a script has shown the days of the branch that is sent");
        let sent_along =
            form.offered_with(&Values::default(), &BTreeSet::new(), &values(&[("branch", "b1"), ("offered", "day")]));
        assert!(sent_along.contains("day"), "a branch that was not asked for is no choice that opens days");
    }

    #[test]
    fn a_value_or_a_row_beyond_its_bytes_is_too_large() {
        let long = |bytes: usize| "x".repeat(bytes);
        assert!(!Form::is_too_large(&values(&[("a", &long(VALUE_BYTES))])));
        assert!(Form::is_too_large(&values(&[("a", &long(VALUE_BYTES + 1))])));
        let part = long(VALUE_BYTES);
        assert!(Form::is_too_large(&values(&[("a", &part), ("b", &part), ("c", "")])));
    }
}
