//! What stands around every input: label, hint, error. Not shown in the gallery by itself.
//!
//! The inputs are `text_field`, `text_area`, `select`, `amount`, `stepper`.

use leptos::prelude::*;

/// Wraps one input; the input itself carries `id` and `aria-describedby` (see `parts::described_by`).
#[component]
pub fn Field(
    /// The id of the input inside.
    id: String,
    /// What is asked.
    label: String,
    /// Whether the label is for readers only, because the place says it all.
    unseen: bool,
    /// How to answer, or why it is asked.
    hint: Option<String>,
    /// What is wrong with the answer.
    error: Option<String>,
    /// The input.
    children: Children,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    let wrong = error.is_some();
    let error_id = format!("{id}-error");
    view! {
        <div class="field" class:field-wrong=wrong>
            <label for=id class:unseen=unseen>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {children()}
            {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
        </div>
    }
    .into_any()
}
