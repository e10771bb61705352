//! Small types shared by all components: links, tones, optional texts, hidden fields.
//!
//! The components are the sibling folders; `mod.rs` lists them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A link; in a navigation also whether it is the current page and how many items wait there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// A path of the portal, a `#fragment`, `tel:` or `mailto:`.
    pub href: String,
    pub text: String,
    /// Whether it is the current page (`aria-current`).
    pub current: bool,
    /// Number of items, shown after the text.
    pub count: Option<String>,
}

impl Link {
    /// A link that is not the current page and has no count.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into(), current: false, count: None }
    }

    /// Sets whether it is the current page.
    #[must_use]
    pub fn current(mut self, yes: bool) -> Self {
        self.current = yes;
        self
    }

    /// Sets the number of items.
    #[must_use]
    pub fn count(mut self, items: impl ToString) -> Self {
        self.count = Some(items.to_string());
        self
    }
}

/// The meaning of a colour. The text beside it must say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Tone {
    /// No meaning.
    #[default]
    Neutral,
    /// The bank's blue: news, tasks.
    Brand,
    /// Green: done, confirmed.
    Ok,
    /// Amber: waiting.
    Wait,
    /// Seal red: wrong, refused, overdue.
    Seal,
}

impl Tone {
    /// The class suffix of the tone in the style sheets.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Brand => "brand",
            Self::Ok => "ok",
            Self::Wait => "wait",
            Self::Seal => "seal",
        }
    }
}

/// An optional text. A property of this type accepts `"…"`, a `String` or an `Option`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OptionalText(pub Option<String>);

impl OptionalText {
    /// The text; `None` if it is missing or empty.
    pub fn text(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }
}

impl From<&str> for OptionalText {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<String> for OptionalText {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<Option<String>> for OptionalText {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for OptionalText {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}

/// A text with a date in two forms: relative to today for the screen (今天), in full for print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenAndPrint {
    screen: String,
    paper: String,
}

impl ScreenAndPrint {
    pub fn new(screen: impl Into<String>, paper: impl Into<String>) -> Self {
        Self { screen: screen.into(), paper: paper.into() }
    }

    /// Puts both forms into the same sentence.
    #[must_use]
    pub fn map(self, sentence: impl Fn(String) -> String) -> Self {
        Self { screen: sentence(self.screen), paper: sentence(self.paper) }
    }

    pub fn is_empty(&self) -> bool {
        self.screen.is_empty()
    }

    /// Markup of the text. If the forms differ it contains both, and the style sheet shows one.
    pub fn view(self) -> AnyView {
        if self.screen == self.paper {
            return self.screen.into_any();
        }
        view! {
            <span class="on-screen">{self.screen}</span>
            <span class="on-paper">{self.paper}</span>
        }
        .into_any()
    }
}

impl<T: Into<String>> From<T> for ScreenAndPrint {
    fn from(words: T) -> Self {
        let screen = words.into();
        Self { paper: screen.clone(), screen }
    }
}

/// Names and values of hidden fields, such as `key` and an offered `day` and `slot`.
pub type Fields = Vec<(String, String)>;

/// The value of `aria-describedby`: the ids of those of hint and error that exist.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_counts_as_missing() {
        assert_eq!(OptionalText::from("").text(), None);
        assert_eq!(OptionalText::from(Some("50 元")).text().as_deref(), Some("50 元"));
    }

    #[test]
    fn only_what_is_shown_describes_a_field() {
        assert_eq!(described_by("day", false, false), None);
        assert_eq!(described_by("day", true, true).as_deref(), Some("day-hint day-error"));
    }
}
