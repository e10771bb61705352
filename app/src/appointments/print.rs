//! The button that prints a page. It needs a script, so it appears only with one; the browser's own menu prints the
//! page as well, and the style sheet leaves out what paper cannot use.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Prints the page it stands on.
#[island]
pub fn PrintButton(
    /// The words of the button.
    text: String,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        let Some(button) = place.get() else { return };
        let print = Closure::<dyn Fn()>::new(|| {
            // A browser that cannot print does nothing.
            let _ = window().print();
        });
        if button.add_event_listener_with_callback("click", print.as_ref().unchecked_ref()).is_ok() {
            // Cannot fail: the name is fixed.
            let _ = button.remove_attribute("hidden");
        }
        print.forget();
    });
    view! {
        <button type="button" class="button button-secondary" hidden node_ref=place>
            {text}
        </button>
    }
}
