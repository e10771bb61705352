//! A single checkbox, clickable in its whole row.
//!
//! For several boxes under one question use `choice_group`.

use leptos::prelude::*;

use super::{
    Examples,
    parts::{OptionalText, described_by},
};

/// A checkbox that posts `value` under `name` if ticked. Its id is `name`.
#[component]
pub fn Tick(
    #[prop(into)] title: String,
    #[prop(into)] name: String,
    /// Value posted if ticked.
    #[prop(default = "yes".to_owned(), into)]
    value: String,
    #[prop(optional)] chosen: bool,
    /// A second line.
    #[prop(optional, into)]
    detail: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
) -> AnyView {
    let error = error.text();
    let error_id = format!("{name}-error");
    let described = described_by(&name, false, error.is_some());
    let wrong = error.is_some();
    let invalid = wrong.then_some("true");
    view! {
        <div class="field" class:field-wrong=wrong>
            <label class="choice">
                <input
                    type="checkbox"
                    id=name.clone()
                    name=name
                    value=value
                    checked=chosen
                    aria-describedby=described
                    aria-invalid=invalid
                />
                <span class="choice-body">
                    <span class="choice-title">{title}</span>
                    {detail.text().map(|words| view! { <span class="choice-detail">{words}</span> })}
                </span>
            </label>
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </div>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![
        ("not ticked", view! { <Tick title="券别由网点搭配" name="any_notes" /> }.into_any()),
        (
            "ticked, with a second line",
            view! {
                <Tick
                    title="Use my answers for recommendations"
                    detail="You can withdraw this at any time under My details"
                    name="consent"
                    chosen=true
                />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_ticked_row_is_checked() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(" checked").count(), 1);
        assert!(html.contains(r#"name="any_notes" value="yes""#));
    }
}
