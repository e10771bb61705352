//! The frame of every input: label, hint, error. Not in the gallery by itself.
//!
//! The inputs are `text_field`, `text_area`, `select`, `amount`, `stepper`.

use leptos::prelude::*;

/// Wraps one input. The input itself has `id` and `aria-describedby` (see `parts::described_by`).
#[component]
pub fn Field(
    /// Id of the input.
    id: String,
    label: String,
    /// Whether the label is for screen readers only.
    unseen: bool,
    /// How to answer, or why it is asked.
    hint: Option<String>,
    /// Error text of the field.
    error: Option<String>,
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
