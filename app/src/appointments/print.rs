//! The print button. It needs a script and is hidden without one; the browser's menu prints the page as well, and the style
//! sheet hides controls in print.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Prints the page.
#[island]
pub fn PrintButton(text: String) -> impl IntoView {
    let place = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        let Some(button) = place.get() else { return };
        let print = Closure::<dyn Fn()>::new(|| {
            // An error means that the browser cannot print.
            let _ = window().print();
        });
        if button.add_event_listener_with_callback("click", print.as_ref().unchecked_ref()).is_ok() {
            // Cannot fail: the attribute name is valid.
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
