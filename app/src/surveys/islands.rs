//! Branching in the browser: a question that depends on an answer appears as soon as the answer is given, and assistive
//! technology announces it. The style sheet hides closed questions where it can. Without both, all questions are shown
//! with their condition in words, and the server drops answers to questions that do not apply.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement};

use crate::islands::{enclosing_form, on};

/// Stands in the form whose questions it opens and closes. `data-opens="2"` on an option opens `data-opened="2"`.
#[island]
pub fn SurveyBranching(
    /// Told to readers when a question has opened.
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

/// Shows what is open and hides what is not, in the order of the page, so that a closed question opens none itself.
/// Gives whether one was opened.
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
