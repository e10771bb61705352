//! Renders a step of any form: selects the declared fields that are open, renders each by its kind with the texts of the form,
//! and returns the names of the rendered fields (`offered`). A form provides texts and choices by implementing [`Asks`].

use std::collections::BTreeSet;

use bank::kernel::forms::{Appears, Field, FieldKind};
use leptos::prelude::*;

use super::one::QuestionPlace;
use crate::ui::amount::Amount;
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout, Pick};
use crate::ui::select::Select;
use crate::ui::text_area::TextArea;
use crate::ui::text_field::TextField;
use crate::ui::tick::Tick;

/// What a form provides in addition to the declaration of its fields: texts, choices and typed values.
pub trait Asks {
    /// The label of a field, also used for links to it; `None` for an unknown field.
    fn label(&self, name: &str) -> Option<String>;

    /// The input of a field; `None` if the field is not asked.
    fn ask(&self, field: &Field) -> Option<Ask>;

    /// The typed value.
    fn typed(&self, name: &str) -> String;

    /// The id of a field's input; another than its name where the page has several fields of this name.
    fn id(&self, name: &str) -> String {
        name.to_owned()
    }

    /// The error text of a field, one line.
    fn error(&self, name: &str) -> Option<String>;

    /// Whether a field has an answer, which opens the fields that depend on it.
    fn is_answered(&self, name: &str) -> bool {
        !self.typed(name).trim().is_empty()
    }

    /// A custom view that contains this field and possibly others, in place of one input each.
    fn own(&self, _name: &str) -> Option<Own> {
        None
    }

    /// Whether a question that other answers on the same page decide is to be asked; for one question a page.
    fn applies(&self, _name: &str) -> bool {
        true
    }

    /// The frame around the fields that name it with [`Ask::within`].
    fn frame(&self, frame: &str, fields: Vec<AnyView>) -> AnyView {
        view! { <div class=frame.to_owned()>{fields}</div> }.into_any()
    }
}

/// A custom view of some fields, such as an island or a table. It is always rendered, because an island opens its fields in the
/// browser.
pub struct Own {
    /// The names of its fields.
    pub holds: Vec<&'static str>,
    /// The view.
    pub view: AnyView,
}

/// The input of a field, in addition to its declaration.
#[derive(Default)]
pub struct Ask {
    label: Option<String>,
    hint: Option<String>,
    value: Option<String>,
    among: Option<Among>,
    detail: Option<String>,
    unit: String,
    counter: Option<String>,
    rows: Option<u32>,
    within: Option<String>,
}

/// The choices of a field.
enum Among {
    Choices(Vec<Choice>, Layout),
    Options(Vec<(String, String)>, String),
}

impl Ask {
    /// An input with only the label of the field.
    pub fn new() -> Self {
        Self::default()
    }

    /// A label that differs from [`Asks::label`].
    #[must_use]
    pub fn label(self, words: String) -> Self {
        Self { label: Some(words), ..self }
    }

    /// The hint: how to answer, or why it is asked.
    #[must_use]
    pub fn hint(self, words: impl Into<Option<String>>) -> Self {
        Self { hint: words.into(), ..self }
    }

    /// The value to show if it differs from the typed value.
    #[must_use]
    pub fn value(self, value: String) -> Self {
        Self { value: Some(value), ..self }
    }

    /// Choices in rows.
    #[must_use]
    pub fn choices(self, choices: Vec<Choice>) -> Self {
        Self { among: Some(Among::Choices(choices, Layout::Rows)), ..self }
    }

    /// Choices in a grid.
    #[must_use]
    pub fn grid(self, choices: Vec<Choice>) -> Self {
        Self { among: Some(Among::Choices(choices, Layout::Grid)), ..self }
    }

    /// A drop-down list of values with their texts; `empty` is the text for no choice.
    #[must_use]
    pub fn options(self, options: Vec<(String, String)>, empty: String) -> Self {
        Self { among: Some(Among::Options(options, empty)), ..self }
    }

    /// A second line beside a checkbox.
    #[must_use]
    pub fn detail(self, words: String) -> Self {
        Self { detail: Some(words), ..self }
    }

    /// The unit after an amount.
    #[must_use]
    pub fn unit(self, words: String) -> Self {
        Self { unit: words, ..self }
    }

    /// The text of the character counter.
    #[must_use]
    pub fn counter(self, words: String) -> Self {
        Self { counter: Some(words), ..self }
    }

    /// The height of a text area, lines.
    #[must_use]
    pub fn rows(self, rows: u32) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// The frame it is rendered in.
    pub(super) fn frame(&self) -> Option<&str> {
        self.within.as_deref()
    }

    /// Renders it in this frame, together with adjacent fields of the same frame.
    #[must_use]
    pub fn within(self, frame: impl Into<String>) -> Self {
        Self { within: Some(frame.into()), ..self }
    }
}

