//! Saves the surrounding form while the user types, and shows the result. Without script the form is saved at every step; with
//! it, closing the page in the middle of a step loses nothing.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use bank::kernel::forms::Saved;
use bank::kernel::time::hhmm;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlFormElement;

use super::{enclosing_form, is_changed, on, pairs};
use crate::form_api::save_draft;
use crate::ui::icon::{Icon, Picture};

/// Pause after the last key before the form is saved.
const PAUSE: Duration = Duration::from_millis(800);

/// The notice inside the form. The texts are in the reader's language; the time is the bank's.
#[island]
pub fn SavesWhileTyping(
    /// Name of the form.
    form: String,
    /// Text shown before anything is typed; may be empty.
    now: String,
    /// Text before the time of saving: 已自动保存.
    saved: String,
    /// The form has changed in another tab or device.
    overtaken: String,
    /// The session has ended; typed text is kept.
    signed_out: String,
    /// Saving failed.
    failed: String,
) -> impl IntoView {
    // The text, and whether it says that the form is saved.
    let said = RwSignal::new((now, true));
    let place = NodeRef::<leptos::html::P>::new();
    Effect::new(move |_| {
        let Some(around) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        let words = SavingTexts {
            saved: saved.clone(),
            overtaken: overtaken.clone(),
            signed_out: signed_out.clone(),
            failed: failed.clone(),
        };
        watch(&around, form.clone(), words, said);
    });
    view! {
        <p
            class="saved"
            class:unseen=move || said.with(|(text, _)| text.is_empty())
            class:unsaved=move || said.with(|(_, saved)| !saved)
            role="status"
            node_ref=place
        >
            {move || {
                let picture = if said.with(|(_, saved)| *saved) { Picture::Check } else { Picture::Warning };
                view! { <Icon picture=picture /> }
            }}
            <span data-saved="">{move || said.with(|(text, _)| text.clone())}</span>
        </p>
    }
}

#[derive(Clone)]
struct SavingTexts {
    saved: String,
    overtaken: String,
    signed_out: String,
    failed: String,
}

fn watch(around: &HtmlFormElement, form: String, words: SavingTexts, said: RwSignal<(String, bool)>) {
    let pending = Rc::new(Cell::new(None::<TimeoutHandle>));
    let stop = {
        let pending = Rc::clone(&pending);
        move || {
            if let Some(timer) = pending.take() {
                timer.clear();
            }
        }
    };
    let save = {
        let around = around.clone();
        move || {
            let (form, words, pairs, around) = (form.clone(), words.clone(), pairs(&around), around.clone());
            spawn_local(async move {
                let outcome = save(form, pairs).await;
                let saved = matches!(outcome, Some(Saved::At(_)));
                said.set((words.of(outcome), saved));
                if saved {
                    tell(&around);
                }
            });
        }
    };
    let later = {
        let stop = stop.clone();
        move || {
            stop();
            pending.set(set_timeout_with_handle(save.clone(), PAUSE).ok());
        }
    };
    if is_changed(around) {
        later();
    }
    on(around, "input", later);
    // A submitted form needs no saving, and the response would come to a page that no longer exists.
    on(around, "submit", stop);
}

/// Tells the page that the form has been saved: an event `saved` on the form, for the script `form/follows.js`.
fn tell(form: &HtmlFormElement) {
    if let Ok(event) = web_sys::Event::new("saved") {
        // The result does not matter: nothing is cancelled.
        let _ = form.dispatch_event(&event);
    }
}

async fn save(form: String, pairs: Vec<(String, String)>) -> Option<Saved> {
    let held = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let (key, version) = (held("key"), held("version").parse().unwrap_or(0));
    save_draft(form, key, version, pairs).await.ok()
}

impl SavingTexts {
    fn of(&self, outcome: Option<Saved>) -> String {
        match outcome {
            Some(Saved::At(time)) => format!("{} {}", self.saved, hhmm(time)),
            Some(Saved::Overtaken) => self.overtaken.clone(),
            Some(Saved::SignedOut) => self.signed_out.clone(),
            None => self.failed.clone(),
        }
    }
}
