//! Where and when: choosing a branch shows its days, choosing a day its slots, with what is left. The branch's days come
//! from the server function `free_slots`; which of them can be chosen is the rules' own reading of them.

use bank::appointments::cash::CashContext;
use bank::kernel::language::{Language, day_short, weekday};
use bank::kernel::time::{Day, day_text, hhmm, parse_day};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::WhenWords;
use crate::appointments::cash::api::free_slots;
use crate::islands::{enclosing_form, pairs};
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout};

/// The fields `branch`, `day` and `slot`.
#[island]
pub fn WhereAndWhen(
    /// The branches in the one order everyone sees.
    branches: Vec<Choice>,
    /// What decides; with the availability of the chosen branch.
    context: CashContext,
    /// The day chosen.
    day: String,
    /// The slot chosen; not called `slot`, which means something else to the view macro.
    time: String,
    /// What is wrong with the three fields.
    errors: Vec<Option<String>>,
    /// The words.
    words: WhenWords,
    /// For days.
    language: Language,
) -> impl IntoView {
    let mut errors = errors.into_iter();
    let mut error = || RwSignal::new(errors.next().flatten());
    let (branch_error, day_error, slot_error) = (error(), error(), error());
    let context = RwSignal::new(context);
    let (day, slot) = (RwSignal::new(day), RwSignal::new(time));
    let branch = RwSignal::new(chosen(&branches));
    let words = StoredValue::new(words);
    let choose = move |name: &str, value: String| match name {
        "branch" if branch.get_untracked() != value => {
            branch.set(value.clone());
            spawn_local(async move {
                // An answer for a branch that is no longer the chosen one is dropped; without one the form goes on alone.
                let Ok(found) = free_slots(value.clone()).await else { return };
                if branch.get_untracked() == value {
                    day_error.set(None);
                    slot_error.set(None);
                    if !can_be_chosen(&found, &day.get_untracked()) {
                        day.set(String::new());
                    }
                    context.set(found);
                }
            });
        }
        "day" if day.get_untracked() != value => {
            slot_error.set(None);
            day.set(value);
        }
        "slot" => slot.set(value),
        _ => {}
    };
    let place = NodeRef::<leptos::html::Div>::new();
    // What was chosen before the script woke, or put back by the browser, counts.
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        for (name, value) in pairs(&form) {
            choose(&name, value);
        }
    });
    let changed = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            choose(&input.name(), input.value());
        }
    };
    let days = move || {
        let words = words.get_value();
        // Only another branch changes the days: choosing one of them must not take the focus from it.
        let choices = context.with(|context| days(context, language, &day.get_untracked(), &words));
        (!choices.is_empty()).then(|| {
            view! {
                <ChoiceGroup
                    legend=words.day
                    name="day"
                    hint=words.hint
                    layout=Layout::Grid
                    choices=choices
                    error=day_error.get()
                />
            }
        })
    };
    let slots = move || {
        let words = words.get_value();
        let chosen = day.with(|day| parse_day(day));
        let choices = chosen.map(|day| context.with(|context| slots(context, day, &slot.get_untracked(), &words)));
        choices.filter(|choices| !choices.is_empty()).map(|choices| {
            view! { <ChoiceGroup legend=words.slot name="slot" layout=Layout::Grid choices=choices error=slot_error.get() /> }
        })
    };
    view! {
        <div class="form" node_ref=place on:change=changed>
            <ChoiceGroup
                legend=words.with_value(|words| words.branch.clone())
                name="branch"
                choices=branches
                error=branch_error.get_untracked()
            />
            {days}
            {slots}
        </div>
    }
}

fn chosen(branches: &[Choice]) -> String {
    branches
        .iter()
        .find(|branch| branch.chosen && branch.closed.is_none())
        .map_or_else(String::new, |branch| branch.value.clone())
}

fn can_be_chosen(context: &CashContext, day: &str) -> bool {
    let offer = parse_day(day).and_then(|day| context.availability.as_ref()?.on(day));
    offer.is_some_and(|offer| offer.open && !offer.is_full(context.limits.minimum) && !context.booked.contains(&offer.day))
}

/// The days of the chosen branch; one that cannot be chosen says why.
fn days(context: &CashContext, language: Language, chosen: &str, words: &WhenWords) -> Vec<Choice> {
    let days = context.availability.iter().flat_map(|availability| &availability.days);
    let choices = days.map(|offer| {
        let value = day_text(offer.day);
        let is_chosen = value == chosen;
        let choice = Choice::new(value, weekday(language, offer.day.weekday())).chosen(is_chosen);
        let date = day_short(language, offer.day);
        let because = |why: &str| format!("{date} {why}");
        if !offer.open {
            choice.closed(because(&words.day_closed))
        } else if context.booked.contains(&offer.day) {
            choice.closed(because(&words.day_taken))
        } else if offer.is_full(context.limits.minimum) {
            choice.closed(because(&words.day_full))
        } else {
            choice.detail(date)
        }
    });
    choices.collect()
}

/// The slots of a day that can be chosen; a slot that cannot be says why.
fn slots(context: &CashContext, day: Day, chosen: &str, words: &WhenWords) -> Vec<Choice> {
    if !can_be_chosen(context, &day_text(day)) {
        return Vec::new();
    }
    let slots = context.availability.iter().filter_map(|availability| availability.on(day)).flat_map(|offer| &offer.slots);
    let choices = slots.map(|offer| {
        let value = hhmm(offer.slot);
        let is_chosen = value == chosen;
        let choice = Choice::new(value.clone(), value).chosen(is_chosen).data("places", offer.places);
        if offer.places <= 0 {
            choice.closed(words.slot_full.clone())
        } else if context.overlap(day, offer.slot).is_some() {
            choice.closed(words.slot_overlap.clone())
        } else {
            choice.detail(words.places.replace("{n}", &offer.places.to_string()))
        }
    });
    choices.collect()
}
