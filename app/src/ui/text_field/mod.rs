//! A one-line text field with label, hint and error. It is uncontrolled, so text typed before hydration is kept.
//!
//! For several lines use `text_area`, for money `amount`.

use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

use super::{
    Examples,
    field::Field,
    parts::{OptionalText, described_by},
};

/// A labelled one-line input. Its id is `name` unless `id` is given.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
    /// Initial value, as typed.
    #[prop(optional, into)]
    value: OptionalText,
    /// Attribute `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Keyboard of a phone: `numeric`, `tel` …
    #[prop(optional, into)]
    inputmode: OptionalText,
    /// Attribute `autocomplete`: `username`, `tel`, `off` …
    #[prop(optional, into)]
    autocomplete: OptionalText,
    /// Text before the input, inside its frame.
    #[prop(optional, into)]
    prefix: OptionalText,
    /// Text after the input, inside its frame, such as 元.
    #[prop(optional, into)]
    suffix: OptionalText,
    /// Whether the label is for screen readers only, as for a search field beside filters.
    #[prop(optional)]
    unseen: bool,
    /// An id other than the name.
    #[prop(optional, into)]
    id: OptionalText,
    /// Whether it holds a name or a code that is typed letter by letter: no automatic capitals, no correction.
    #[prop(optional)]
    literal: bool,
    /// Example inside the empty input; it does not replace the label.
    #[prop(optional, into)]
    placeholder: OptionalText,
) -> AnyView {
    let id = id.text().unwrap_or_else(|| name.clone());
    let (hint, error) = (hint.text(), error.text());
    let described = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let input_id = id.clone();
    view! {
        <Field id=id label=label unseen=unseen hint=hint error=error>
            <div class="input">
                {prefix.text().map(|words| view! { <span class="affix">{words}</span> })}
                <input
                    id=input_id
                    name=name
                    type=kind
                    value=value.0
                    inputmode=inputmode.text()
                    autocomplete=autocomplete.text()
                    autocapitalize=literal.then_some("none")
                    spellcheck=literal.then_some("false")
                    dir="auto"
                    {..custom_attribute("autocorrect", literal.then_some("off"))}
                    placeholder=placeholder.text()
                    aria-describedby=described
                    aria-invalid=invalid
                />
                {suffix.text().map(|words| view! { <span class="affix">{words}</span> })}
            </div>
        </Field>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![
        (
            "with a hint",
            view! {
                <TextField
                    label="手机号"
                    name="phone"
                    hint="网点有事要核对时用得上"
                    value="13800138000"
                    inputmode="tel"
                    autocomplete="tel"
                />
            }
            .into_any(),
        ),
        (
            "with an error",
            view! {
                <TextField
                    label="ID number"
                    name="agent_id"
                    hint="18 characters, the last may be X"
                    error="The check digit does not fit: please compare with the card"
                    value="11010519491231002Y"
                    autocomplete="off"
                />
            }
            .into_any(),
        ),
        (
            "a search, its label for readers only",
            view! {
                <TextField
                    label="找单"
                    name="number"
                    kind="search"
                    unseen=true
                    placeholder="编号、姓名、尾号"
                />
            }
            .into_any(),
        ),
        (
            "a name typed letter by letter",
            view! { <TextField label="登录名" name="sign_in_name" autocomplete="username" literal=true /> }.into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_literal_field_is_neither_capitalised_nor_corrected() {
        let html = super::super::html(super::examples());
        for attribute in [r#"autocapitalize="none""#, r#"spellcheck="false""#, r#"autocorrect="off""#] {
            assert_eq!(html.matches(attribute).count(), 1, "{attribute}");
        }
    }

    #[test]
    fn an_error_is_linked_to_its_input() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"aria-describedby="agent_id-hint agent_id-error""#));
        assert!(html.contains(r#"aria-invalid="true""#));
        assert!(html.contains(r#"id="agent_id-error""#));
        assert!(html.contains(r#"<label for="phone""#));
    }
}
