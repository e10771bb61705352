//! Step 2 in the browser, while typing: subtotals, the sum, refusals of amount and notes, the split of "any notes", the amount in
//! figures and capital numerals, buttons that fill in an amount, a count or a split. The island reads the form and writes texts
//! beside it; it changes an input only when one of its buttons is pressed. Free capacity is known up to the requested amount; for
//! a larger one it asks the server again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use bank::appointments::cash::split::propose_split;
use bank::appointments::cash::{BrowserContext, Denomination, Notes, ParsedCashForm, above_balance, read_how_much};
use bank::kernel::forms::{Refusal, Values};
use bank::kernel::language::{Language, amount};
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

/// The held value with the number of the booking that is being moved.
pub const MOVING: &str = "moving";

/// Pause after the last key before the server is asked for free capacity.
const PAUSE: Duration = Duration::from_millis(300);

/// Placed in the form of step 2; renders nothing itself.
#[island]
pub fn HowMuch(
    /// Data for validation, with the stock of the chosen branch.
    context: BrowserContext,
    /// The values of step 1.
    held: Vec<(String, String)>,
    /// Texts.
    words: MuchWords,
    /// Language of amounts.
    language: Language,
) -> impl IntoView {
    let place = NodeRef::<leptos::html::Span>::new();
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        let (held, words) = (held.clone(), words.clone());
        let sums = Sums { form, context: RefCell::new(context.clone()), pending: Cell::new(None), held, words, language };
        Rc::new(sums).wake();
    });
    view! { <span hidden node_ref=place></span> }
}

struct Sums {
    form: HtmlFormElement,
    context: RefCell<BrowserContext>,
    /// A pending request for free capacity.
    pending: Cell<Option<TimeoutHandle>>,
    held: Vec<(String, String)>,
    words: MuchWords,
    language: Language,
}

