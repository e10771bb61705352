//! The form around an island, read from the document: its current values, and whether they differ from the server's.

use wasm_bindgen::prelude::*;
use web_sys::js_sys::{Array, try_iter};
use web_sys::{Element, FormData, HtmlFormElement};

/// The form around an element.
pub fn enclosing_form(element: &Element) -> Option<HtmlFormElement> {
    element.closest("form").ok().flatten()?.dyn_into().ok()
}

/// The values the form would post now: names and values in the order of the page.
pub fn pairs(form: &HtmlFormElement) -> Vec<(String, String)> {
    let Ok(data) = FormData::new_with_form(form) else { return Vec::new() };
    let Ok(Some(entries)) = try_iter(&data) else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let pair = Array::from(&entry);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect()
}

/// Whether the form differs from the server's markup: typed before hydration, or restored by the browser.
pub fn is_changed(form: &HtmlFormElement) -> bool {
    let copy = form.clone_node_with_deep(true).ok().and_then(|node| node.dyn_into::<HtmlFormElement>().ok());
    copy.is_some_and(|copy| {
        copy.reset();
        pairs(&copy) != pairs(form)
    })
}

/// Adds a listener for as long as the page lives.
pub fn on(form: &HtmlFormElement, event: &str, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act);
    // Fails only for an unknown event type; these are standard.
    let _ = form.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    act.forget();
}
