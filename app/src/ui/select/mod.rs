//! A drop-down list.
//!
//! For up to about eight choices use `choice_group`, whose rows can show details.

use leptos::prelude::*;

use super::{
    Examples,
    field::Field,
    parts::{OptionalText, described_by},
};

/// A labelled drop-down list.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    /// Name of the posted field.
    #[prop(into)]
    name: String,
    /// Id of the element; without it the name.
    #[prop(optional, into)]
    id: OptionalText,
    /// Values with their labels, in order.
    options: Vec<(String, String)>,
    /// Further options in named groups, after the others.
    #[prop(optional)]
    groups: Vec<(String, Vec<(String, String)>)>,
    /// The selected value.
    #[prop(optional, into)]
    value: OptionalText,
    /// Label of a first, empty option, such as 请选择.
    #[prop(optional, into)]
    empty: OptionalText,
    /// How to answer.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
) -> AnyView {
    let (hint, error) = (hint.text(), error.text());
    let id = id.text().unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let chosen = value.0.unwrap_or_default();
    let listed = move |options: Vec<(String, String)>| {
        let option = |(value, words): (String, String)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        };
        options.into_iter().map(option).collect_view()
    };
    view! {
        <Field id=id.clone() label=label unseen=false hint=hint error=error>
            <div class="select">
                <select id=id name=name aria-describedby=described aria-invalid=invalid>
                    {empty.text().map(|words| view! { <option value="">{words}</option> })}
                    {listed(options)}
                    {groups
                        .into_iter()
                        .map(|(label, options)| view! { <optgroup label=label>{listed(options)}</optgroup> })
                        .collect_view()}
                </select>
            </div>
        </Field>
    }
    .into_any()
}

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
            "in groups",
            view! {
                <Select
                    label="状态"
                    name="state"
                    options=purposes(["全部状态", "等待答复", "停业"])
                    groups=vec![("取款".to_owned(), vec![("cash".to_owned(), "已确认".to_owned())])]
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
        assert!(html.contains(r#"<optgroup label="取款"><option value="cash""#), "{html}");
    }
}