impl Sums {
    fn wake(self: &Rc<Self>) {
        // Refusals rendered by the server stay until a value changes.
        self.show(is_changed(&self.form));
        let here = Rc::clone(self);
        on(&self.form, "input", move || here.show(true));
        // Without script these buttons send the form; here they need not.
        hide(self.find("#notes-recount").as_ref(), true);
        for button in self.quick_amounts() {
            let _ = button.set_attribute("type", "button");
            let (here, yuan) = (Rc::clone(self), button.get_attribute("value").unwrap_or_default());
            pressed(&button, move || here.fill_amount(&yuan));
        }
        if let Some(button) = self.find("#notes-propose") {
            let here = Rc::clone(self);
            pressed(&button, move || here.fill_in());
        }
        for note in Denomination::ALL {
            let buttons = [-100_i64, -1, 1, 100]
                .map(|step| (step, self.find(&format!("[aria-controls={}][data-step=\"{step}\"]", note.field()))));
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

    /// The buttons with round amounts.
    fn quick_amounts(&self) -> Vec<Element> {
        let Ok(found) = self.form.query_selector_all("[name=quick_amount]") else { return Vec::new() };
        (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
    }

    fn fill_amount(&self, yuan: &str) {
        let Some(input) = self.find("#amount").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else { return };
        input.set_value(yuan);
        typed(&input);
    }

    /// The amount as it was read: in figures, in capital numerals, and the button of the same amount.
    fn show_amount(&self, read: Option<Fen>) {
        write(self.find("#amount-figures").as_ref(), &read.map(|read| amount(self.language, read)).unwrap_or_default());
        write(self.find("#amount-capitals").as_ref(), &read.map(Fen::in_capitals).unwrap_or_default());
        hide(self.find(".amount-read").as_ref(), read.is_none());
        for button in self.quick_amounts() {
            let same = read.is_some_and(|read| button.get_attribute("value") == Some(read.yuan().to_string()));
            let _ = if same { button.set_attribute("aria-current", "true") } else { button.remove_attribute("aria-current") };
        }
    }

    fn input(&self, note: Denomination) -> Option<HtmlInputElement> {
        self.find(&format!("#{}", note.field()))?.dyn_into().ok()
    }

    /// Parses and validates the current form; missing values are not refused while typing.
    fn read(&self) -> ParsedCashForm {
        let mut values = Values(self.held.clone());
        values.0.extend(pairs(&self.form));
        read_how_much(&values, self.context.borrow().context())
    }

    fn held(&self, field: &str) -> Option<&str> {
        self.held.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// The split of an amount on the chosen day, as far as the stock is known.
    fn split(&self, amount: Option<Fen>) -> Option<Notes> {
        let (context, day) = (self.context.borrow(), self.held("day").and_then(parse_day)?);
        let context = context.context();
        let amount = amount.filter(|amount| context.knows(*amount))?;
        propose_split(amount.yuan(), &context.availability.as_ref()?.on(day)?.stock_left)
    }

    /// Requests free capacity for an amount beyond what is known. If that fails, the form works without it.
    fn ask(self: &Rc<Self>, amount: Fen) {
        if let Some(timer) = self.pending.take() {
            timer.clear();
        }
        let here = Rc::clone(self);
        let ask = move || {
            spawn_local(async move {
                let branch = here.held("branch").unwrap_or_default().to_owned();
                let moving = here.held(MOVING).unwrap_or_default().to_owned();
                let Ok(found) = free_slots(branch, Some(amount), moving).await else { return };
                here.context.replace(found);
                here.show(true);
            });
        };
        self.pending.set(set_timeout_with_handle(ask, PAUSE).ok());
    }

    fn show(self: &Rc<Self>, judge: bool) {
        let parsed = self.read();
        if let Some(amount) = parsed.amount.filter(|amount| !self.context.borrow().context().knows(*amount)) {
            self.ask(amount);
        }
        self.show_amount(parsed.amount);
        let mut typed = Notes::NONE;
        for note in Denomination::ALL {
            let count = self.input(note).and_then(|input| whole_number(&input.value(), &["张"])).unwrap_or(0);
            typed = typed.with(note, count);
            let subtotal = grouped(count.saturating_mul(note.yuan()));
            write(self.find(&format!("[data-subtotal={}]", note.field())).as_ref(), &subtotal);
        }
        let (class, sum) = self.words.sum(self.language, typed.value(), parsed.amount);
        if let Some(place) = self.find("#notes-sum") {
            place.set_class_name(class);
            write(Some(&place), &sum);
        }
        write(self.find(".choice:has(#any_notes) .choice-detail").as_ref(), &self.words.any(self.split(parsed.amount)));
        let balance = self.find("[name=account]:checked").and_then(|account| account.get_attribute("data-balance"));
        let balance = balance.and_then(|fen| fen.parse().ok()).map(Fen);
        let above = above_balance(parsed.amount, balance);
        let above = above.map(|over| self.words.above_balance.replace("{amount}", &amount(self.language, over)));
        say(self.find("#balance-live").as_ref(), above);
        if judge {
            self.judge(&parsed);
        }
    }

    /// Shows refusals beside their fields.
    fn judge(&self, parsed: &ParsedCashForm) {
        let words = |notes: bool| {
            let mut refusals = parsed.refusals.iter().filter(|refusal| refusal.field().starts_with("notes_") == notes);
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

/// Dispatches an input event, so that this island and the saving one notice a changed count.
fn typed(input: &HtmlInputElement) {
    let told = web_sys::EventInit::new();
    told.set_bubbles(true);
    if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &told) {
        // The result does not matter: the count is set.
        let _ = input.dispatch_event(&event);
    }
}

fn write(place: Option<&Element>, words: &str) {
    if let Some(place) = place {
        place.set_text_content(Some(words));
    }
}

/// Shows a text, or hides the element.
fn say(place: Option<&Element>, words: Option<String>) {
    let Some(place) = place else { return };
    hide(Some(place), words.is_none());
    place.set_text_content(words.as_deref());
}

fn hide(place: Option<&Element>, hidden: bool) {
    // Cannot fail: the attribute name is valid.
    let _ = place.map(|place| place.toggle_attribute_with_force("hidden", hidden));
}

/// Shows a button that needs the script, and handles its clicks for as long as the page lives.
fn pressed(button: &Element, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act);
    if button.add_event_listener_with_callback("click", act.as_ref().unchecked_ref()).is_ok() {
        let _ = button.remove_attribute("hidden");
    }
    act.forget();
}
