//! The texts of a kind: in lists, in the history, in messages and on the first page. All of them are in the kind's own
//! catalogue file.

use bank::branches::Reference;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::language::Language;
use serde_json::Value;

use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::Locale;

/// The texts of a kind.
pub trait Words {
    /// The kind in one word, for filters.
    fn name(&self, locale: Locale) -> String;

    /// What a case is about, as its page's heading says it.
    fn title(&self, language: Language, case: &CaseLine) -> String;

    /// What a case is about, as short as a line of a list allows.
    fn short(&self, language: Language, case: &CaseLine) -> String;

    /// A state, with the colour that repeats it.
    fn state(&self, locale: Locale, state: &str) -> Option<(String, Tone)>;

    /// The text of a history entry: what was done and by whom. Reason and details follow it.
    fn done(&self, language: Language, who: String, line: &HistoryLine) -> Option<String>;

    /// Facts of a change or of a message that are said after its reason.
    fn facts(&self, _language: Language, _facts: &Value) -> Vec<String> {
        Vec::new()
    }

    /// Title and last sentence of a message (`what` without the kind's code). Between them stand what it is about, the
    /// reason and the further facts.
    fn message(&self, locale: Locale, what: &str, facts: &Value) -> Option<(String, String)>;

    /// What a message is about, from its facts.
    fn about(&self, _language: Language, _facts: &Value) -> Option<String> {
        None
    }

    /// What one can do, verb first: the title of the tile on the first page.
    fn task(&self, locale: Locale) -> String;

    /// One line about the task.
    fn task_detail(&self, visit: &Visit, reference: &Reference) -> String;

    /// The link to a new form, verb first.
    fn book(&self, locale: Locale) -> String {
        self.task(locale)
    }

    /// An unfinished form.
    fn draft(&self, locale: Locale) -> String;

    /// What to mind about a case that is to come.
    fn note(&self, _locale: Locale, _case: &CaseLine) -> Option<String> {
        None
    }
}
