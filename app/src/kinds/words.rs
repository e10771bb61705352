//! The texts of a kind in lists, history, messages and on the home page. They are in the kind's own catalogue file.

use bank::branches::Reference;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::forms::Values;
use bank::kernel::language::Language;
use serde_json::Value;

use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::Locale;

/// What the bank promises to those who submit now: each promise with its text.
pub struct Promises {
    pub title: String,
    pub promises: Vec<(String, String)>,
}

/// The texts of a kind.
pub trait Words {
    /// The name of the kind for filters, one word.
    fn name(&self, locale: Locale) -> String;

    /// What a case is about, for the heading of its page.
    fn title(&self, language: Language, case: &CaseLine) -> String;

    /// What a case is about, as short as a line of a list requires.
    fn short(&self, language: Language, case: &CaseLine) -> String;

    /// A state's name and colour.
    fn state(&self, locale: Locale, state: &str) -> Option<(String, Tone)>;

    /// The name of a state that customers are told in other words than staff: whom they wait for.
    fn state_told(&self, _locale: Locale, _state: &str) -> Option<String> {
        None
    }

    /// The text of a history entry: what was done and by whom. Reason and facts follow it.
    fn done(&self, language: Language, who: String, line: &HistoryLine) -> Option<String>;

    /// The text of a history entry that customers are told in other words than staff: what it means to them, not how the bank works.
    fn done_told(&self, _language: Language, _line: &HistoryLine) -> Option<String> {
        None
    }

    /// Facts of a change or of a message, shown after its reason.
    fn facts(&self, _language: Language, _facts: &Value) -> Vec<String> {
        Vec::new()
    }

    /// Title and last sentence of a message (`what` is the code without the kind). Between them come what it is about, the
    /// reason and the facts.
    fn message(&self, locale: Locale, what: &str, facts: &Value) -> Option<(String, String)>;

    /// What a message is about, from its facts.
    fn about(&self, _language: Language, _facts: &Value) -> Option<String> {
        None
    }

    /// The task, verb first: title of the tile on the home page.
    fn task(&self, locale: Locale) -> String;

    /// One line about the task.
    fn task_detail(&self, visit: &Visit, reference: &Reference) -> String;

    /// The link to a new form, verb first.
    fn book(&self, locale: Locale) -> String {
        self.task(locale)
    }

    /// The title of an appointment in a calendar, which other people see: no amount, no subject.
    fn calendar(&self, locale: Locale) -> String {
        self.task(locale)
    }

    /// The name of an unfinished form with these values.
    fn draft(&self, locale: Locale, values: &Values) -> String;

    /// What an unfinished form is about, as far as it is filled in: where, when, how much.
    fn draft_about(&self, _visit: &Visit, _reference: &Reference, _values: &Values) -> Vec<String> {
        Vec::new()
    }

    /// What the bank does for those who submit now, with its times, for visitors.
    fn promises(&self, _visit: &Visit, _reference: &Reference) -> Option<Promises> {
        None
    }

    /// A note about an upcoming case, such as what to bring.
    fn note(&self, _locale: Locale, _case: &CaseLine) -> Option<String> {
        None
    }

    /// The label of one of the kind's parameters, for the administrator.
    fn parameter(&self, locale: Locale, name: &str) -> Option<String>;
}
