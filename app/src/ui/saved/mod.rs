//! The notice that typed text has been saved.
//!
//! An island may write a newer text into the element `[data-saved]`; without script it shows the server's state.

use leptos::prelude::*;

use super::{
    Examples,
    icon::{Icon, Picture},
};

/// The notice; screen readers announce changes.
#[component]
pub fn Saved(
    /// Such as 已自动保存，10:12.
    #[prop(into)]
    text: String,
) -> AnyView {
    view! {
        <p class="saved" role="status">
            <Icon picture=Picture::Check />
            <span data-saved="">{text}</span>
        </p>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![("saved a moment ago", view! { <Saved text="已自动保存，10:12" /> }.into_any())]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_reader_hears_that_it_is_saved() {
        assert!(super::super::html(super::examples()).contains(r#"role="status""#));
    }
}
