//! Step 1 in the browser: choosing a branch shows its days, choosing a day its slots, with the free places. The days come from
//! the server function `free_slots`; the rules decide which can be chosen.

use bank::appointments::cash::{BrowserContext, CashContext};
use bank::kernel::language::{Language, day_short, weekday};
use bank::kernel::money::Fen;
use bank::kernel::time::{Day, day_text, hhmm, parse_day};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::WhenWords;
use crate::appointments::cash::api::free_slots;
use crate::islands::{enclosing_form, on, pairs};
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout};

/// The fields `day` and `slot`. Placed in the form after the branches.
#[island]
pub fn DayAndSlot(
    /// Data for validation, with the availability of the chosen branch.
    context: BrowserContext,
    /// The amount, if known.
    amount: Option<Fen>,
    branch: String,
    day: String,
    /// The chosen slot. The property cannot be called `slot`, which has another meaning in the view macro.
    time: String,
    /// Error text of the day; may be empty.
    day_error: String,
    /// Error text of the slot; may be empty.
    slot_error: String,
    /// Texts.
    words: WhenWords,
    /// Language of dates.
    language: Language,
) -> impl IntoView {
    let context = RwSignal::new(context);
    let (branch, day, slot) = (RwSignal::new(branch), RwSignal::new(day), RwSignal::new(time));
    let (day_error, slot_error) = (RwSignal::new(day_error), RwSignal::new(slot_error));
    let words = StoredValue::new(words);
    let choose = move |name: &str, value: String| match name {
        "branch" if branch.get_untracked() != value => {
            branch.set(value.clone());
            spawn_local(async move {
                // If the call fails the form works without it; a response for a branch that is no longer chosen is dropped.
                let Ok(found) = free_slots(value.clone(), amount).await else { return };
                if branch.get_untracked() == value {
                    day_error.set(String::new());
                    slot_error.set(String::new());
                    if !can_be_chosen(found.context(), &day.get_untracked()) {
                        day.set(String::new());
                    }
                    context.set(found);
                }
            });
        }
        "day" if day.get_untracked() != value => {
            // Only what is free can be chosen, so nothing is wrong with a choice.
            day_error.set(String::new());
            slot_error.set(String::new());
            day.set(value);
        }
        "slot" if slot.get_untracked() != value => {
            slot_error.set(String::new());
            slot.set(value);
        }
        _ => {}
    };
    let place = NodeRef::<leptos::html::Div>::new();
    // Reads choices made before hydration or restored by the browser.
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        let here = form.clone();
        let read = move || {
            for (name, value) in pairs(&here) {
                choose(&name, value);
            }
        };
        read();
        on(&form, "change", read);
    });
    let days = move || {
        let words = words.get_value();
        // The days change only with the branch: a change on choosing a day would move the focus.
        let choices = context.with(|context| days(context.context(), language, &day.get_untracked(), &words));
        let hint = context.with(|context| words.hint(language, context.context()));
        let error = day_error.get();
        (!choices.is_empty()).then(|| {
            view! {
                <ChoiceGroup legend=words.day name="day" hint=hint layout=Layout::Grid choices=choices error=error />
            }
        })
    };
    let slots = move || {
        let words = words.get_value();
        let chosen = day.with(|day| parse_day(day));
        let choices = chosen.map(|day| context.with(|context| slots(context.context(), day, &slot.get_untracked(), &words)));
        let error = slot_error.get();
        choices.filter(|choices| !choices.is_empty()).map(|choices| {
            view! { <ChoiceGroup legend=words.slot name="slot" layout=Layout::Grid choices=choices error=error /> }
        })
    };
    view! {
        <div class="form" node_ref=place>
            {days}
            {slots}
        </div>
    }
}

fn can_be_chosen(context: &CashContext, day: &str) -> bool {
    let offer = parse_day(day).and_then(|day| context.availability.as_ref()?.on(day));
    offer.is_some_and(|offer| offer.open && !offer.is_full(context.limits.minimum) && !context.booked.contains(&offer.day))
}

/// The days of the chosen branch; a day that cannot be chosen shows the reason.
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

/// The slots of a day that can be chosen; a slot that cannot be chosen shows the reason.
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
