//! Conditional questions in the browser: a question appears as soon as the answer it depends on is given, and assistive
//! technology announces it. The style sheet hides closed questions where the browser supports it. Without both, all questions
//! are shown with their condition as text, and the server drops answers to questions that do not apply.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement};

use crate::islands::{enclosing_form, on};

/// Placed in the form whose questions it shows and hides. `data-opens="2"` on an option opens `data-opened="2"`.
#[island]
pub fn SurveyBranching(
    /// Announced to screen readers when a question has opened.
    opened: String,
) -> impl IntoView {
    let told = RwSignal::new(String::new());
    let place = NodeRef::<leptos::html::P>::new();
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        arrange(&form);
        let opened = opened.clone();
        let form_now = form.clone();
        on(&form, "change", move || told.set(if arrange(&form_now) { opened.clone() } else { String::new() }));
    });
    view! {
        <p class="unseen" role="status" node_ref=place>
            {move || told.get()}
        </p>
    }
}

/// Shows open questions and hides closed ones, in page order, so that an option in a closed question opens nothing. Returns
/// whether a question was opened.
fn arrange(form: &HtmlFormElement) -> bool {
    let mut any_opened = false;
    for question in all(form, "[data-opened]") {
        let place = question.get_attribute("data-opened").unwrap_or_default();
        let openers = all(form, &format!("[data-opens~=\"{place}\"]:checked"));
        let open = openers.iter().any(|opener| opener.closest("[data-opened][hidden]").is_ok_and(|closed| closed.is_none()));
        any_opened |= open && question.has_attribute("hidden");
        let _ = question.toggle_attribute_with_force("hidden", !open);
    }
    any_opened
}

fn all(form: &HtmlFormElement, selector: &str) -> Vec<Element> {
    let Ok(found) = form.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.item(place)?.dyn_into().ok()).collect()
}
