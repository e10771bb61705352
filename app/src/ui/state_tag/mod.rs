//! A state as text on a coloured background; the colour only repeats the text.

use leptos::prelude::*;

use super::{Examples, parts::Tone};

#[component]
pub fn StateTag(
    /// Name of the state: 待受理, 已确认.
    #[prop(into)]
    text: String,
    #[prop(optional)] tone: Tone,
) -> AnyView {
    view! { <span class=format!("tag tone-{}", tone.class())>{text}</span> }.into_any()
}

pub fn examples() -> Examples {
    vec![(
        "every tone",
        view! {
            <p>
                <StateTag text="无需测评" />
                " "
                <StateTag tone=Tone::Brand text="待受理" />
                " "
                <StateTag tone=Tone::Ok text="已确认" />
                " "
                <StateTag tone=Tone::Wait text="待复核" />
                " "
                <StateTag tone=Tone::Seal text="Overdue" />
            </p>
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_state_is_said_in_words() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"<span class="tag tone-ok">已确认</span>"#));
    }
}
