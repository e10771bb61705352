//! A group of choices, each clickable in its whole row, with details such as places left or why one is closed.
//!
//! Radio buttons or checkboxes, as rows or as a grid of days and times. A single box is `tick`; long lists are `select`.

use leptos::{
    prelude::*,
    tachys::html::attribute::{
        any_attribute::{AnyAttribute, IntoAnyAttribute},
        custom::custom_attribute,
    },
};
use serde::{Deserialize, Serialize};

use super::parts::{OptionalText, described_by};

mod samples;

pub use samples::examples;

/// How many may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Pick {
    /// Exactly one: radio buttons.
    #[default]
    One,
    /// Any number: checkboxes.
    Many,
}

/// Arrangement of the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Layout {
    #[default]
    Rows,
    /// Three per line, centred, for days and times.
    Grid,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Choice {
    /// Posted value.
    pub value: String,
    pub title: String,
    /// A second line: address, date, places left.
    pub detail: Option<String>,
    /// Text at the end of the row.
    pub note: Option<String>,
    pub chosen: bool,
    /// Why it cannot be chosen; replaces the second line.
    pub closed: Option<String>,
    /// Whether the `reveal` block after the group is visible while it is chosen.
    pub reveals: bool,
    /// `data-…` attributes of the input with their full names.
    pub data: Vec<(String, String)>,
}

impl Choice {
    /// A choice that is open and not chosen.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Self { value: value.into(), title: title.into(), ..Self::default() }
    }

    #[must_use]
    pub fn detail(mut self, words: impl Into<String>) -> Self {
        self.detail = Some(words.into());
        self
    }

    /// Sets the text at the end of the row.
    #[must_use]
    pub fn note(mut self, words: impl Into<String>) -> Self {
        self.note = Some(words.into());
        self
    }

    /// Sets whether it is chosen.
    #[must_use]
    pub fn chosen(mut self, yes: bool) -> Self {
        self.chosen = yes;
        self
    }

    /// Closes it, with the reason shown.
    #[must_use]
    pub fn closed(mut self, reason: impl Into<String>) -> Self {
        self.closed = Some(reason.into());
        self
    }

    /// Makes the `reveal` block after the group visible while it is chosen.
    #[must_use]
    pub fn reveals(mut self) -> Self {
        self.reveals = true;
        self
    }

    /// Adds the attribute `data-<name>` to the input.
    #[must_use]
    pub fn data(mut self, name: &str, value: impl ToString) -> Self {
        self.data.push((format!("data-{name}"), value.to_string()));
        self
    }

    fn attributes(&self) -> Vec<AnyAttribute> {
        self.data.iter().map(|(name, value)| custom_attribute(name.clone(), value.clone()).into_any_attr()).collect()
    }
}

/// A question with its choices. The first open choice has the id `name`, so that an error can link to it.
#[component]
pub fn ChoiceGroup(
    #[prop(into)] legend: String,
    #[prop(into)] name: String,
    choices: Vec<Choice>,
    #[prop(optional)] pick: Pick,
    #[prop(optional)] layout: Layout,
    /// How to answer, or why it is asked.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
) -> AnyView {
    let (hint, error) = (hint.text(), error.text());
    let described = described_by(&name, hint.is_some(), error.is_some());
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let wrong = error.is_some();
    let role = (pick == Pick::One).then_some("radiogroup");
    let invalid = (wrong && pick == Pick::One).then_some("true");
    let first_open = choices.iter().position(|choice| choice.closed.is_none());
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(place, choice)| {
            let id = if Some(place) == first_open { name.clone() } else { format!("{name}-{place}") };
            row(id, name.clone(), pick, wrong, choice)
        })
        .collect_view();
    view! {
        <fieldset class="choices" class:field-wrong=wrong role=role aria-describedby=described aria-invalid=invalid>
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <div class=match layout {
                Layout::Rows => "choice-rows",
                Layout::Grid => "choice-grid",
            }>{rows}</div>
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </fieldset>
    }
    .into_any()
}

fn row(id: String, name: String, pick: Pick, wrong: bool, choice: Choice) -> impl IntoView {
    let attributes = choice.attributes();
    let kind = match pick {
        Pick::One => "radio",
        Pick::Many => "checkbox",
    };
    let closed = choice.closed.is_some();
    view! {
        <label class="choice">
            <input
                type=kind
                id=id
                name=name
                value=choice.value
                checked=choice.chosen && !closed
                disabled=closed
                data-reveals=choice.reveals.then_some("")
                aria-invalid=(wrong && pick == Pick::Many).then_some("true")
                {..attributes}
            />
            <span class="choice-body">
                <span class="choice-title">{choice.title}</span>
                {choice
                    .closed
                    .or(choice.detail)
                    .map(|words| view! { <span class="choice-detail">{words}</span> })}
            </span>
            {choice.note.map(|words| view! { <span class="choice-note">{words}</span> })}
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(pick: Pick, choices: Vec<Choice>) -> String {
        let owner = Owner::new();
        owner
            .with(|| view! { <ChoiceGroup legend="时段" name="slot" pick=pick choices=choices error="请选一个时段" /> }.to_html())
    }

    #[test]
    fn a_closed_choice_says_why_and_cannot_be_chosen() {
        let html = html(
            Pick::One,
            vec![
                Choice::new("09:00", "09:00").detail("余 0 位").closed("已满").chosen(true),
                Choice::new("10:00", "10:00").data("places", 2),
            ],
        );
        assert!(html.contains("已满"));
        assert!(!html.contains("余 0 位"));
        assert!(!html.contains(" checked"));
        assert!(html.contains(" disabled"));
        assert!(html.contains(r#"data-places="2""#));
    }

    #[test]
    fn the_first_open_choice_is_where_an_error_leads() {
        let html = html(Pick::One, vec![Choice::new("09:00", "09:00").closed("已满"), Choice::new("10:00", "10:00")]);
        assert!(html.contains(r#"id="slot-0" name="slot" value="09:00""#));
        assert!(html.contains(r#"id="slot" name="slot" value="10:00""#));
        assert!(html.contains(r#"role="radiogroup" aria-describedby="slot-error""#));
    }

    #[test]
    fn many_may_be_chosen_from_boxes() {
        let html = html(Pick::Many, vec![Choice::new("a", "储蓄").chosen(true), Choice::new("b", "黄金").chosen(true)]);
        assert_eq!(html.matches(r#"type="checkbox""#).count(), 2);
        assert_eq!(html.matches(" checked").count(), 2);
    }
}
