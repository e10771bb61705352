//! A line icon from the sprite `public/icons.svg`, 24 px, in the colour of the surrounding text.
//!
//! Icons are decoration beside a text, so screen readers skip them. Add new ones to the sprite and to [`Picture`].

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Examples;

/// The pictures of the sprite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// A bank building: the brand.
    Bank,
    /// A bank note.
    Cash,
    /// Two people: reception days.
    People,
    /// A sheet of paper: surveys.
    Survey,
    /// A speech bubble: suggestions.
    Chat,
    Back,
    /// A check mark: done, in favour.
    Check,
    /// A warning sign: caution, against.
    Warning,
    Clock,
    Calendar,
    Print,
    Phone,
    List,
    /// A star: recommendations.
    Star,
    /// One person: the customer's own page.
    Person,
}

impl Picture {
    pub const ALL: [Self; 15] = [
        Self::Bank,
        Self::Cash,
        Self::People,
        Self::Survey,
        Self::Chat,
        Self::Back,
        Self::Check,
        Self::Warning,
        Self::Clock,
        Self::Calendar,
        Self::Print,
        Self::Phone,
        Self::List,
        Self::Star,
        Self::Person,
    ];

    /// URL of the picture in the sprite.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Bank => "/icons.svg#bank",
            Self::Cash => "/icons.svg#cash",
            Self::People => "/icons.svg#people",
            Self::Survey => "/icons.svg#survey",
            Self::Chat => "/icons.svg#chat",
            Self::Back => "/icons.svg#back",
            Self::Check => "/icons.svg#check",
            Self::Warning => "/icons.svg#warning",
            Self::Clock => "/icons.svg#clock",
            Self::Calendar => "/icons.svg#calendar",
            Self::Print => "/icons.svg#print",
            Self::Phone => "/icons.svg#phone",
            Self::List => "/icons.svg#list",
            Self::Star => "/icons.svg#star",
            Self::Person => "/icons.svg#person",
        }
    }
}

/// An icon. The text beside it must give its meaning.
#[component]
pub fn Icon(picture: Picture) -> AnyView {
    view! {
        <svg
            class="icon"
            width="24"
            height="24"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <use href=picture.href()></use>
        </svg>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "every drawing",
        view! {
            <p>
                {Picture::ALL
                    .into_iter()
                    .map(|picture| view! { <Icon picture=picture /> " " })
                    .collect_view()}
            </p>
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_is_drawn_in_the_sprite() {
        let sprite = include_str!("../../../../public/icons.svg");
        for picture in Picture::ALL {
            let id = picture.href().trim_start_matches("/icons.svg#");
            assert!(sprite.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn an_icon_is_hidden_from_readers() {
        let html = super::super::html(examples());
        assert_eq!(html.matches("<svg").count(), html.matches("aria-hidden=\"true\"").count());
    }
}
