//! Types of a survey's definition (`data/needs-2026.json`), a customer's answers, and refusals. A published version never
//! changes; an edit is a new version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::bilingual::Bilingual;
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::time::At;

/// One version of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Code in `/surveys/{code}`.
    pub code: String,
    pub version: i64,
    pub title: Bilingual,
    /// Introduction shown before the first question.
    pub intro: Bilingual,
    /// Typical duration, minutes.
    pub minutes: i64,
    /// The pages.
    pub groups: Vec<Group>,
}

impl Survey {
    /// All questions in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.groups.iter().flat_map(|group| &group.questions)
    }

    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions().find(|question| question.code == code)
    }

    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.code == code)
    }
}

/// The questions of one page.
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
    /// Several options, including [`OTHER`] with a text field.
    MultiOther,
    /// Free text.
    Text,
}

/// A special use of a question's answer, besides statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionRole {
    /// The free-text need, which the customer can file as a suggestion with one click.
    Need,
}

/// The option that has a text field beside it.
pub const OTHER: &str = "other";

/// Field of the tick that allows answers to be used for recommendations (docs/domain.md §6).
pub const FOR_RECOMMENDATIONS: &str = "for_recommendations";

/// Hidden field with the version a draft was typed under, so that a later version can show what has changed.
pub const SURVEY_VERSION: &str = "survey_version";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Code; the form field is `q_<code>`.
    pub code: String,
    pub kind: QuestionKind,
    /// A special use of the answer.
    #[serde(default)]
    pub role: Option<QuestionRole>,
    pub title: Bilingual,
    /// Shown below the question.
    #[serde(default)]
    pub hint: Option<Bilingual>,
    /// The condition for showing the question; always shown without one.
    #[serde(default)]
    pub shown_if: Option<ShownIf>,
    /// Why the bank asks.
    pub why: Bilingual,
    /// What an answer changes for the customer.
    pub changes: Bilingual,
    /// Empty for a free text.
    #[serde(default)]
    pub options: Vec<Choice>,
}

impl Question {
    pub fn offers(&self, option: &str) -> bool {
        self.options.iter().any(|choice| choice.code == option)
    }

    /// All texts of the question that a customer can read.
    pub fn texts(&self) -> impl Iterator<Item = &Bilingual> {
        [&self.title, &self.why, &self.changes]
            .into_iter()
            .chain(&self.hint)
            .chain(self.options.iter().map(|choice| &choice.label))
    }
}

/// The answer to an earlier question on which a question depends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownIf {
    pub question: String,
    pub option: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value of the form field.
    pub code: String,
    pub label: Bilingual,
}

/// An answer. A question left empty has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One option.
    Single(String),
    /// Several options in the order of the definition, with the text beside [`OTHER`].
    Multi {
        options: Vec<String>,
        /// Text beside [`OTHER`], only if that option is chosen.
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
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// The options chosen for a question; empty for a text or no answer.
    pub fn chosen(&self, question: &str) -> &[String] {
        match self.get(question) {
            Some(Answer::Single(option)) => std::slice::from_ref(option),
            Some(Answer::Multi { options, .. }) => options,
            Some(Answer::Text(_)) | None => &[],
        }
    }

    /// Whether this option was chosen for the question.
    pub fn chose(&self, question: &str, option: &str) -> bool {
        self.chosen(question).iter().any(|chosen| chosen == option)
    }
}

/// Why answers are refused. A missing answer is never refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyRefusal {
    /// The question does not have this option (any more). There is no nearest value.
    OptionUnknown {
        /// Form field.
        field: String,
        /// The value sent.
        option: String,
    },
    TextTooLong {
        /// Form field.
        field: String,
        /// Its length in characters.
        length: i64,
        /// The limit in characters.
        limit: i64,
        /// The part that would be accepted.
        cut: String,
    },
    Closed {
        /// When the survey closed.
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
