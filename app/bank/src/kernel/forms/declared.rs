//! A form as data: its steps, and of each field its name, how it is answered, how long its text may be and what makes it
//! appear. Only declared names are stored; the pages render from the same declaration (docs/domain.md §1). Not here: any
//! field of any form; each capability declares its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{FormState, Values};
use crate::kernel::parameters::Parameters;
use crate::kernel::time::At;

/// Values of one name that are stored of a field with several answers: more than any question has options.
const MOST_CHOICES: usize = 40;

/// Bytes of one stored value. The longest text any form takes is 2,000 characters; what is too long for its field is
/// stored all the same, so that it can be shown again with what is wrong, up to some five times that.
pub const VALUE_BYTES: usize = 32 * 1024;

/// Bytes of names and values one row may hold.
pub const ROW_BYTES: usize = 64 * 1024;

/// The limit of a text in characters, by the parameters in force.
pub type Limit = fn(&Parameters) -> i64;

/// How a field is answered.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Several lines of text, at most so many characters.
    Lines(Limit),
    /// One line of text of at most so many characters.
    Short(Limit),
    /// An amount of money.
    Amount,
    /// A number of things.
    Count,
    /// One of several choices.
    Choice,
    /// Any of several choices.
    Choices,
    /// A box to tick.
    Tick,
    /// A day.
    Day,
    /// A time of day.
    Time,
    /// A phone number.
    Phone,
    /// Carried along by the page, never typed.
    Carried,
}

impl FieldKind {
    /// Whether its value is words that a person typed and can be shown as they are.
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Line | Self::Lines(_) | Self::Short(_) | Self::Amount | Self::Count | Self::Phone)
    }

    /// How many characters its text may have, where that is limited.
    pub fn limit(self, parameters: &Parameters) -> Option<i64> {
        match self {
            Self::Lines(limit) | Self::Short(limit) => Some(limit(parameters)),
            _ => None,
        }
    }
}

/// When a field appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appears {
    /// Whenever its step is shown; where another answer on the same page makes it needless the rules ignore it.
    Always,
    /// On a page that is shown after these fields have been answered. Answering one of them anew opens it anew: it has
    /// not been shown for that answer and is not missing yet.
    After(&'static [&'static str]),
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name when posted.
    pub name: Cow<'static, str>,
    /// How it is answered.
    pub kind: FieldKind,
    /// When it appears.
    pub appears: Appears,
}

impl Field {
    /// A field of this name.
    pub const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self { name: Cow::Borrowed(name), kind, appears: Appears::Always }
    }

    /// A field whose name is data.
    pub const fn named(name: String, kind: FieldKind) -> Self {
        Self { name: Cow::Owned(name), kind, appears: Appears::Always }
    }

    /// It appears once these are answered.
    #[must_use]
    pub fn after(self, opened_by: &'static [&'static str]) -> Self {
        Self { appears: Appears::After(opened_by), ..self }
    }
}

/// Fields that stand on one page.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name in addresses.
    pub name: Cow<'static, str>,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

/// How long an unfinished form is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// So many days after it was last saved.
    Days(i64),
    /// Until this moment.
    Until(At),
}

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its name in `form_states`.
    pub name: Cow<'static, str>,
    /// Its steps in order.
    pub steps: Vec<Step>,
    /// How long it is kept unfinished.
    pub kept: Kept,
    /// What it holds before anything is posted: answers that were given before and are to be changed.
    pub begins_with: Values,
}

impl Form {
    /// A form whose unfinished rows are kept for 30 days: after that a draft is too old to be worth finishing.
    pub fn new(name: &'static str, steps: Vec<(&'static str, Vec<Field>)>) -> Self {
        let steps = steps.into_iter().map(|(name, fields)| Step { name: Cow::Borrowed(name), fields }).collect();
        Self { name: Cow::Borrowed(name), steps, kept: Kept::Days(30), begins_with: Values::default() }
    }

    /// What a form holds under a key nothing has been posted under.
    pub fn blank(&self) -> FormState {
        FormState { values: self.begins_with.clone(), ..FormState::default() }
    }

    /// Every field in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    /// The step of this name.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The step a field stands on.
    pub fn step_of(&self, field: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.fields.iter().any(|known| known.name == field))
    }

    /// Until when an unfinished row is kept that is saved now.
    pub fn kept_until(&self, now: At) -> At {
        match self.kept {
            Kept::Days(days) => now.plus_days(days),
            Kept::Until(at) => at,
        }
    }

    /// What of a post is the form's: declared names, and of each as many values as its kind has.
    pub fn keep(&self, posted: &Values) -> Values {
        let mut kept = Vec::new();
        for field in self.fields() {
            let most = if matches!(field.kind, FieldKind::Choices) { MOST_CHOICES } else { 1 };
            kept.extend(posted.all(&field.name).take(most).map(|value| (field.name.clone().into_owned(), value.to_owned())));
        }
        kept.sort_by(|(a, _), (b, _)| a.cmp(b));
        Values(kept)
    }

    /// The declared names a post says its page showed (hidden field `offered`). A browser posts nothing for an unticked
    /// box; that its name was offered is how we know it was cleared.
    pub fn offered(&self, posted: &Values) -> BTreeSet<String> {
        let said: BTreeSet<&str> = posted.all("offered").flat_map(str::split_whitespace).collect();
        self.fields().filter(|field| said.contains(&*field.name)).map(|field| field.name.clone().into_owned()).collect()
    }

    /// Held values with those a post sends in their place: what it offered or sent is replaced, the rest stays.
    #[must_use]
    pub fn merged(&self, held: &Values, posted: &Values) -> Values {
        let (offered, sent) = (self.offered(posted), self.keep(posted));
        let mut merged = self.keep(held);
        merged.0.retain(|(name, _)| !offered.contains(name) && !sent.has(name));
        merged.0.extend(sent.0);
        merged.0.sort_by(|(a, _), (b, _)| a.cmp(b));
        merged
    }

    /// Typed values with what was typed later: a field typed again is replaced. They keep the names their pages showed,
    /// so that a box that was cleared stays cleared.
    #[must_use]
    pub fn overlaid(&self, typed: &Values, later: &Values) -> Values {
        let mut names = self.offered(typed);
        names.extend(self.offered(later));
        with_offered(self.merged(typed, later), &names)
    }

    /// What stays typed once a step is posted: what that step neither showed nor sent.
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

    /// The fields some page has shown once a post is taken. A field that another one opens has not been shown for a choice
    /// just made there: it is not missing yet.
    #[must_use]
    pub fn offered_with(&self, held: &Values, offered: &BTreeSet<String>, posted: &Values) -> BTreeSet<String> {
        let mut shown = offered.clone();
        shown.extend(self.offered(posted));
        let merged = self.merged(held, posted);
        shown.retain(|name| match self.field(name).map(|field| field.appears) {
            Some(Appears::After(openers)) => {
                merged.filled(name).is_some() || openers.iter().all(|opener| merged.filled(opener) == held.filled(opener))
            }
            Some(Appears::Always) => true,
            None => false,
        });
        shown
    }

    /// Whether these values are more than a row may hold.
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
