//! Several lines of text: the one place where `<textarea>` is written, because its child must be escaped by hand.
//!
//! The renderer does not escape children of `<textarea>` on the server, and in the browser a child or a `prop:value`
//! would wipe what was typed before the script woke. Hence: escaped child on the server, no child in the browser.
//! No `maxlength`: it counts UTF-16 units and cuts a pasted text without a word; the rules refuse what is too long.

use leptos::prelude::*;

use super::{
    Examples,
    field::Field,
    parts::{Maybe, described_by},
};

/// A labelled text of several lines. Its id is `name`.
#[component]
pub fn TextArea(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The name of the field when posted.
    #[prop(into)]
    name: String,
    /// How to answer; also how many characters there are room for.
    #[prop(optional, into)]
    hint: Maybe,
    /// What is wrong with the answer.
    #[prop(optional, into)]
    error: Maybe,
    /// What was typed before.
    #[prop(optional, into)]
    value: Maybe,
    /// Words under the frame about the room left, such as 最多 100 字.
    #[prop(optional, into)]
    counter: Maybe,
    /// Height in lines.
    #[prop(default = 4)]
    rows: u32,
) -> AnyView {
    let (hint, error, counter) = (hint.text(), error.text(), counter.text());
    let counter_id = format!("{name}-counter");
    let described = described_by(&name, hint.is_some(), error.is_some()).into_iter();
    let described: Vec<String> = described.chain(counter.is_some().then(|| counter_id.clone())).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = error.is_some().then_some("true");
    view! {
        <Field id=name.clone() label=label unseen=false hint=hint error=error>
            <textarea
                id=name.clone()
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

/// The text between the tags. The leading line feed is the one HTML drops, so that a first empty line survives.
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

/// In the browser nothing: what is in the page already stays.
#[cfg(not(feature = "ssr"))]
fn child(value: String) {
    drop(value);
}

/// Named examples for the gallery.
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
