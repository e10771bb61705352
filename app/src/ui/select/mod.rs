//! A choice from a long list, folded.
//!
//! For up to about eight choices take `choice_group`: its rows show what they cost.

use leptos::prelude::*;

use super::{
    Examples,
    field::Field,
    parts::{Maybe, described_by},
};

/// A labelled list; `options` are values and words, the one equal to `value` is chosen.
#[component]
pub fn Select(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name of the field when posted; also the id.
    #[prop(into)]
    name: String,
    /// Values and their words, in order.
    options: Vec<(String, String)>,
    /// The chosen value.
    #[prop(optional, into)]
    value: Maybe,
    /// Words of a first, empty option, such as 请选择.
    #[prop(optional, into)]
    empty: Maybe,
    /// How to answer.
    #[prop(optional, into)]
    hint: Maybe,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: Maybe,
) -> AnyView {
    let (hint, error) = (hint.text(), error.text());
    let described = described_by(&name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let chosen = value.0.unwrap_or_default();
    view! {
        <Field id=name.clone() label=label unseen=false hint=hint error=error>
            <div class="select">
                <select id=name.clone() name=name aria-describedby=described aria-invalid=invalid>
                    {empty.text().map(|words| view! { <option value="">{words}</option> })}
                    {options
                        .into_iter()
                        .map(|(value, words)| {
                            let selected = value == chosen;
                            view! { <option value=value selected=selected>{words}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
        </Field>
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    let purposes = |words: [&str; 3]| words.into_iter().map(|word| (word.to_owned(), word.to_owned())).collect::<Vec<_>>();
    vec![
        (
            "with one chosen",
            view! {
                <Select
                    label="用途"
                    name="purpose"
                    options=purposes(["居住", "教育文娱", "其他"])
                    value="教育文娱"
                    empty="请选择"
                />
            }
            .into_any(),
        ),
        (
            "with an error",
            view! {
                <Select
                    label="ID type"
                    name="agent_id_type"
                    options=purposes(["Resident ID", "Passport", "Other"])
                    empty="Choose"
                    error="Choose the document they will bring"
                />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_stored_value_is_chosen() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"<option value="教育文娱" selected"#));
        assert_eq!(html.matches(" selected").count(), 1);
    }
}