/// Rendered fields and their names.
pub struct Rendered {
    /// The inputs.
    pub view: AnyView,
    /// The names of the fields that the page shows.
    pub offered: Vec<String>,
    /// One question a page: which one of the step.
    pub place: Option<QuestionPlace>,
    /// One question a page: a field of the question before.
    pub before: Option<String>,
}

impl Rendered {
    /// A step without fields.
    pub fn nothing() -> Self {
        Self { view: ().into_any(), offered: Vec::new(), place: None, before: None }
    }
}

/// Renders all open fields of a step.
pub fn whole<'f>(fields: impl IntoIterator<Item = &'f Field>, asks: &dyn Asks) -> Rendered {
    let (mut views, mut offered, mut held) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut framed: Option<(String, Vec<AnyView>)> = None;
    for field in fields {
        let own = if held.contains(&*field.name) { None } else { asks.own(&field.name) };
        if let Some(own) = own {
            views.extend(framed.take().map(|(frame, inside)| asks.frame(&frame, inside)));
            views.push(own.view);
            held.extend(own.holds);
        }
        if held.contains(&*field.name) {
            offered.extend(is_open(field, asks).then(|| field.name.to_string()));
            continue;
        }
        let Some(ask) = asked(field, asks) else { continue };
        offered.push(field.name.to_string());
        let within = ask.within.clone();
        let view = input(field, ask, asks);
        match &mut framed {
            Some((frame, inside)) if within.as_ref() == Some(frame) => inside.push(view),
            _ => {
                views.extend(framed.take().map(|(frame, inside)| asks.frame(&frame, inside)));
                match within {
                    Some(frame) => framed = Some((frame, vec![view])),
                    None => views.push(view),
                }
            }
        }
    }
    views.extend(framed.map(|(frame, inside)| asks.frame(&frame, inside)));
    Rendered { view: views.into_any(), offered, ..Rendered::nothing() }
}

/// Renders one field; `None` if it is not open. A field of a custom view is rendered by that view.
pub fn alone(field: &Field, asks: &dyn Asks) -> Option<AnyView> {
    match asks.own(&field.name) {
        Some(own) => is_open(field, asks).then_some(own.view),
        None => asked(field, asks).map(|ask| input(field, ask, asks)),
    }
}

pub(super) fn is_open(field: &Field, asks: &dyn Asks) -> bool {
    match field.appears {
        Appears::Always => !matches!(field.kind, FieldKind::Carried),
        Appears::After(openers) => openers.iter().all(|opener| asks.is_answered(opener)),
    }
}

pub(super) fn asked(field: &Field, asks: &dyn Asks) -> Option<Ask> {
    if is_open(field, asks) { asks.ask(field) } else { None }
}

pub(super) fn input(field: &Field, ask: Ask, asks: &dyn Asks) -> AnyView {
    let name = field.name.to_string();
    let value = ask.value.unwrap_or_else(|| asks.typed(&name));
    let label = ask.label.or_else(|| asks.label(&name)).unwrap_or_default();
    let (hint, error) = (ask.hint, asks.error(&name));
    match (ask.among, field.kind) {
        (Some(Among::Choices(choices, layout)), kind) => {
            let pick = if matches!(kind, FieldKind::Choices) { Pick::Many } else { Pick::One };
            view! { <ChoiceGroup legend=label name=name choices=choices pick=pick layout=layout hint=hint error=error /> }
                .into_any()
        }
        (Some(Among::Options(options, empty)), _) => {
            view! { <Select label=label name=name options=options value=value empty=empty hint=hint error=error /> }.into_any()
        }
        (None, FieldKind::Tick) => {
            let chosen = !value.trim().is_empty();
            view! { <Tick title=label name=name chosen=chosen detail=ask.detail error=error /> }.into_any()
        }
        (None, FieldKind::Lines(_)) => {
            let rows = ask.rows.unwrap_or(4);
            let id = asks.id(&name);
            view! { <TextArea label=label id=id name=name hint=hint error=error value=value counter=ask.counter rows=rows /> }
                .into_any()
        }
        (None, FieldKind::Amount) => {
            view! { <Amount label=label name=name unit=ask.unit hint=hint error=error value=value /> }.into_any()
        }
        (None, kind) => {
            let (of, keyboard, fills) = line(kind);
            view! {
                <TextField
                    label=label
                    name=name
                    hint=hint
                    error=error
                    value=value
                    kind=of
                    inputmode=keyboard
                    autocomplete=fills
                />
            }
            .into_any()
        }
    }
}

/// The `type`, `inputmode` and `autocomplete` of a one-line field.
const fn line(kind: FieldKind) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match kind {
        FieldKind::Phone => ("tel", None, Some("tel-national")),
        FieldKind::Day => ("date", None, None),
        FieldKind::Time => ("time", None, None),
        FieldKind::Count => ("text", Some("numeric"), Some("off")),
        _ => ("text", None, Some("off")),
    }
}

#[cfg(test)]
mod tests;
