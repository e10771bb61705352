//! Where one is in a task: a bar of segments, and the same in words.

use leptos::prelude::*;

use super::Examples;

/// The progress of a task; readers get the words, the segments are decoration.
#[component]
pub fn Steps(
    /// The present step, from 1.
    at: usize,
    /// How many there are.
    of: usize,
    /// The same in words: 第 1 步，共 4 步.
    #[prop(into)]
    text: String,
) -> AnyView {
    view! {
        <div class="steps">
            <div class="steps-bar" aria-hidden="true">
                {(1..=of).map(|step| view! { <span class:done=step <= at></span> }).collect_view()}
            </div>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![
        ("the first of four", view! { <Steps at=1 of=4 text="第 1 步，共 4 步" /> }.into_any()),
        ("the third of four", view! { <Steps at=3 of=4 text="Step 3 of 4" /> }.into_any()),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_many_segments_are_filled_as_steps_are_reached() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"class="done""#).count(), 1 + 3);
        assert!(html.contains("第 1 步，共 4 步"));
    }
}
