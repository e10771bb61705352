//! A multi-line text field. The only place that may write `<textarea>`, because its content must be escaped by hand.
//!
//! The server renderer does not escape children of `<textarea>`, and in the browser a child or a `prop:value` would
//! overwrite text typed before hydration. Hence an escaped child on the server and no child in the browser.
//! No `maxlength`, because it counts UTF-16 units and silently cuts pasted text; the rules refuse too long texts instead.

use leptos::prelude::*;

use super::{
    Examples,
    field::Field,
    parts::{OptionalText, described_by},
};

/// A labelled multi-line text field. Its id is `name` unless the page has several fields of this name.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// The id, if it is not `name`.
    #[prop(optional, into)]
    id: OptionalText,
    /// How to answer, and the maximum length.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
    /// Initial value, as typed.
    #[prop(optional, into)]
    value: OptionalText,
    /// Text below the frame about the length, such as 最多 100 字.
    #[prop(optional, into)]
    counter: OptionalText,
    /// Height in lines.
    #[prop(default = 4)]
    rows: u32,
) -> AnyView {
    let (hint, error, counter) = (hint.text(), error.text(), counter.text());
    let id = id.text().unwrap_or_else(|| name.clone());
    let counter_id = format!("{id}-counter");
    let described = described_by(&id, hint.is_some(), error.is_some()).into_iter();
    let described: Vec<String> = described.chain(counter.is_some().then(|| counter_id.clone())).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = error.is_some().then_some("true");
    view! {
        <Field id=id.clone() label=label unseen=false hint=hint error=error>
            <textarea
                id=id
                name=name
                rows=rows.to_string()
                dir="auto"
                aria-describedby=described
                aria-invalid=invalid
            >
                {child(value.0.unwrap_or_default())}
            </textarea>
            {counter.map(|words| view! { <p class="counter" id=counter_id>{words}</p> })}
        </Field>
    }
    .into_any()
}

/// The escaped content. HTML parsers drop the first line feed, so one is added to keep an initial empty line.
#[cfg(feature = "ssr")]
fn child(value: String) -> String {
    let mut safe = String::with_capacity(value.len() + 1);
    safe.push('\n');
    for letter in value.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            other => safe.push(other),
        }
    }
    safe
}

/// No content in the browser, so that the text in the page is kept.
#[cfg(not(feature = "ssr"))]
fn child(value: String) {
    drop(value);
}

pub fn examples() -> Examples {
    vec![
        (
            "with room left",
            view! {
                <TextArea
                    label="备注"
                    name="remark"
                    hint="例如要不要点钞纸带"
                    value="请准备 <新> 券 & 纸带"
                    counter="最多 100 字"
                />
            }
            .into_any(),
        ),
        (
            "with an error",
            view! { <TextArea label="Your suggestion" name="content" error="Tell us in a few words" rows=6 /> }.into_any(),
        ),
    ]
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_cannot_leave_the_frame() {
        let owner = Owner::new();
        let html = owner
            .with(|| view! { <TextArea label="备注" name="remark" value="</textarea><script>alert(1)</script>" /> }.to_html());
        assert!(!html.contains("<script>"));
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"));
    }

    #[test]
    fn a_first_empty_line_survives_the_parser() {
        assert_eq!(child("\n一行".to_owned()), "\n\n一行");
    }
}
