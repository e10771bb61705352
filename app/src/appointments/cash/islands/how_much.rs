//! How much and in which notes, while one types: subtotals, the sum, what the rules say of amount and notes, the split
//! "any notes" would give, steppers, and a split to fill in. It reads the form as it is and writes words beside it; it
//! writes into an input only when somebody presses one of its buttons.

use std::collections::BTreeSet;
use std::rc::Rc;

use bank::appointments::cash::split::propose_split;
use bank::appointments::cash::{CashContext, Denomination, Notes, Reading, read_cash};
use bank::kernel::forms::{Refusal, Values};
use bank::kernel::language::Language;
use bank::kernel::money::{Fen, grouped};
use bank::kernel::text::whole_number;
use bank::kernel::time::parse_day;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use super::MuchWords;
use crate::islands::{enclosing_form, is_changed, on, pairs};

/// Stands in the form of step 2 and shows nothing itself.
#[island]
pub fn HowMuch(
    /// What decides, with the stock of the chosen branch.
    context: CashContext,
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
        let sums = Rc::new(Sums { form, context: context.clone(), held: held.clone(), words: words.clone(), language });
        sums.wake();
    });
    view! { <span hidden node_ref=place></span> }
}

struct Sums {
    form: HtmlFormElement,
    context: CashContext,
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
        read_cash(&values, &BTreeSet::new(), &self.context)
    }

    /// What is left of the chosen day's notes.
    fn stock(&self) -> Option<Notes> {
        let day = self.held.iter().find(|(name, _)| name == "day").and_then(|(_, day)| parse_day(day))?;
        self.context.availability.as_ref()?.on(day).map(|offer| offer.stock_left)
    }

    fn split(&self, amount: Option<Fen>) -> Option<Notes> {
        propose_split(amount?.yuan(), &self.stock()?)
    }

    fn show(&self, judge: bool) {
        let reading = self.read();
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
