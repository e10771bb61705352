//! A survey as data (`data/needs-2026.json`), a customer's answers, and what is refused.
//! A published version never changes; an edit is a new version. Not the reading of a form: [`super::read`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::bilingual::Bilingual;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::At;

/// One version of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Its code, as in `/surveys/{code}`.
    pub code: String,
    pub version: i64,
    pub title: Bilingual,
    /// What to expect.
    pub intro: Bilingual,
    /// How long it takes most people, minutes.
    pub minutes: i64,
    /// Its pages.
    pub groups: Vec<Group>,
}

impl Survey {
    /// Every question in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.groups.iter().flat_map(|group| &group.questions)
    }

    /// The question of that code.
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions().find(|question| question.code == code)
    }

    /// The page of that code.
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.code == code)
    }
}

/// Questions that stand on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub code: String,
    pub title: Bilingual,
    pub questions: Vec<Question>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One option.
    Single,
    /// Several options.
    Multi,
    /// Several options, [`OTHER`] among them with a text of its own.
    MultiOther,
    /// Free text.
    Text,
}

/// What the bank does with a question beside counting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The free-text need that becomes a suggestion in one click.
    Need,
}

/// The option that takes a text beside it.
pub const OTHER: &str = "other";

/// Field of the tick that lets answers feed recommendations (docs/domain.md §6).
pub const FOR_RECOMMENDATIONS: &str = "for_recommendations";

/// Hidden field: the version a draft was typed under, so that a later one can say what has changed since.
pub const SURVEY_VERSION: &str = "survey_version";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its code; its field is `q_<code>`.
    pub code: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What the bank does with it.
    #[serde(default)]
    pub role: Option<Role>,
    /// The question.
    pub title: Bilingual,
    /// A hint below it.
    #[serde(default)]
    pub hint: Option<Bilingual>,
    /// Shown only if.
    #[serde(default)]
    pub shown_if: Option<ShownIf>,
    /// Why the bank asks.
    pub why: Bilingual,
    /// What changes if it is answered.
    pub changes: Bilingual,
    /// What can be chosen; empty for a text.
    #[serde(default)]
    pub options: Vec<Choice>,
}

impl Question {
    /// Whether it has an option of that code.
    pub fn offers(&self, option: &str) -> bool {
        self.options.iter().any(|choice| choice.code == option)
    }

    /// Every text of it a customer can read.
    pub fn texts(&self) -> impl Iterator<Item = &Bilingual> {
        [&self.title, &self.why, &self.changes]
            .into_iter()
            .chain(&self.hint)
            .chain(self.options.iter().map(|choice| &choice.label))
    }
}

/// The answer to an earlier question that opens this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownIf {
    /// Code of the earlier question.
    pub question: String,
    /// Option chosen there.
    pub option: String,
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its code, the value of the field.
    pub code: String,
    /// What it says.
    pub label: Bilingual,
}

/// An answer; what was left empty is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One option.
    Single(String),
    /// Several options in the order of the question, with the text beside [`OTHER`].
    Multi {
        /// Option codes.
        options: Vec<String>,
        /// Text beside [`OTHER`], only when that is among them.
        other: Option<String>,
    },
    /// Free text.
    Text(String),
}

/// Answers by question code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    /// The answer to a question.
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// The options chosen at a question; empty for a text or no answer.
    pub fn chosen(&self, question: &str) -> &[String] {
        match self.get(question) {
            Some(Answer::Single(option)) => std::slice::from_ref(option),
            Some(Answer::Multi { options, .. }) => options,
            Some(Answer::Text(_)) | None => &[],
        }
    }

    /// Whether that option was chosen there.
    pub fn chose(&self, question: &str, option: &str) -> bool {
        self.chosen(question).iter().any(|chosen| chosen == option)
    }
}

/// Why answers cannot be taken as they are; never that one is missing. `field` is the form field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyRefusal {
    /// The question has no such option (any more): no option is nearer than another.
    OptionUnknown {
        /// Form field.
        field: String,
        /// What was sent.
        option: String,
    },
    TextTooLong {
        /// Form field.
        field: String,
        /// Its length in characters.
        length: usize,
        /// The limit in characters.
        limit: usize,
        /// What of it would be accepted.
        cut: String,
    },
    /// The survey is closed.
    Closed {
        /// The first moment no answer was taken any more.
        at: At,
    },
}

impl Refusal for SurveyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OptionUnknown { .. } => "survey_option_unknown",
            Self::TextTooLong { .. } => "survey_text_too_long",
            Self::Closed { .. } => "survey_closed",
        }
    }

    fn field(&self) -> &str {
        match self {
            Self::OptionUnknown { field, .. } | Self::TextTooLong { field, .. } => field,
            Self::Closed { .. } => "",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        match self {
            Self::TextTooLong { field, cut, .. } => {
                vec![Nearest(vec![(field.clone(), cut.clone())])]
            }
            Self::OptionUnknown { .. } | Self::Closed { .. } => Vec::new(),
        }
    }
}

/// The needs survey of 2026, from `data/needs-2026.json`.
pub fn needs_2026() -> Result<Survey, serde_json::Error> {
    serde_json::from_str(include_str!("../../data/needs-2026.json"))
}
