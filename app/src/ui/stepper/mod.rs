//! A number field with minus and plus buttons, for a cell of a table, and buttons for a hundred at once. Without script it is a
//! plain field.
//!
//! The buttons stay hidden until an island removes `hidden` and handles them. They are `type="button"` and have
//! `data-step` (`-1`, `1`, `-100`, `100`), so Enter never presses them.

use leptos::prelude::*;

use super::{Examples, parts::OptionalText};

/// One count. Its label is for screen readers only, because the row names what is counted. Its id is `name`.
#[component]
pub fn Stepper(
    /// Label: 100 元的张数.
    #[prop(into)]
    label: String,
    #[prop(into)] name: String,
    /// Initial value, as typed.
    #[prop(optional, into)]
    value: OptionalText,
    /// Name of the minus button: 少一张.
    #[prop(into)]
    less: String,
    /// Name of the plus button: 多一张.
    #[prop(into)]
    more: String,
    /// Name of the button that takes away a hundred: 少 100 张（一把）.
    #[prop(into)]
    less_hundred: String,
    /// Name of the button that adds a hundred: 多 100 张（一把）.
    #[prop(into)]
    more_hundred: String,
    #[prop(optional)] wrong: bool,
    /// Id of the error text.
    #[prop(optional, into)]
    described_by: OptionalText,
) -> AnyView {
    let hundred = |step: i64, text: &'static str, label: String| {
        view! {
            <button type="button" data-step=step aria-label=label aria-controls=name.clone() hidden>
                {text}
            </button>
        }
    };
    let hundreds = [hundred(-100, "−100", less_hundred), hundred(100, "+100", more_hundred)];
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
            <button type="button" data-step="1" aria-label=more aria-controls=name.clone() hidden>
                "+"
            </button>
        </div>
        <div class="stepper stepper-hundred">{hundreds}</div>
    }
    .into_any()
}

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
                less_hundred="少 100 张（一把）100 元"
                more_hundred="多 100 张（一把）100 元"
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
        assert_eq!(html.matches(" hidden").count(), 4);
        assert_eq!(html.matches(r#"type="button""#).count(), 4);
        assert!(html.contains(r#"data-step="-100""#) && html.contains(r#"data-step="100""#));
    }
}
