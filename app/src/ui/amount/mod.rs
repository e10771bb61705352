//! An input for an amount of money: numeric keyboard, the unit inside the frame.
//!
//! Its value is text; `bank` parses it.

use leptos::prelude::*;

use super::{Examples, parts::OptionalText, text_field::TextField};

/// A labelled amount. The value is text as typed, such as `200,000`.
#[component]
pub fn Amount(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// The unit after the number: 元, CNY.
    #[prop(into)]
    unit: String,
    /// Which values are accepted.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
    /// Initial value, as typed.
    #[prop(optional, into)]
    value: OptionalText,
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
