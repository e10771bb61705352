//! A count with minus and plus, for a cell of a table. Without script it is a plain number field.
//!
//! The two buttons stay hidden until an island wakes and removes `hidden`; they are `type="button"` and carry
//! `data-step` (`-1`, `1`), so Enter never presses them. Arithmetic is the island's.

use leptos::prelude::*;

use super::{Examples, parts::Maybe};

/// One count; its label is for readers, because the row says what is counted. Its id is `name`.
#[component]
pub fn Stepper(
    /// What is counted: 100 元的张数.
    #[prop(into)]
    label: String,
    /// The name of the field when posted.
    #[prop(into)]
    name: String,
    /// What was typed before.
    #[prop(optional, into)]
    value: Maybe,
    /// The words of minus: 少一张.
    #[prop(into)]
    less: String,
    /// The words of plus: 多一张.
    #[prop(into)]
    more: String,
    /// Whether the count is refused.
    #[prop(optional)]
    wrong: bool,
    /// The id of the words that say why.
    #[prop(optional, into)]
    described_by: Maybe,
) -> AnyView {
    view! {
        <div class="stepper">
            <button type="button" data-step="-1" aria-label=less aria-controls=name.clone() hidden>
                "−"
            </button>
            <input
                id=name.clone()
                name=name.clone()
                type="text"
                inputmode="numeric"
                autocomplete="off"
                placeholder="0"
                value=value.0
                aria-label=label
                aria-invalid=wrong.then_some("true")
                aria-describedby=described_by.text()
            />
            <button type="button" data-step="1" aria-label=more aria-controls=name hidden>
                "+"
            </button>
        </div>
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![(
        "a count of notes",
        view! {
            <Stepper
                label="100 元的张数"
                name="notes_100"
                value="2000"
                less="少一张 100 元"
                more="多一张 100 元"
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_buttons_wait_for_the_island() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(" hidden").count(), 2);
        assert_eq!(html.matches(r#"type="button""#).count(), 2);
    }
}
