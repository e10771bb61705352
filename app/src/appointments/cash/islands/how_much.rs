//! How much and in which notes, while one types: subtotals, the sum, what the rules say of amount and notes, the split
//! "any notes" would give, steppers, and a split to fill in. It reads the form as it is and writes words beside it; it
//! writes into an input only when somebody presses one of its buttons. What is left at the branch is known up to the amount
//! asked for; a larger one is asked for again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use bank::appointments::cash::split::propose_split;
use bank::appointments::cash::{Denomination, Glance, Notes, Reading, read_how_much};
use bank::kernel::forms::{Refusal, Values};
use bank::kernel::language::Language;
use bank::kernel::money::{Fen, grouped};
use bank::kernel::text::whole_number;
use bank::kernel::time::parse_day;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use super::MuchWords;
use crate::appointments::cash::api::free_slots;
use crate::islands::{enclosing_form, is_changed, on, pairs};

/// So long after the last key what is left is asked for.
const PAUSE: Duration = Duration::from_millis(300);

/// Stands in the form of step 2 and shows nothing itself.
#[island]
pub fn HowMuch(
    /// What decides, with the stock of the chosen branch.
    context: Glance,
    /// The answers of step 1.
    held: Vec<(String, String)>,
    /// The words.
    words: MuchWords,
    /// For amounts.
    language: Language,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Span>::new();
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        let (held, words) = (held.clone(), words.clone());
        let sums = Sums { form, glance: RefCell::new(context.clone()), pending: Cell::new(None), held, words, language };
        Rc::new(sums).wake();
    });
    view! { <span hidden node_ref=place></span> }
}

struct Sums {
    form: HtmlFormElement,
    glance: RefCell<Glance>,
    /// What is left will be asked for.
    pending: Cell<Option<TimeoutHandle>>,
    held: Vec<(String, String)>,
    words: MuchWords,
    language: Language,
}

impl Sums {
    fn wake(self: &Rc<Self>) {
        // What the server said of the answers stands until one of them changes.
        self.show(is_changed(&self.form));
        let here = Rc::clone(self);
        on(&self.form, "input", move || here.show(true));
        if let Some(button) = self.find("#notes-propose") {
            let here = Rc::clone(self);
            pressed(&button, move || here.fill_in());
        }
        for note in Denomination::ALL {
            let buttons =
                [-1_i64, 1].map(|step| (step, self.find(&format!("[aria-controls={}][data-step=\"{step}\"]", note.field()))));
            for (step, button) in buttons {
                let Some(button) = button else { continue };
                let here = Rc::clone(self);
                pressed(&button, move || here.step(note, step));
            }
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.form.query_selector(selector).ok().flatten()
    }

    fn input(&self, note: Denomination) -> Option<HtmlInputElement> {
        self.find(&format!("#{}", note.field()))?.dyn_into().ok()
    }

    /// The rules' reading of the form as it is; nothing is missing while somebody types.
    fn read(&self) -> Reading {
        let mut values = Values(self.held.clone());
        values.0.extend(pairs(&self.form));
        read_how_much(&values, self.glance.borrow().context())
    }

    fn held(&self, field: &str) -> Option<&str> {
        self.held.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// The notes that make an amount on the chosen day, as far as what is left is known.
    fn split(&self, amount: Option<Fen>) -> Option<Notes> {
        let (glance, day) = (self.glance.borrow(), self.held("day").and_then(parse_day)?);
        let context = glance.context();
        let amount = amount.filter(|amount| context.knows(*amount))?;
        propose_split(amount.yuan(), &context.availability.as_ref()?.on(day)?.stock_left)
    }

    /// Asks what is left for an amount that is not known well enough; without an answer the form goes on alone.
    fn ask(self: &Rc<Self>, amount: Fen) {
        if let Some(timer) = self.pending.take() {
            timer.clear();
        }
        let here = Rc::clone(self);
        let ask = move || {
            spawn_local(async move {
                let branch = here.held("branch").unwrap_or_default().to_owned();
                let Ok(found) = free_slots(branch, Some(amount)).await else { return };
                here.glance.replace(found);
                here.show(true);
            });
        };
        self.pending.set(set_timeout_with_handle(ask, PAUSE).ok());
    }

    fn show(self: &Rc<Self>, judge: bool) {
        let reading = self.read();
        if let Some(amount) = reading.amount.filter(|amount| !self.glance.borrow().context().knows(*amount)) {
            self.ask(amount);
        }
        let mut typed = Notes::NONE;
        for note in Denomination::ALL {
            let count = self.input(note).and_then(|input| whole_number(&input.value(), &["张"])).unwrap_or(0);
            typed = typed.with(note, count);
            let subtotal = grouped(count.saturating_mul(note.yuan()));
            write(self.find(&format!("[data-subtotal={}]", note.field())).as_ref(), &subtotal);
        }
        let (class, sum) = self.words.sum(self.language, typed.value(), reading.amount);
        if let Some(place) = self.find("#notes-sum") {
            place.set_class_name(class);
            write(Some(&place), &sum);
        }
        write(self.find(".choice:has(#any_notes) .choice-detail").as_ref(), &self.words.any(self.split(reading.amount)));
        if judge {
            self.judge(&reading);
        }
    }

    /// What the rules refuse, beside the field it is about.
    fn judge(&self, reading: &Reading) {
        let words = |notes: bool| {
            let mut refusals = reading.refusals.iter().filter(|refusal| refusal.field().starts_with("notes_") == notes);
            refusals.find_map(|refusal| self.words.refusal(self.language, refusal))
        };
        say(self.find("#amount-error").or_else(|| self.find("#amount-live")).as_ref(), words(false));
        say(self.find("#notes-live").as_ref(), words(true));
    }

    fn step(&self, note: Denomination, step: i64) {
        let Some(input) = self.input(note) else { return };
        let count = whole_number(&input.value(), &["张"]).unwrap_or(0).saturating_add(step).max(0);
        input.set_value(&count.to_string());
        typed(&input);
    }

    fn fill_in(&self) {
        let Some(split) = self.split(self.read().amount) else { return };
        for (note, count) in split.iter() {
            if let Some(input) = self.input(note) {
                input.set_value(&count.to_string());
                typed(&input);
            }
        }
    }
}

/// Tells whoever listens to the form (this island and the saving one) that a count has changed.
fn typed(input: &HtmlInputElement) {
    let told = web_sys::EventInit::new();
    told.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &told) {
        // Cancelled or not, the count stands.
        let _ = input.dispatch_event(&event);
    }
}

fn write(place: Option<&Element>, words: &str) {
    if let Some(place) = place {
        place.set_text_content(Some(words));
    }
}

/// Words where there are any, else nothing.
fn say(place: Option<&Element>, words: Option<String>) {
    let Some(place) = place else { return };
    // Cannot fail: the name is fixed.
    let _ = place.toggle_attribute_with_force("hidden", words.is_none());
    place.set_text_content(words.as_deref());
}

/// A button that waited for the script appears and acts, for as long as the page lives.
fn pressed(button: &Element, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act);
    if button.add_event_listener_with_callback("click", act.as_ref().unchecked_ref()).is_ok() {
        let _ = button.remove_attribute("hidden");
    }
    act.forget();
}
