//! Progress through the steps of a form, as a segmented bar and as text.

use leptos::prelude::*;

use super::Examples;

/// The progress. Screen readers get the text; the bar is decoration.
#[component]
pub fn Steps(
    /// Current step, from 1.
    at: usize,
    /// Number of steps.
    of: usize,
    /// The progress as text: 第 1 步，共 4 步.
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
