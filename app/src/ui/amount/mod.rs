//! An amount of money as typed: numeric keyboard, the unit inside the frame.
//!
//! Takes and gives text; parsing is `bank`'s.

use leptos::prelude::*;

use super::{Examples, parts::Maybe, text_field::TextField};

/// A labelled amount; the value is text as typed, such as `200,000`.
#[component]
pub fn Amount(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name of the field when posted.
    #[prop(into)]
    name: String,
    /// The unit behind the number: 元, CNY.
    #[prop(into)]
    unit: String,
    /// What may be entered.
    #[prop(optional, into)]
    hint: Maybe,
    /// What is wrong with the amount.
    #[prop(optional, into)]
    error: Maybe,
    /// What was typed before.
    #[prop(optional, into)]
    value: Maybe,
) -> AnyView {
    view! {
        <TextField
            label=label
            name=name
            hint=hint
            error=error
            value=value
            inputmode="numeric"
            autocomplete="off"
            suffix=unit
        />
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![
        (
            "with its bounds as the hint",
            view! {
                <Amount
                    label="金额"
                    name="amount"
                    unit="元"
                    hint="50,000 元到 1,000,000 元以内，整元。更大金额请致电网点。"
                    value="200,000"
                />
            }
            .into_any(),
        ),
        (
            "below the least",
            view! {
                <Amount
                    label="Amount"
                    name="amount_low"
                    unit="CNY"
                    error="Bookable from CNY 50,000"
                    value="3,000"
                />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_phone_shows_digits_and_the_unit_stands_inside() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"inputmode="numeric""#));
        assert!(html.contains(r#"<span class="affix">元</span>"#));
    }
}
