//! Small values every component shares: links, tones, optional texts, hidden fields.
//!
//! Not a component: no markup here. The components are the sibling folders; `mod.rs` lists them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A link with its words; in a navigation also whether it is the present page and how much waits behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads: a path of this site, a `#fragment`, `tel:` or `mailto:`.
    pub href: String,
    /// The words that are clicked.
    pub text: String,
    /// True for the page one is on (`aria-current`).
    pub current: bool,
    /// How many wait there, shown behind the words.
    pub count: Option<u64>,
}

impl Link {
    /// A link that is not the present page and counts nothing.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into(), current: false, count: None }
    }

    /// Marks it as the page one is on when `yes`.
    #[must_use]
    pub fn current(mut self, yes: bool) -> Self {
        self.current = yes;
        self
    }

    /// Shows how many wait there.
    #[must_use]
    pub fn count(mut self, waiting: u64) -> Self {
        self.count = Some(waiting);
        self
    }
}

/// What a colour stands for; the words beside it always say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// The bank's blue: news, what is to be done.
    Brand,
    /// Green: settled, confirmed.
    Ok,
    /// Amber: waits for somebody.
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

/// A text that may be missing, so that a property takes `"…"`, a `String` or an `Option` alike.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Maybe(pub Option<String>);

impl Maybe {
    /// The text, if there is one that is not empty.
    pub fn text(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }
}

impl From<&str> for Maybe {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<String> for Maybe {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<Option<String>> for Maybe {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for Maybe {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}

/// Words that name a day: on a screen as one says it now (今天), on paper in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    screen: String,
    paper: String,
}

impl Dated {
    /// In both ways.
    pub fn new(screen: impl Into<String>, paper: impl Into<String>) -> Self {
        Self { screen: screen.into(), paper: paper.into() }
    }

    /// Both ways within the same sentence.
    #[must_use]
    pub fn map(self, sentence: impl Fn(String) -> String) -> Self {
        Self { screen: sentence(self.screen), paper: sentence(self.paper) }
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.screen.is_empty()
    }

    /// The words; both where they differ, of which the style sheet shows one.
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

impl<T: Into<String>> From<T> for Dated {
    fn from(words: T) -> Self {
        let screen = words.into();
        Self { paper: screen.clone(), screen }
    }
}

/// Names and values a form of its own carries along, such as `key` and the offered `day` and `slot`.
pub type Fields = Vec<(String, String)>;

/// The value of `aria-describedby`: ids of the hint and the error that are really there.
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
        assert_eq!(Maybe::from("").text(), None);
        assert_eq!(Maybe::from(Some("50 元")).text().as_deref(), Some("50 元"));
    }

    #[test]
    fn only_what_is_shown_describes_a_field() {
        assert_eq!(described_by("day", false, false), None);
        assert_eq!(described_by("day", true, true).as_deref(), Some("day-hint day-error"));
    }
}
